"""What the publisher will not commit, and that a refusal changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.warehouse.lake import Column, Lake, PublishRefused, Staged, Table
from tests.warehouse.literal_files import (
    BRANDS,
    NOTES,
    ZONE,
    day,
    days,
    files_on_disk,
    note,
    rows,
    staged,
    wider,
    write,
    write_arrow,
)

Make = Callable[[Lake], Staged]
NO_READS = Table(NOTES.name, NOTES.columns[:2], NOTES.partition)
TEXT_READS = Table(NOTES.name, (*NOTES.columns[:2], Column("reads", "VARCHAR")), NOTES.partition)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake with one published day of notes, computed from ``bronze.events`` version 5."""
    lake = Lake(tmp_path / "lake", ZONE)
    lake.ensure(NOTES)
    given = {1: [note("n1"), note("n2")]}
    lake.publish(staged(lake, given, days(1, 2), inputs={"bronze.events": 5}))
    return lake


def one_file(lake: Lake) -> Staged:
    return staged(lake, {1: [note("new")]}, days(1, 1), inputs={"bronze.events": 5})


def of_arrow(lake: Lake, columns: dict[str, pa.Array], **options: object) -> Staged:
    file = write_arrow(lake, NOTES, pa.table(columns), day(1), **options)
    return Staged(NOTES, (file,), days(1, 1), "r1")


def outside_the_window(lake: Lake) -> Staged:
    return staged(lake, {1: [note("new")], 3: [note("new")]}, days(1, 2))


def without_a_window(lake: Lake) -> Staged:
    return staged(lake, {1: [note("new")]}, None)


def with_null_partition(lake: Lake) -> Staged:
    return Staged(NOTES, (write(lake, NOTES, [note("new")], None),), days(1, 1), "r1")


def with_a_missing_file(lake: Lake) -> Staged:
    given = one_file(lake)
    given.files[0].path.unlink()
    return given


def with_a_torn_file(lake: Lake) -> Staged:
    given = one_file(lake)
    path = given.files[0].path
    path.write_bytes(path.read_bytes()[:-1])
    return given


def with_a_retyped_column(lake: Lake) -> Staged:
    return of_arrow(lake, {"note_id": pa.array(["new"]), "reads": pa.array([1], pa.int32())})


def with_an_extra_column(lake: Lake) -> Staged:
    return of_arrow(
        lake, {"note_id": pa.array(["new"]), "reads": pa.array([1]), "likes": pa.array([1])}
    )


def with_a_missing_column(lake: Lake) -> Staged:
    return of_arrow(lake, {"note_id": pa.array(["new"])})


def with_int96(lake: Lake) -> Staged:
    table = wider(NOTES, Column("read_at", "TIMESTAMP"))
    columns = {
        "note_id": pa.array(["new"]),
        "reads": pa.array([1]),
        "read_at": pa.array([0], pa.timestamp("us")),
    }
    file = write_arrow(lake, table, pa.table(columns), day(1), use_deprecated_int96_timestamps=True)
    return Staged(table, (file,), days(1, 1), "r1")


def dropping_a_column(lake: Lake) -> Staged:
    return staged(lake, {1: [{"note_id": "new"}]}, days(1, 1), table=NO_READS)


def retyping_a_column(lake: Lake) -> Staged:
    return staged(lake, {1: [{"note_id": "new", "reads": "1"}]}, days(1, 1), table=TEXT_READS)


def from_older_inputs(lake: Lake) -> Staged:
    return staged(lake, {1: [note("new")]}, days(1, 1), inputs={"bronze.events": 4})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (outside_the_window, "outside 2026-08-01..2026-08-02"),
        (without_a_window, "published by window"),
        (with_null_partition, "NULL in event_date"),
        (with_a_missing_file, "is missing"),
        (with_a_torn_file, "bytes, .* were staged"),
        (with_a_retyped_column, r"reads \(int32 for int64\)"),
        (with_an_extra_column, r"likes \(int64 for None\)"),
        (with_a_missing_column, r"reads \(None for int64\)"),
        (with_int96, "INT96"),
        (dropping_a_column, "'reads' would be dropped"),
        (retyping_a_column, "'reads' would change from int64 to string"),
        (from_older_inputs, "at version 4, but version 5 is already behind"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_refusal_says_why_and_changes_nothing(lake: Lake, make: Make, message: str) -> None:
    before = lake.version(NOTES.name), rows(lake), files_on_disk(lake)
    given = make(lake)
    with pytest.raises(PublishRefused, match=message):
        lake.publish(given)
    assert (lake.version(NOTES.name), rows(lake), files_on_disk(lake)) == before


@pytest.mark.parametrize(
    "make", [with_null_partition, with_a_missing_file, with_a_torn_file, with_a_retyped_column]
)
def test_what_ingest_appends_is_checked_as_well(lake: Lake, make: Make) -> None:
    before = lake.version(NOTES.name), rows(lake), files_on_disk(lake)
    given = replace(make(lake), window=None)
    with pytest.raises(PublishRefused):
        lake.append(given, "shop", 1, 0)
    assert (lake.version(NOTES.name), rows(lake), files_on_disk(lake)) == before
    assert lake.watermark(NOTES.name, "shop") == 0


def test_stale_inputs_are_refused_only_where_newer_ones_stand(lake: Lake) -> None:
    elsewhere = staged(lake, {3: [note("new")]}, days(3, 3), inputs={"bronze.events": 4})
    lake.publish(elsewhere)
    assert ("new", day(3), 1) in rows(lake)


def test_an_input_that_stands_behind_another_day_only_does_not_count(lake: Lake) -> None:
    lake.publish(staged(lake, {2: [note("n3")]}, days(2, 2), inputs={"bronze.events": 9}))
    lake.publish(staged(lake, {1: [note("new")]}, days(1, 1), inputs={"bronze.events": 6}))
    with pytest.raises(PublishRefused, match="version 9 is already behind"):
        lake.publish(staged(lake, {}, days(1, 2), inputs={"bronze.events": 6}))
    assert rows(lake) == [("n3", day(2), 1), ("new", day(1), 1)]


def test_a_whole_table_from_older_inputs_is_refused(lake: Lake) -> None:
    lake.ensure(BRANDS)
    newer, older = (
        Staged(
            BRANDS,
            (write(lake, BRANDS, [{"brand_id": "b1", "name": name}]),),
            None,
            "r1",
            {"bronze.events": version},
        )
        for name, version in (("New", 2), ("Old", 1))
    )
    lake.publish(newer)
    with pytest.raises(PublishRefused, match="already behind the table"):
        lake.publish(older)
    assert rows(lake, BRANDS.name) == [("b1", "New")]
