"""What the weekly upkeep lets go, and that neither readers nor the next run notice."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.defs.house import House
from pipelines.warehouse import release
from pipelines.warehouse.ingest.quarantine import waiting
from pipelines.warehouse.lake import upkeep
from pipelines.warehouse.upkeep import vacuum as vacuum_module
from pipelines.warehouse.upkeep.retention import Retention, retention
from pipelines.warehouse.upkeep.vacuum import Vacuum, Vacuumed
from platform_core.boundaries import UPKEEP
from platform_core.landing import append_segment, last_sequence
from tests.events import CLOSED_ON, viewed
from tests.warehouse.acts import carted, local, placed
from tests.warehouse.nightly import contents, deliver, house, night, read

EVENTS = "bronze.events"
TABLES = ["gold.brand_daily", "gold.product_funnel_daily", "gold.recommendations"]
SOON = datetime(2026, 9, 2, tzinfo=UTC)
LATER = SOON + timedelta(days=60)
pytestmark = pytest.mark.usefixtures("without_audits")


class PowerFailure(BaseException):
    """As if the process had died here."""


def vacuum(meadow: House, now: datetime = SOON, **changes: int) -> Vacuumed:
    rules = Retention.model_validate(retention().model_dump(by_alias=True) | changes)
    return Vacuum(meadow.lake, meadow.catalog, meadow.settings, meadow.platform, rules).run(now)


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Three nights, each with two deliveries for the same days, and one broken line."""
    meadow = house(tmp_path_factory.mktemp("settled"), tables=TABLES)
    append_segment(meadow.settings.landing, "shop", CLOSED_ON, [b"broken\n"])
    for n in range(3):
        for part in "ab":
            deliver(
                meadow,
                viewed(f"v{n}{part}", local(f"2026-08-0{n + 1} 12:00:00")),
                carted(f"c{n}{part}", local("2026-08-02 13:00:00")),
                placed(f"o{n}{part}", local("2026-08-02 14:00:00")),
            )
            meadow.ingest().all_sources()
        night(meadow, f"night {n}")
    meadow.platform.dispose()
    return meadow


@pytest.fixture
def meadow(settled: House, tmp_path: Path) -> Iterator[House]:
    shutil.copytree(settled.settings.home, tmp_path / "var")
    copy = house(tmp_path / "var", tables=TABLES)
    yield copy
    copy.platform.dispose()


def files(meadow: House, table: str) -> int:
    return sum("_delta_log" not in p.parts for p in meadow.lake.path(table).rglob("*.parquet"))


def test_small_files_become_one_and_nothing_is_stale(meadow: House) -> None:
    before = contents(meadow)
    done = vacuum(meadow)
    assert done.compacted > 0
    assert len(meadow.lake.pin(EVENTS).files) == len(meadow.lake.pin(EVENTS).days())
    with meadow.begin_run("after") as run:
        assert [m.name for m in meadow.catalog.computed if run.stale(m)] == []
    assert contents(meadow) == before


def test_after_upkeep_late_events_restate_their_day_only(meadow: House) -> None:
    vacuum(meadow, releases=1)
    deliver(meadow, viewed("late", local("2026-08-01 15:00:00")))
    published = {(p.table, str(p.window)) for p in night(meadow)}
    assert ("silver.product_views", "2026-08-01..2026-08-01") in published
    assert not [table for table, _ in published if table == "silver.orders"]
    assert read(meadow, "SELECT count(*) FROM silver.product_views") == [(7,)]


def test_the_newest_releases_stay_readable_and_older_ones_go(meadow: House) -> None:
    before, held = contents(meadow), files(meadow, "silver.cart_adds")
    done = vacuum(meadow, releases=1)
    assert done.releases == 2
    assert release.numbers(meadow.lake.root) == [3]
    assert contents(meadow) == before
    assert files(meadow, "silver.cart_adds") < held


def test_orphans_and_what_dead_runs_staged_are_swept(meadow: House) -> None:
    folder = meadow.lake.path(EVENTS)
    orphan = folder / "utc_date=2026-08-01" / "orphan.parquet"
    shutil.copy(next(p for p in folder.rglob("*.parquet") if "_delta_log" not in p.parts), orphan)
    (folder / "_staging" / "dead").mkdir(parents=True)
    vacuum(meadow)
    assert not orphan.exists()
    assert not (folder / "_staging").exists()


def test_raw_lines_go_when_they_are_old_and_ingest_goes_on(meadow: House) -> None:
    landing, keys = meadow.settings.landing, meadow.keys
    last = last_sequence(landing, "shop")
    done = vacuum(meadow, LATER)
    assert (done.segments, done.payloads) == (last - 1, 1)
    assert last_sequence(landing, "shop") == last
    assert [p.stat().st_size for p in landing.rglob("*.jsonl")] == [0]
    assert list(waiting(meadow.lake, meadow.settings, keys.quarantine)) == []
    assert meadow.lake.pin("bronze.quarantine").rows == 1
    deliver(meadow, viewed("next", local("2026-08-04 12:00:00")))
    night(meadow)
    assert read(meadow, "SELECT count(*) FROM silver.product_views") == [(7,)]


def test_what_is_not_ingested_yet_stays(meadow: House) -> None:
    deliver(meadow, viewed("waits", local("2026-08-04 12:00:00")))
    vacuum(meadow, LATER)
    assert sum(meadow.ingest().waiting().values()) == 1
    night(meadow)
    assert read(meadow, "SELECT count(*) FROM silver.product_views") == [(7,)]


def test_days_older_than_bronze_are_never_computed_from_what_is_gone(meadow: House) -> None:
    before = contents(meadow)
    vacuum(meadow, **{"bronze.events": 1})
    assert meadow.lake.pin(EVENTS).rows < 18
    with meadow.begin_run("after") as run:
        assert [m.name for m in meadow.catalog.computed if run.stale(m)] == []
    deliver(meadow, viewed("far too late", local("2026-08-01 12:30:00")))
    night(meadow)
    assert contents(meadow) == before


@pytest.mark.parametrize("boundary", UPKEEP[:3])
def test_an_upkeep_killed_in_the_middle_is_finished_by_the_next(
    boundary: str, meadow: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(name: str) -> None:
        if name == boundary:
            raise PowerFailure

    before = contents(meadow)
    rules = {"bronze.events": 1, "compact_from": 2}
    for module in (upkeep, vacuum_module):
        monkeypatch.setattr(module, "reach", die)
    with pytest.raises(PowerFailure):
        vacuum(meadow, **rules)
    monkeypatch.undo()
    vacuum(meadow, **rules)
    assert vacuum(meadow, **rules) == Vacuumed(0, 0, 0, 0, 0, 0, 0, 0)
    with meadow.begin_run("after") as run:
        assert [m.name for m in meadow.catalog.computed if run.stale(m)] == []
    assert contents(meadow) == before


def test_upkeep_twice_is_upkeep_once(meadow: House) -> None:
    vacuum(meadow, LATER)
    again = vacuum(meadow, LATER)
    assert again == Vacuumed(0, 0, 0, 0, 0, 0, 0, 0)
