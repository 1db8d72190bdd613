"""Whatever is delivered, and however often, each event counts once."""

import gzip
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipelines.defs.house import House
from pipelines.warehouse.ingest.ingest import IngestReport, TooManyBadLines
from pipelines.warehouse.ingest.quarantine import waiting
from platform_core.landing import LandingError, append_segment
from platform_core.settings import Settings
from tests.events import CLOSED_ON, event, land, lines, viewed
from tests.ingest.reading import rows

TIME = "2026-08-30T10:00:00Z"
COUNTED = """
SELECT event_id, segment, line, utc_date FROM bronze.events
WHERE NOT is_duplicate ORDER BY event_id
"""


def ingest(house: House) -> IngestReport:
    return house.ingest().all_sources()["shop"]


def test_ingesting_again_finds_nothing_new(meadow: House) -> None:
    land(meadow.settings.landing, viewed("v1", TIME), b"broken")
    assert ingest(meadow) == IngestReport(1, lines=2, accepted=1, quarantined=1)
    before = rows(meadow, "SELECT * FROM bronze.events")
    assert ingest(meadow) == IngestReport()
    assert rows(meadow, "SELECT * FROM bronze.events") == before


def test_a_segment_delivered_twice_changes_nothing_but_duplicates(meadow: House) -> None:
    first = [viewed("v1", TIME), viewed("v2", TIME), viewed("v1", TIME)]
    land(meadow.settings.landing, *first)
    assert ingest(meadow) == IngestReport(1, lines=3, accepted=2, duplicates=1)
    counted = rows(meadow, COUNTED)
    land(meadow.settings.landing, *first)
    assert ingest(meadow) == IngestReport(1, lines=3, duplicates=3)
    assert rows(meadow, COUNTED) == counted


def test_a_segment_delivered_twice_before_the_first_ingest_counts_once(meadow: House) -> None:
    for _ in range(2):
        land(meadow.settings.landing, viewed("v1", TIME), viewed("v2", TIME))
    assert ingest(meadow) == IngestReport(2, lines=4, accepted=2, duplicates=2)
    assert [row["segment"] for row in rows(meadow, COUNTED)] == [1, 1]


@pytest.mark.parametrize("at_once", [True, False])
def test_of_copies_on_different_days_the_one_that_landed_first_stays(
    meadow: House, at_once: bool
) -> None:
    for day in ("2026-08-30", "2026-08-29", "2026-08-31"):
        land(meadow.settings.landing, viewed("v1", f"{day}T10:00:00Z"))
        if not at_once:
            ingest(meadow)
    ingest(meadow)
    assert rows(meadow, COUNTED) == [
        {"event_id": "v1", "segment": 1, "line": 1, "utc_date": date(2026, 8, 30)}
    ]


def test_the_same_id_of_two_sources_is_two_events(meadow: House) -> None:
    for source in ("shop", "app"):
        land(meadow.settings.landing, viewed("v1", TIME, source=source), source=source)
    meadow.ingest().all_sources()
    assert len(rows(meadow, COUNTED)) == 2


def test_a_broken_copy_does_not_stand_in_for_the_right_one(meadow: House) -> None:
    land(meadow.settings.landing, viewed("v1", TIME, price_minor=-1), viewed("v1", TIME))
    assert ingest(meadow) == IngestReport(1, lines=2, accepted=1, quarantined=1)


def test_a_gap_in_the_sequence_is_refused_with_what_to_do(meadow: House) -> None:
    landed = [land(meadow.settings.landing, viewed(f"v{n}", TIME)) for n in (1, 2, 3)]
    landed[1].path.rename(meadow.settings.home / "lost")
    with pytest.raises(LandingError, match=r"segment 2 of source 'shop' .* put the missing"):
        ingest(meadow)
    (meadow.settings.home / "lost").rename(landed[1].path)
    assert ingest(meadow) == IngestReport(3, lines=3, accepted=3)


def test_a_sequence_that_stands_twice_is_refused(meadow: House) -> None:
    landed = land(meadow.settings.landing, viewed("v1", TIME))
    twin = landed.path.parents[1] / "2026-09-01" / landed.path.name
    twin.parent.mkdir()
    shutil.copy(landed.path, twin)
    with pytest.raises(LandingError, match="remove the one that stands twice"):
        ingest(meadow)


def as_it_is(path: Path) -> None:
    """Leave the segment alone."""


def compress(path: Path) -> None:
    (path.parent / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()


def cut_last_line_feed(path: Path) -> None:
    path.write_bytes(path.read_bytes().removesuffix(b"\n"))


@pytest.mark.parametrize("change", [as_it_is, compress, cut_last_line_feed])
def test_every_line_counts_however_the_segment_is_stored(
    meadow: House, change: Callable[[Path], None]
) -> None:
    landed = land(meadow.settings.landing, viewed("v1", TIME), b"", b"broken", viewed("v2", TIME))
    change(landed.path)
    assert ingest(meadow) == IngestReport(1, lines=4, accepted=2, quarantined=2)
    assert [row["line"] for row in rows(meadow, COUNTED)] == [1, 4]


def test_an_empty_segment_counts_as_one_without_lines(meadow: House) -> None:
    land(meadow.settings.landing)
    land(meadow.settings.landing, viewed("v1", TIME))
    assert ingest(meadow) == IngestReport(2, lines=1, accepted=1)


def test_half_written_and_foreign_files_are_no_segments(meadow: House) -> None:
    folder = land(meadow.settings.landing, viewed("v1", TIME)).path.parent
    (folder / ".000002.jsonl.tmp").write_bytes(lines([viewed("v2", TIME)])[:20])
    (folder / "notes.txt").write_text("hello")
    assert ingest(meadow) == IngestReport(1, lines=1, accepted=1)


def test_too_many_bad_lines_fail_loudly_after_everything_was_ingested(tmp_path: Path) -> None:
    house = House(Settings(home=tmp_path, max_quarantine_rate=0.25, _env_file=None))
    land(house.settings.landing, viewed("v1", TIME), b"broken", b"cut", source="app")
    land(house.settings.landing, viewed("v1", TIME))
    message = "source 'app': 3 of 3 lines .* more than 25%.*`meadow quarantine list --source app`"
    with pytest.raises(TooManyBadLines, match=message):
        house.ingest().all_sources()
    assert len(rows(house, COUNTED)) == 1
    assert len(list(waiting(house.lake, house.settings, house.keys.quarantine))) == 3
    assert house.ingest().all_sources() == {"app": IngestReport(), "shop": IngestReport()}
    house.platform.dispose()


def test_a_batch_that_one_segment_fills_is_followed_by_the_next(
    meadow: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.warehouse.ingest.ingest.BATCH_BYTES", 1)
    for number in (1, 2, 1):
        land(meadow.settings.landing, viewed(f"v{number}", TIME))
    assert ingest(meadow) == IngestReport(3, lines=3, accepted=2, duplicates=1)


@pytest.mark.parametrize("chunk_bytes", [1, 400, 1 << 20])
@pytest.mark.parametrize("mapped_bytes", [1, 1 << 20])
def test_a_line_keeps_its_place_however_segments_are_cut_or_joined(
    meadow: House, monkeypatch: pytest.MonkeyPatch, chunk_bytes: int, mapped_bytes: int
) -> None:
    monkeypatch.setattr("pipelines.warehouse.ingest.lines.CHUNK_BYTES", chunk_bytes)
    monkeypatch.setattr("pipelines.warehouse.ingest.lines.MAPPED_BYTES", mapped_bytes)
    for day in (29, 30, 31):
        events = [viewed(f"v{day}-{n}", f"2026-08-{day}T2{n}:00:00Z") for n in (1, 2, 3)]
        landed = land(
            meadow.settings.landing, *events[:2], b"broken", *events[2:], on=date(2026, 8, day)
        )
    cut_last_line_feed(landed.path)
    assert ingest(meadow) == IngestReport(3, lines=12, accepted=9, quarantined=3)
    assert [tuple(row.values()) for row in rows(meadow, COUNTED)] == [
        (f"v{day}-{n}", day - 28, line, date(2026, 8, day))
        for day in (29, 30, 31)
        for n, line in ((1, 1), (2, 2), (3, 4))
    ]
    bad = waiting(meadow.lake, meadow.settings, meadow.keys.quarantine)
    assert [line.quarantine_id for line in bad] == ["shop:1:3", "shop:2:3", "shop:3:3"]


def test_how_late_an_event_may_be_is_told_by_its_own_segments_day(meadow: House) -> None:
    for day in (29, 31):
        late = viewed(f"v{day}", "2026-08-31T10:00:00Z")
        land(meadow.settings.landing, late, on=date(2026, 8, day))
    assert ingest(meadow) == IngestReport(2, lines=2, accepted=1, quarantined=1)
    assert [row["event_id"] for row in rows(meadow, COUNTED)] == ["v31"]


def test_a_kind_that_a_sample_misses_is_taken_all_the_same(
    meadow: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.warehouse.ingest.staging.SAMPLE_LINES", 1)
    cancelled = event("order.cancelled", "c1", TIME, order_id="o1", reason="late")
    land(meadow.settings.landing, cancelled, viewed("v1", TIME), viewed("v2", TIME))
    assert ingest(meadow) == IngestReport(1, lines=3, accepted=3)


def test_a_source_whose_name_no_source_may_have_cannot_land(meadow: House) -> None:
    with pytest.raises(LandingError, match="a name is lower-case letters"):
        append_segment(meadow.settings.landing, "Shop", CLOSED_ON, [])
