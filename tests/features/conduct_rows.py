"""Rows of a table from literal rows of what it reads; features in between are computed, too."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import duckdb
import pyarrow as pa

from models.catalog import load_catalog
from pipelines.warehouse.catalog import Model
from pipelines.warehouse.engines.connection import connect
from pipelines.warehouse.lake import Window
from platform_core.settings import Settings

Row = Mapping[str, Any]
Given = Mapping[str, Iterable[Row]]
FIRST: Final = date(2026, 8, 3)
MARGIN: Final = timedelta(days=90)
ZONE: Final = "Asia/Shanghai"


def day(number: int) -> date:
    """A reporting-local day; 0 is the first of the tests' stories."""
    return FIRST + timedelta(days=number)


def at(number: int, clock: str = "04:00:00") -> datetime:
    """An instant of such a day, in UTC: by default noon in Shanghai."""
    return datetime.combine(day(number), time.fromisoformat(clock))


def rows_of(table: str, given: Given, *, first: int = 0, last: int = 0) -> list[dict[str, Any]]:
    """The table's rows of some days, in order, from no more days than its header declares.

    Tables of the layer ``features`` that are not given are computed; others are empty.
    """
    with connect(Settings(_env_file=None), ZONE) as connection:
        for layer in ("bronze", "silver", "features", "reached"):
            connection.execute(f"CREATE SCHEMA {layer}").fetchall()
        _compute(connection, load_catalog()[table], given, Window(day(first), day(last)), set())
        found: list[dict[str, Any]] = connection.sql(f"FROM {table} ORDER BY 1").pl().to_dicts()
    return found


def _compute(
    connection: duckdb.DuckDBPyConnection,
    model: Model,
    given: Given,
    window: Window,
    made: set[str],
) -> None:
    wide = Window(window.from_date - MARGIN, window.to_date + MARGIN)
    for name in model.inputs:
        read = load_catalog()[name]
        if name in made:
            continue
        if name in given or not name.startswith("features.") or not read.sql:
            _write(connection, read, given.get(name, ()))
            made.add(name)
        else:
            _compute(connection, read, given, wide, made)
    query = model.query(window)
    for name in model.inputs:
        query = re.sub(rf"\b{name}\b", _reached(connection, model, name, window), query)
    columns = ", ".join(f'CAST("{c.name}" AS {c.type}) AS "{c.name}"' for c in model.table.columns)
    connection.execute(f"CREATE TABLE {model.name} AS SELECT {columns} FROM ({query})").fetchall()
    made.add(model.name)


def _reached(connection: duckdb.DuckDBPyConnection, model: Model, name: str, window: Window) -> str:
    """A view of those days of an input that the lake would show for the window."""
    partition = load_catalog()[name].header.partition
    border = partition == "utc_date"
    limits = []
    if (back := model.header.reach_back(name)) != "all":
        limits.append(f"{partition} >= DATE '{window.from_date - timedelta(back + border)}'")
    if (ahead := model.header.reach_ahead(name)) != "all":
        limits.append(f"{partition} <= DATE '{window.to_date + timedelta(ahead + border)}'")
    view = f"reached.{name.replace('.', '_')}"
    where = " AND ".join(limits) or "true"
    connection.execute(f"CREATE OR REPLACE VIEW {view} AS FROM {name} WHERE {where}").fetchall()
    return view


def _write(connection: duckdb.DuckDBPyConnection, model: Model, rows: Iterable[Row]) -> None:
    columns = {c.name: c.arrow for c in model.table.columns}
    kept = [dict(row) for row in rows]
    if unknown := {name for row in kept for name in row} - columns.keys():
        raise ValueError(f"{model.name} has no column {sorted(unknown)}")
    frame = pa.Table.from_pylist(kept, pa.schema(list(columns.items())))
    connection.register("frame", frame)
    connection.execute(f"CREATE TABLE {model.name} AS SELECT * FROM frame").fetchall()
    connection.unregister("frame")
