"""Numbers that change after their release: old, new, and parts by cause that add up to it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.defs.house import House
from pipelines.warehouse import release
from pipelines.warehouse.catalog import Catalog
from pipelines.warehouse.catalog.header import HeaderColumn
from pipelines.warehouse.restatements import ERASURE
from tests.events import clicked, event, viewed
from tests.warehouse.acts import decided, line, local, paid, placed
from tests.warehouse.literal_files import days
from tests.warehouse.nightly import deliver, house, night, read

DAY = "2026-08-03"
NOON = local(f"{DAY} 12:00:00")
LATER = local("2026-08-06 09:00:00")
CLICKS = [clicked(f"k{n}", local(f"{DAY} 12:0{n}:00"), ip=f"203.0.113.{n}") for n in range(3)]
TABLES = ("gold.brand_daily", "gold.ad_daily", "gold.restatements")
pytestmark = pytest.mark.usefixtures("without_audits")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A day with a view, a paid order and three clicks, which readers have seen."""
    meadow = house(tmp_path_factory.mktemp("released"), tables=TABLES)
    deliver(
        meadow,
        viewed("v1", NOON),
        placed("o1", NOON, line(price=1000)),
        paid("o1", NOON, placed_at=NOON),
        *CLICKS,
        viewed("v2", LATER),
    )
    night(meadow)
    meadow.platform.dispose()
    return meadow


@pytest.fixture
def meadow(released: House, tmp_path: Path) -> Iterator[House]:
    shutil.copytree(released.settings.home, tmp_path / "var")
    copy = house(tmp_path / "var", tables=TABLES)
    yield copy
    copy.platform.dispose()


def refunded(order: str, amount: int) -> dict[str, Any]:
    return event(
        "order.refunded",
        f"{order}-refunded",
        LATER,
        refund_id=f"{order}-refund",
        order_id=order,
        placed_at=NOON,
        amount_minor=amount,
        currency="CNY",
        reason="broken",
    )


def overturned(decision: str) -> dict[str, Any]:
    """The decision that an appeal led to."""
    return event(
        "moderation.overturned",
        f"{decision}-overturns",
        LATER,
        source="platform",
        case_id="case-1",
        appeal_id="a1",
        decision_id=decision,
        overturned_decision_id="d1",
    )


def restated(meadow: House, mart: str, metric: str) -> list[tuple[Any, ...]]:
    return read(
        meadow,
        "SELECT old_value, new_value, cause, change FROM gold.restatements "
        "WHERE mart = $mart AND metric = $metric AND item NOT LIKE 'placement%' "
        "AND (item = '' OR item LIKE 'campaign%') AND stated_for = CAST($day AS DATE) "
        "ORDER BY release, cause",
        mart=mart,
        metric=metric,
        day=DAY,
    )


def test_a_first_release_and_a_night_without_news_restate_nothing(meadow: House) -> None:
    night(meadow, "r2")
    assert read(meadow, "SELECT * FROM gold.restatements") == []


def test_a_day_that_had_not_been_released_is_no_restatement(meadow: House) -> None:
    deliver(meadow, viewed("v3", local("2026-08-07 09:00:00")))
    night(meadow, "r2")
    assert read(meadow, "SELECT * FROM gold.restatements") == []


def test_late_events_are_late_data(meadow: House) -> None:
    deliver(meadow, viewed("late", NOON, actor="bob"))
    night(meadow, "r2")
    assert restated(meadow, "gold.brand_daily", "product_views") == [(1, 2, "late_data", 1)]
    assert restated(meadow, "gold.brand_daily", "orders") == []


def test_a_refund_of_a_late_order_is_told_from_the_order(meadow: House) -> None:
    deliver(
        meadow,
        placed("o2", NOON, line(price=700)),
        paid("o2", NOON, placed_at=NOON),
        refunded("o1", 400),
    )
    night(meadow, "r2")
    assert restated(meadow, "gold.brand_daily", "gmv_minor") == [(1000, 1700, "late_data", 700)]
    assert restated(meadow, "gold.brand_daily", "refunds_minor") == [(0, 400, "refund", 400)]


def test_late_data_and_a_verdict_in_one_night_are_two_parts(meadow: House) -> None:
    late = clicked("late", local(f"{DAY} 18:00:00"), ip="203.0.113.99")
    decision = decided("d1", LATER, "confirmed", CLICKS[0], CLICKS[1], days=[DAY])
    deliver(meadow, late, decision)
    night(meadow, "r2")
    assert restated(meadow, "gold.ad_daily", "ad_clicks") == [(3, 4, "late_data", 1)]
    assert restated(meadow, "gold.ad_daily", "ad_clicks_net") == [
        (3, 2, "late_data", 1),
        (3, 2, "verdict", -2),
    ]


def test_what_an_appeal_gives_back_is_told_from_new_verdicts(meadow: House) -> None:
    deliver(meadow, decided("d1", LATER, "confirmed", CLICKS[0], days=[DAY]))
    night(meadow, "r2")
    again = decided("d2", LATER, "dismissed", CLICKS[0], days=[DAY], version=2)
    other = decided("d3", LATER, "confirmed", CLICKS[1], CLICKS[2], days=[DAY], case="case-2")
    deliver(meadow, again, overturned("d2"), other)
    night(meadow, "r3")
    assert restated(meadow, "gold.ad_daily", "ad_clicks_net") == [
        (3, 2, "verdict", -1),
        (2, 1, "appeal", 1),
        (2, 1, "verdict", -2),
    ]


def test_a_release_that_was_not_made_leaves_no_restatement_twice(
    meadow: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(meadow, viewed("late", NOON, actor="bob"))
    with monkeypatch.context() as patch:
        patch.setattr(release, "publish", dies)
        with pytest.raises(InterruptedError):
            night(meadow, "r2")
    deliver(meadow, viewed("later", NOON, actor="cat"))
    night(meadow, "r3")
    assert restated(meadow, "gold.brand_daily", "product_views") == [(1, 3, "late_data", 2)]


def dies(*_: object, **__: object) -> None:
    raise InterruptedError


def test_another_definition_explains_all_of_the_change(meadow: House) -> None:
    deliver(meadow, viewed("late", NOON, actor="bob"))
    brand_daily = meadow.catalog["gold.brand_daily"]
    doubled = brand_daily.sql.replace(
        "  product_views,\n", "  2 * product_views AS product_views,\n", 1
    )
    models = {**meadow.catalog.models, brand_daily.name: replace(brand_daily, sql=doubled)}
    vars(meadow)["catalog"] = Catalog(models)
    night(meadow, "r2")
    assert restated(meadow, "gold.brand_daily", "product_views") == [(1, 4, "definition", 3)]


def test_a_number_that_is_new_restates_nothing(meadow: House) -> None:
    brand_daily = meadow.catalog["gold.brand_daily"]
    header = brand_daily.header
    looks = HeaderColumn(name="looks", meaning="any [count]", unit="count")
    with_looks = replace(
        brand_daily,
        header=header.model_copy(update={"columns": [*header.columns, looks]}),
        sql=f"SELECT *, 7 AS looks FROM (\n{brand_daily.sql}\n)",
    )
    vars(meadow)["catalog"] = Catalog({**meadow.catalog.models, with_looks.name: with_looks})
    night(meadow, "r2")
    assert read(meadow, "SELECT DISTINCT looks FROM gold.brand_daily") == [(7,)]
    assert restated(meadow, "gold.brand_daily", "looks") == []


def test_what_an_erasure_alone_has_emptied_is_its_own_cause(meadow: House) -> None:
    views = meadow.catalog["silver.product_views"]
    emptied = replace(views, sql=f"{views.sql} AND false")
    vars(emptied)["hash"] = views.hash  # the rows have changed, what they mean has not
    with meadow.begin_run(ERASURE) as run:
        run.bring_up_to_date(emptied, days(3, 3), again=True)
    night(meadow, "r2")
    assert restated(meadow, "gold.brand_daily", "product_views") == [(1, 0, "erasure", -1)]
