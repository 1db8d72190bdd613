"""What a run computes: all of it once, then only what late events, decisions or a changed
definition touch."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.defs.house import House
from pipelines.warehouse import run
from pipelines.warehouse.catalog import Catalog
from pipelines.warehouse.run import Published
from tests.events import clicked, viewed
from tests.warehouse.acts import carted, decided, local, paid, placed
from tests.warehouse.literal_files import days
from tests.warehouse.nightly import NOW, deliver, hashes, house, newest, night, read

ORDERED_AT = local("2026-08-03 12:00:00")
REPEAT = clicked("k2", local("2026-08-02 12:01:00"))
HISTORY = (
    *(viewed(f"v{n}", local(f"2026-08-0{n} 12:00:00")) for n in range(1, 7)),
    carted("a1", local("2026-08-02 12:00:00")),
    placed("o1", ORDERED_AT),
    clicked("k1", local("2026-08-02 12:00:00")),
    REPEAT,
    clicked("k3", local("2026-08-06 12:00:00")),
)
pytestmark = pytest.mark.usefixtures("without_audits")

TABLES = (
    "gold.brand_daily",
    "gold.brand_funnel_daily",
    "gold.campaign_daily",
    "gold.product_funnel_daily",
    "silver.brands",
    "silver.products",
    "silver.sessions",
)
WATCHED = {
    *TABLES,
    "silver.ad_clicks",
    "silver.cart_adds",
    "silver.moderation_verdicts",
    "silver.order_lines",
    "silver.orders",
    "silver.product_views",
    "silver.refund_lines",
    "features.click_velocity",
    "risk.click_verdicts",
    "risk.order_standings",
    "risk.order_verdicts",
    "gold.ad_daily",
}
"""Marts and what they are made from, without what only detectors read."""
SEVENTH = viewed("v7", local("2026-08-07 12:00:00"))


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, list[Published]]:
    """Six days of August after their first night; tests change copies of it only."""
    meadow = house(tmp_path_factory.mktemp("settled"), tables=TABLES)
    deliver(meadow, *HISTORY)
    published = night(meadow)
    meadow.platform.dispose()
    return meadow, published


@pytest.fixture
def meadow(settled: tuple[House, list[Published]], tmp_path: Path) -> Iterator[House]:
    """A copy of the settled house."""
    shutil.copytree(settled[0].settings.home, tmp_path / "var")
    copy = house(tmp_path / "var", tables=TABLES)
    yield copy
    copy.platform.dispose()


def windows(published: Iterable[Published]) -> dict[str, list[str]]:
    """Days of August that were published of each watched table, as ``from-to``."""
    found: dict[str, list[str]] = {}
    for done in published:
        if done.table not in WATCHED:
            continue
        span = f"{done.window.from_date.day}-{done.window.to_date.day}" if done.window else "whole"
        found.setdefault(done.table, []).append(span)
    return found


def test_the_first_night_computes_the_days_on_which_something_happened(
    settled: tuple[House, list[Published]],
) -> None:
    assert windows(settled[1]) == {
        "silver.ad_clicks": ["2-6"],
        "silver.brands": ["whole"],
        "silver.cart_adds": ["2-2"],
        "silver.order_lines": ["3-3"],
        "silver.orders": ["3-3"],
        "silver.product_views": ["1-6"],
        "silver.products": ["whole"],
        "silver.refund_lines": ["3-3"],
        "silver.sessions": ["31-6"],
        "features.click_velocity": ["2-6"],
        "risk.click_verdicts": ["2-6"],
        "risk.order_standings": ["3-3"],
        "risk.order_verdicts": ["3-3"],
        "gold.brand_daily": ["1-6"],
        "gold.brand_funnel_daily": ["1-6"],
        "gold.ad_daily": ["2-6"],
        "gold.campaign_daily": ["2-6"],
        "gold.product_funnel_daily": ["1-6"],
    }


def test_a_second_night_publishes_nothing(meadow: House) -> None:
    before, rows = newest(meadow), hashes(meadow)
    assert night(meadow, "r2") == []
    assert (newest(meadow), hashes(meadow)) == (before, rows)


def test_the_batch_run_again_leaves_every_tables_rows_the_same(meadow: House) -> None:
    before, rows = newest(meadow), hashes(meadow)
    night(meadow, "r2", again=days(1, 6))
    assert hashes(meadow) == rows
    assert newest(meadow).tables["gold.brand_daily"] > before.tables["gold.brand_daily"]


def test_a_segment_delivered_twice_changes_no_row(meadow: House) -> None:
    rows = hashes(meadow)
    deliver(meadow, *HISTORY)
    night(meadow, "r2")
    assert hashes(meadow) == rows


def test_a_late_view_recomputes_its_day_and_what_looks_back_at_it(meadow: House) -> None:
    deliver(meadow, viewed("late", local("2026-08-02 13:00:00"), actor="bob"))
    assert windows(night(meadow, "r2")) == {
        "silver.product_views": ["2-2"],
        "silver.sessions": ["1-3"],
        "gold.brand_daily": ["2-2"],
        "gold.brand_funnel_daily": ["2-6"],
        "gold.product_funnel_daily": ["2-2"],
    }


def test_a_late_click_recomputes_the_day_after_for_repeats_across_midnight(meadow: House) -> None:
    deliver(meadow, clicked("late", local("2026-08-05 23:55:00")))
    assert windows(night(meadow, "r2")) == {
        "silver.ad_clicks": ["5-5"],
        "features.click_velocity": ["5-6"],
        "risk.click_verdicts": ["5-5"],
        "gold.ad_daily": ["5-5"],
        "gold.campaign_daily": ["5-5"],
    }


def test_a_payment_restates_the_day_of_its_order(meadow: House) -> None:
    deliver(meadow, paid("o1", local("2026-08-06 09:00:00"), placed_at=ORDERED_AT))
    published = windows(night(meadow, "r2"))
    assert published == {
        "silver.orders": ["3-3"],
        "silver.sessions": ["2-4"],
        "risk.order_standings": ["3-3"],
        "risk.order_verdicts": ["3-3"],
        "gold.brand_daily": ["3-3"],
        "gold.brand_funnel_daily": ["3-6"],
        "gold.product_funnel_daily": ["3-3"],
    }
    assert read(meadow, "SELECT orders FROM gold.brand_daily WHERE orders > 0") == [(1,)]


def test_a_decision_restates_the_days_of_its_subjects_only(meadow: House) -> None:
    decision = decided("d1", local("2026-08-06 18:00:00"), "confirmed", REPEAT, days=["2026-08-02"])
    deliver(meadow, decision)
    assert windows(night(meadow, "r2")) == {
        "silver.moderation_verdicts": ["6-6"],
        "risk.click_verdicts": ["2-2"],
        "gold.ad_daily": ["2-2"],
        "gold.campaign_daily": ["2-2"],
    }


def test_a_new_day_extends_trailing_periods_to_it(meadow: House) -> None:
    deliver(meadow, SEVENTH)
    published = windows(night(meadow, "r2"))
    assert published["gold.brand_funnel_daily"] == ["7-7"]
    assert published["gold.brand_daily"] == ["7-7"]


def changed(catalog: Catalog, name: str, **header: str) -> Catalog:
    model = catalog[name]
    other = replace(model, header=model.header.model_copy(update=header))
    return Catalog({**catalog.models, name: other})


def night_with(meadow: House, catalog: Catalog, run_id: str) -> dict[str, list[str]]:
    with run.begin(meadow.lake, catalog, meadow.settings, run_id) as begun:
        return windows(p for m in catalog.computed for p in begun.bring_up_to_date(m))


def test_a_changed_definition_recomputes_its_table(meadow: House) -> None:
    other = changed(meadow.catalog, "gold.brand_daily", notes="means something else now")
    assert night_with(meadow, other, "r2") == {"gold.brand_daily": ["1-6"]}
    assert night_with(meadow, other, "r3") == {}


def test_a_definition_that_is_taken_back_recomputes_its_table_too(meadow: House) -> None:
    other = changed(meadow.catalog, "gold.brand_daily", notes="means something else now")
    night_with(meadow, other, "r2")
    assert night_with(meadow, meadow.catalog, "r3") == {"gold.brand_daily": ["1-6"]}


def test_days_that_only_another_definition_filled_are_computed_again(meadow: House) -> None:
    sessions = meadow.catalog["silver.sessions"]
    narrow = replace(sessions, header=sessions.header.model_copy(update={"lookback": 0}))
    other = Catalog({**meadow.catalog.models, sessions.name: narrow})
    with run.begin(meadow.lake, other, meadow.settings, "r2") as begun:
        stale = begun.stale(narrow).days
    assert stale >= meadow.lake.pin(sessions.name).days()


def test_a_run_that_died_between_two_commits_is_finished_by_the_next(meadow: House) -> None:
    deliver(meadow, viewed("late", local("2026-08-02 13:00:00"), actor="bob"), SEVENTH)
    undisturbed = house(
        meadow.settings.home.parent / "undisturbed", meadow.settings.platform_url, TABLES
    )
    shutil.copytree(meadow.settings.lake, undisturbed.settings.lake)
    shutil.copytree(meadow.settings.landing, undisturbed.settings.landing)
    night(undisturbed, "r2")
    meadow.ingest().all_sources()
    with meadow.begin_run("died") as begun:
        views, daily = (meadow.catalog[n] for n in ("silver.product_views", "gold.brand_daily"))
        begun.bring_up_to_date(views, days(2, 2))
        begun.bring_up_to_date(daily, days(2, 2))
    night(meadow, "r3")
    assert hashes(meadow) == hashes(undisturbed)


def test_a_run_of_some_days_leaves_the_others_stale(meadow: House) -> None:
    deliver(meadow, viewed("late", local("2026-08-02 13:00:00")), SEVENTH)
    meadow.ingest().all_sources()
    views = meadow.catalog["silver.product_views"]
    with meadow.begin_run("r2") as begun:
        assert windows(begun.bring_up_to_date(views, days(7, 7))) == {views.name: ["7-7"]}
    with meadow.begin_run("r3") as begun:
        assert windows(begun.bring_up_to_date(views)) == {views.name: ["2-7"]}
        begun.release(NOW)
