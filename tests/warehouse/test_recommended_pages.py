"""From what people did on the platform, through a night, back to a page of the feed."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines.defs.house import House
from pipelines.warehouse.recommendations import publish_recommendations
from platform_core.feed import Ranker, published_recommendations
from tests.platform_core.pages import request, serve, shown
from tests.platform_core.press import NOW, Press
from tests.warehouse.nightly import house, newest, night

NEXT_DAY = datetime(2026, 1, 6, tzinfo=UTC)


@pytest.fixture
def meadow(tmp_path: Path, without_audits: None) -> House:
    return house(tmp_path / "var", tables=["gold.recommendations"])


def publish(meadow: House) -> int:
    meadow.relay(NEXT_DAY)
    night(meadow)
    return publish_recommendations(newest(meadow), meadow.settings)


def test_what_alike_people_collect_stands_on_the_next_page(meadow: House) -> None:
    press = Press(meadow.platform)
    known, unknown = press.note(topics=["咖啡"]), press.note(topics=["冷门"], hours_ago=700)
    press.act("collect", known, *(alike := [press.person() for _ in range(3)]))
    press.act("collect", unknown, *alike)
    reader, stranger = press.person("咖啡"), press.person("咖啡")
    press.act("like", known, reader)
    assert publish(meadow) == 1

    published = published_recommendations(meadow.settings.home, meadow.platform)
    ranker = Ranker.load(meadow.platform, now=NOW, recommendations=published)
    cards = serve(press, request(reader), request(stranger), request(None), ranker=ranker)
    recommended = cards.filter(pl.col("slot") == "recommended")
    assert recommended.select("request_id", "item_id").rows() == [("request_0", unknown)]
    assert "recommended" not in shown(cards, request_id="request_1")
    meadow.platform.dispose()


def test_a_publication_replaces_the_one_before_in_one_step(meadow: House) -> None:
    press = Press(meadow.platform)
    first, second = press.note(), press.note()
    press.act("collect", first, *(alike := [press.person(), press.person()]))
    press.act("collect", second, alike[0])
    assert publish(meadow) == 1
    press.act("collect", second, alike[1])
    assert publish(meadow) == 0
    folder = meadow.settings.home / "published"
    assert [path.name for path in folder.iterdir()] == ["recommendations.parquet"]
    assert pl.read_parquet(folder / "recommendations.parquet").is_empty()
    meadow.platform.dispose()
