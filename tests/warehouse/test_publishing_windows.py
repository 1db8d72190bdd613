"""What a commit does to the days of its window, and to all others."""

from pathlib import Path

import pytest

from pipelines.warehouse.lake import Column, Lake, Staged, Window, ranges
from pipelines.warehouse.lake.lake import CONFIGURATION, LakeError
from pipelines.warehouse.upkeep.logs import trim
from tests.warehouse.literal_files import (
    BRANDS,
    NOTES,
    ZONE,
    day,
    days,
    note,
    rows,
    staged,
    wider,
    write,
)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake whose notes have a row on each of the first four days of August."""
    lake = Lake(tmp_path / "lake", ZONE)
    lake.ensure(NOTES)
    lake.publish(staged(lake, {n: [note(f"n{n}")] for n in range(1, 5)}, days(1, 4)))
    return lake


def test_a_window_replaces_its_days_and_leaves_the_others(lake: Lake) -> None:
    lake.publish(staged(lake, {2: [note("new", 7), note("too", 8)]}, days(2, 3)))
    assert rows(lake) == [
        ("n1", day(1), 1),
        ("n4", day(4), 1),
        ("new", day(2), 7),
        ("too", day(2), 8),
    ]


def test_a_window_without_files_empties_its_days(lake: Lake) -> None:
    lake.publish(staged(lake, {}, days(1, 3)))
    assert rows(lake) == [("n4", day(4), 1)]


def test_publishing_the_same_again_leaves_the_rows_the_same(lake: Lake) -> None:
    before = rows(lake)
    lake.publish(staged(lake, {n: [note(f"n{n}")] for n in range(1, 5)}, days(1, 4)))
    assert rows(lake) == before


def test_a_new_column_is_welcome_and_empty_in_older_rows(lake: Lake) -> None:
    table = wider(NOTES, Column("likes", "BIGINT"))
    lake.publish(staged(lake, {1: [note("new", likes=3)]}, days(1, 1), table=table))
    assert rows(lake) == [
        ("n2", day(2), 1, None),
        ("n3", day(3), 1, None),
        ("n4", day(4), 1, None),
        ("new", day(1), 1, 3),
    ]


def test_what_another_process_commits_is_seen_at_once(lake: Lake) -> None:
    other = Lake(lake.root, ZONE)
    assert rows(other) == rows(lake)
    lake.publish(staged(lake, {}, days(1, 3)))
    assert rows(other) == [("n4", day(4), 1)]
    other.publish(staged(other, {}, days(4, 4)))
    assert rows(lake) == []


def test_commits_are_seen_of_which_only_a_checkpoint_is_left(lake: Lake) -> None:
    other = Lake(lake.root, ZONE)
    seen = other.version(NOTES.name)
    for number in range(2 * int(CONFIGURATION["delta.checkpointInterval"])):
        lake.publish(staged(lake, {1: [note("n1", number)]}, days(1, 1)))
    assert trim(lake.path(NOTES.name), lake.version(NOTES.name)) > 0
    next_commit = lake.path(NOTES.name) / "_delta_log" / f"{seen + 1:020}.json"
    assert not next_commit.exists()
    assert rows(other) == rows(lake)


def test_a_table_without_partitions_is_replaced_whole(lake: Lake) -> None:
    lake.ensure(BRANDS)
    for name in ("Old", "New"):
        file = write(lake, BRANDS, [{"brand_id": "b1", "name": name}])
        lake.publish(Staged(BRANDS, (file,), None, "r1"))
    assert rows(lake, BRANDS.name) == [("b1", "New")]


def test_a_commit_records_its_run_window_and_inputs(lake: Lake) -> None:
    lake.publish(staged(lake, {}, days(2, 3), inputs={"bronze.events": 5}, run_id="r9"))
    commit = lake.history(NOTES.name, 1)[0]
    assert (commit["run_id"], commit["window"], commit["inputs"]) == (
        "r9",
        "2026-08-02..2026-08-03",
        '{"bronze.events": 5}',
    )


def test_a_pinned_version_keeps_its_rows(lake: Lake) -> None:
    pin = lake.pin(NOTES.name)
    lake.publish(staged(lake, {}, days(1, 4)))
    assert [f.partition for f in lake.pin(NOTES.name, pin.version).files] == [
        f.partition for f in pin.files
    ]
    assert lake.pin(NOTES.name).files == ()


def test_segments_are_appended_once_and_only_from_the_expected_watermark(lake: Lake) -> None:
    for sequence, previous in ((3, 0), (3, 0), (9, 5)):
        given = staged(lake, {5: [note(f"s{sequence}")]}, None)
        lake.append(given, "shop", sequence, previous)
    assert lake.watermark(NOTES.name, "shop") == 3
    assert [row for row in rows(lake) if row[1] == day(5)] == [("s3", day(5), 1)]


def test_what_was_staged_is_gone_after_the_run(lake: Lake) -> None:
    with lake.staging(NOTES.name) as folder:
        (folder / "rows.parquet").write_bytes(b"half")
    assert not folder.exists()


def test_a_lake_keeps_the_zone_it_was_made_with(lake: Lake) -> None:
    with pytest.raises(LakeError, match="reports in Asia/Shanghai, not in UTC"):
        Lake(lake.root, "UTC")


def test_the_fewest_windows_hold_exactly_the_days() -> None:
    assert ranges([day(3), day(1), day(2), day(5)]) == [days(1, 3), days(5, 5)]


def test_a_window_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        Window(day(2), day(1))
