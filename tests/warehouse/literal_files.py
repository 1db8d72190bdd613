"""Staged files of a small table with literal rows, as an engine would write them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.warehouse.engines.connection import connect, create_view
from pipelines.warehouse.lake import Column, Lake, Staged, StagedFile, Table, Window
from platform_core.settings import Settings

ZONE = "Asia/Shanghai"
NOTES = Table(
    "silver.notes",
    (Column("note_id", "VARCHAR"), Column("event_date", "DATE"), Column("reads", "BIGINT")),
    "event_date",
)
BRANDS = Table("silver.brands", (Column("brand_id", "VARCHAR"), Column("name", "VARCHAR")))

Row = Mapping[str, Any]


def day(number: int) -> date:
    return date(2026, 8, number)


def days(first: int, last: int) -> Window:
    return Window(day(first), day(last))


def note(note_id: str, reads: int = 1, **rest: Any) -> Row:
    return {"note_id": note_id, "reads": reads, **rest}


def write(lake: Lake, table: Table, rows: Iterable[Row], on: date | None = None) -> StagedFile:
    """One staged file of a table; its schema is the declared one."""
    schema = pa.schema(list(table.file_schema.items()))
    return write_arrow(lake, table, pa.Table.from_pylist([dict(r) for r in rows], schema), on)


def write_arrow(
    lake: Lake, table: Table, rows: pa.Table, on: date | None = None, **options: Any
) -> StagedFile:
    """One staged file that holds just what it is given, whatever the table declares."""
    folder = lake.path(table.name) / "_staging" / "test"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid4().hex}.parquet"
    pq.write_table(rows, path, **options)
    return StagedFile(path, rows.num_rows, path.stat().st_size, on)


def staged(
    lake: Lake,
    notes: Mapping[int, Iterable[Row]],
    window: Window | None,
    *,
    table: Table = NOTES,
    inputs: Mapping[str, int] | None = None,
    run_id: str = "r1",
) -> Staged:
    """Rows by day of August, to replace a window."""
    files = tuple(write(lake, table, rows, day(number)) for number, rows in notes.items())
    return Staged(table, files, window, run_id, inputs or {})


def wider(table: Table, *columns: Column) -> Table:
    return replace(table, columns=(*table.columns, *columns))


def rows(lake: Lake, table: str = NOTES.name) -> list[tuple[Any, ...]]:
    """All rows of the newest version, in order."""
    pin = lake.pin(table)
    with connect(Settings(home=lake.root, _env_file=None), ZONE) as connection:
        create_view(connection, table, pin, pin.files)
        return connection.sql(f"SELECT * FROM {table} ORDER BY ALL").fetchall()


def files_on_disk(lake: Lake, table: str = NOTES.name) -> set[Path]:
    """Data files in their final folders, whether or not a commit names them."""
    root = lake.path(table)
    return {p for p in root.rglob("*.parquet") if "_staging" not in p.parts}
