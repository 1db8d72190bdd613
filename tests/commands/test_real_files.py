"""On the real files every number equals one made with the csv module alone."""

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from models.cases import RANDOM
from pipelines.defs.house import House
from pipelines.defs.status import status
from pipelines.sources.registry import find_source
from pipelines.sources.replay import replay
from platform_core.moderation import queue
from platform_core.settings import Settings
from tests.crashes.day import NOW, SmallHouse, run_batch
from tests.ingest.reading import rows
from tests.meadow import Command

Row = dict[str, str | None]
SHANGHAI = timedelta(hours=8)
SHOP = Path("rees46") / "2019-Oct_sample.csv.gz"
CLICKS = Path("talkingdata") / "train_sample.csv.gz"
BRANDS = """
SELECT event_date, brand_id, product_views, visitors, cart_adds, orders, buyers, gmv_minor
FROM gold.brand_daily
"""
CAMPAIGNS = """
SELECT event_date, campaign_id, ad_clicks, ad_clicks_pending, conversions, conversions_pending,
  ad_clicks_givt + ad_clicks_sivt + conversions_givt + conversions_sivt AS effective
FROM gold.campaign_daily
"""


def of(path: Path) -> list[Row]:
    """The file's rows."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def demo(
    quick: Command, real_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The house after `meadow demo` of the shop, into which the ad clicks were replayed before."""
    home = tmp_path_factory.mktemp("real")
    clicks = quick(home, "replay", "talkingdata", real_data / CLICKS)
    assert (clicks.status, clicks.errors) == (0, "")
    words = ("demo", "--no-serve", "--source", "rees46", "--data", real_data / SHOP)
    said = quick(home, *words, timezone="Asia/Shanghai")
    assert (said.status, said.errors) == (0, "")
    assert "reviewer@demo" in said.output
    house = House(Settings(home=home, timezone="Asia/Shanghai", _env_file=None))
    yield house
    house.platform.dispose()


def test_every_brands_days_are_those_of_the_file(demo: House, real_data: Path) -> None:
    found = {(row.pop("event_date"), row.pop("brand_id")): row for row in rows(demo, BRANDS)}
    expected = brand_days(of(real_data / SHOP))
    assert found == expected
    assert sum(day["product_views"] for day in expected.values()) == 17_056
    assert sum(day["product_views"] for (_, b), day in expected.items() if b == "(unknown)") > 0
    assert_every_line_is_accounted_for(demo, "rees46")


def brand_days(shop: list[Row]) -> dict[tuple[date, str], dict[str, Any]]:
    """What the file says of each brand and Shanghai day; a purchase is an order of its own."""
    days: dict[tuple[date, str], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in shop:
        at = datetime.strptime(row["event_time"] or "", "%Y-%m-%d %H:%M:%S UTC")
        brand = row["brand"] or "(unknown)"
        days[(at + SHANGHAI).date(), brand][row["event_type"] or ""].append(row)
    return {
        key: {
            "product_views": len(acts["view"]),
            "visitors": len({row["user_id"] for row in acts["view"]}),
            "cart_adds": len(acts["cart"]),
            "orders": len(acts["purchase"]),
            "buyers": len({row["user_id"] for row in acts["purchase"]}),
            "gmv_minor": sum(round(float(row["price"] or "") * 100) for row in acts["purchase"]),
        }
        for key, acts in days.items()
    }


def test_every_campaigns_days_are_those_of_the_file(demo: House, real_data: Path) -> None:
    assert_campaigns_are_those_of(real_data / CLICKS, demo, SHANGHAI)


def test_a_lake_that_reports_in_utc_has_the_same_clicks_on_other_days(
    real_data: Path, tmp_path: Path
) -> None:
    path = real_data / CLICKS
    house = SmallHouse(Settings(home=tmp_path, timezone="UTC", _env_file=None))
    replay(find_source("talkingdata"), path, house.settings.landing, closed_on=NOW.date())
    run_batch(house)
    assert_campaigns_are_those_of(path, house, timedelta(0))
    house.platform.dispose()


def assert_campaigns_are_those_of(path: Path, house: House, offset: timedelta) -> None:
    clicks = of(path)
    pending = impossible_repeats(clicks)
    assert len(pending) == 155
    assert {row["is_attributed"] for row in pending} == {"0"}
    found = {(row.pop("event_date"), row.pop("campaign_id")): row for row in rows(house, CAMPAIGNS)}
    assert found == campaign_days(clicks, pending, offset)
    assert_every_line_is_accounted_for(house, "talkingdata")
    opened = [case for case in queue(house.platform, limit=1_000) if case.detector != RANDOM]
    assert sum(case.subject_count for case in opened) == 155
    assert len(opened) == len({actor(row) for row in pending})


def campaign_days(
    clicks: list[Row], pending: list[Row], offset: timedelta
) -> dict[tuple[date, str], dict[str, int]]:
    """What the file says of each campaign and local day of its clicks."""

    def key(row: Row) -> tuple[date, str]:
        local = datetime.fromisoformat(row["click_time"] or "") + offset
        return local.date(), row["app"] or ""

    gross, waiting = Counter(map(key, clicks)), Counter(map(key, pending))
    installs = Counter(key(row) for row in clicks if row["is_attributed"] == "1")
    return {
        day: {
            "ad_clicks": gross[day],
            "ad_clicks_pending": waiting[day],
            "conversions": installs[day],
            "conversions_pending": 0,
            "effective": 0,
        }
        for day in gross
    }


def impossible_repeats(clicks: list[Row]) -> list[Row]:
    """Clicks by an actor on a campaign at most ten minutes after the actor's click before."""
    by_actor: dict[tuple[str | None, ...], list[tuple[datetime, int, Row]]] = defaultdict(list)
    for line, row in enumerate(clicks):
        at = datetime.fromisoformat(row["click_time"] or "")
        by_actor[actor(row)].append((at, line, row))
    return [
        later[2]
        for acts in by_actor.values()
        for earlier, later in pairwise(sorted(acts, key=lambda act: act[:2]))
        if later[0] - earlier[0] <= timedelta(minutes=10)
    ]


def actor(row: Row) -> tuple[str | None, ...]:
    return row["ip"], row["device"], row["os"], row["app"]


def assert_every_line_is_accounted_for(house: House, name: str) -> None:
    [source] = [s for s in status(house).sources if s["source"] == name]
    parts = ("accepted", "duplicates", "quarantined")
    assert source["landed"] == sum(source[part] for part in parts)
    assert (source["duplicates"], source["quarantined"], source["waiting_segments"]) == (0, 0, 0)
