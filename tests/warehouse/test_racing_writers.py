"""Many processes at one lake at once: one writer a day, and no row doubled."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.warehouse.engines.connection import connect, create_view
from pipelines.warehouse.lake import Lake
from platform_core.settings import Settings
from tests.events import land, viewed
from tests.warehouse.literal_files import NOTES, ZONE, day, days, rows
from tests.warehouse.racing import OWN_DAY, ROUNDS, ROWS, SHARED_DAY, publish, race
from tests.warehouse.racing_ingest import ingest_all

WRITERS = 8
INGESTERS = 4
SEGMENTS = 3
NOON = "2026-08-03T12:00:00.000000Z"


def test_eight_processes_that_publish_the_same_and_different_days(tmp_path: Path) -> None:
    lake = Lake(tmp_path, ZONE)
    lake.ensure(NOTES)
    codes = race(publish, [(tmp_path, writer) for writer in range(WRITERS)])
    assert codes == [0] * WRITERS
    writers: dict[date, list[int]] = {}
    for _, on, reads in rows(lake):
        writers.setdefault(on, []).append(reads)
    assert {on: len(found) for on, found in writers.items()} == dict.fromkeys(writers, ROWS)
    assert all(len(set(found)) == 1 for found in writers.values())
    for writer in range(WRITERS):
        assert set(writers[day(OWN_DAY + writer)]) == {writer}
    commits = Counter(c["window"] for c in lake.history(NOTES.name) if "window" in c)
    assert commits.pop(str(days(SHARED_DAY, SHARED_DAY))) == WRITERS * ROUNDS
    assert set(commits.values()) == {ROUNDS}


def test_four_processes_that_ingest_the_same_segments(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, _env_file=None)
    for n in range(SEGMENTS):
        land(settings.landing, viewed(f"v{n}", NOON), viewed("copy", NOON), b"broken")
        land(settings.landing, {**viewed(f"v{n}", NOON), "source": "other"}, source="other")
    assert race(ingest_all, [(tmp_path,)] * INGESTERS) == [0] * INGESTERS
    lake = Lake(settings.lake, settings.timezone)
    assert ingested(lake, "SELECT source, event_id FROM bronze.events WHERE NOT is_duplicate") == [
        *(("other", f"v{n}") for n in range(SEGMENTS)),
        ("shop", "copy"),
        *(("shop", f"v{n}") for n in range(SEGMENTS)),
    ]
    assert ingested(lake, "SELECT count(*) FROM bronze.events") == [(3 * SEGMENTS,)]
    assert ingested(lake, "SELECT segment FROM bronze.quarantine") == [
        (n,) for n in range(1, SEGMENTS + 1)
    ]
    assert ingested(
        lake, "SELECT source, sum(lines)::INT, sum(accepted)::INT FROM bronze.segments GROUP BY 1"
    ) == [("other", SEGMENTS, SEGMENTS), ("shop", 3 * SEGMENTS, SEGMENTS + 1)]


def ingested(lake: Lake, query: str) -> list[tuple[Any, ...]]:
    """Rows of a query over the newest bronze tables, in order."""
    with connect(Settings(home=lake.root, _env_file=None), ZONE) as connection:
        for name in ("bronze.events", "bronze.quarantine", "bronze.segments"):
            pin = lake.pin(name)
            create_view(connection, name, pin, pin.files)
        return connection.sql(f"{query} ORDER BY ALL").fetchall()
