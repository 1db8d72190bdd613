"""Literal rows in, one table's rows out: its query or function alone, on the embedded engine."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa

from models.catalog import load_catalog
from pipelines.warehouse.catalog import Model
from pipelines.warehouse.catalog.model import Parameter
from pipelines.warehouse.engines.connection import connect
from pipelines.warehouse.engines.made import Tables
from pipelines.warehouse.lake import Window
from platform_core.settings import Settings

Rows = Sequence[Mapping[str, Any]]


def at(clock: str) -> datetime:
    """An instant of August 2026 in UTC, given by the clock in Shanghai, as ``03 12:00:00``."""
    local = datetime.fromisoformat(f"2026-08-{clock}+08:00")
    return local.astimezone(UTC).replace(tzinfo=None)


def day(number: int) -> date:
    return date(2026, 8, number)


def rows_of(
    table: str,
    given: Mapping[str, Rows],
    first: int,
    last: int | None = None,
    **chosen: Parameter,
) -> list[dict[str, Any]]:
    """What the table says of these days of August, when its inputs hold these rows and no others.

    Columns that a row leaves out are empty. ``chosen`` are parameters with other values.
    """
    catalog, window = load_catalog(), Window(day(first), day(last or first))
    model = catalog[table]
    model = replace(model, parameters={**model.parameters, **chosen})
    if unread := given.keys() - set(model.inputs):
        raise ValueError(f"{table} does not read {sorted(unread)}")
    with connect(Settings(_env_file=None), "Asia/Shanghai") as connection:
        for layer in ("bronze", "silver", "features", "risk"):
            connection.execute(f"CREATE SCHEMA {layer}")
        for name in model.inputs:
            connection.register("held", _held(catalog[name], given.get(name, ())))
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM held")
        found = (
            connection.sql(model.query(window)).pl()
            if model.sql
            else _function(model)(Tables(connection, model, window, Path()), window)
        )
    return found.to_dicts()


def _function(model: Model) -> Any:
    module, _, function = str(model.header.made_by).partition(":")
    return getattr(import_module(module), function)


def _held(model: Model, rows: Rows) -> pa.Table:
    columns = {c.name: c.arrow for c in model.table.columns}
    if unknown := {name for row in rows for name in row} - columns.keys():
        raise ValueError(f"{model.name} has no {sorted(unknown)}")
    return pa.Table.from_pylist([dict(row) for row in rows], pa.schema(list(columns.items())))


def one(rows: Sequence[dict[str, Any]], **key: Any) -> dict[str, Any]:
    """The only row with these values."""
    (found,) = (row for row in rows if all(row[name] == value for name, value in key.items()))
    return found
