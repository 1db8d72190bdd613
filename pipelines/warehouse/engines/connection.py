"""A DuckDB connection that sees pinned tables under their own names."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from pipelines.warehouse.lake.pin import DataFile, Pin
from platform_core.settings import Settings

DUCKDB_TYPES: Final = {
    pa.string(): "VARCHAR",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.timestamp("us"): "TIMESTAMP",
    pa.binary(): "BLOB",
}


def duckdb_type(kind: pa.DataType) -> str:
    """DuckDB's name of a type of the lake."""
    if pa.types.is_list(kind):
        return f"{duckdb_type(kind.value_type)}[]"
    return DUCKDB_TYPES[kind]


def connect(settings: Settings, timezone: str) -> duckdb.DuckDBPyConnection:
    """An empty in-memory database with the vocabulary that queries may use."""
    connection = duckdb.connect()
    connection.execute(f"SET threads = {settings.threads}")
    connection.execute(f"SET memory_limit = '{settings.memory_limit}'")
    connection.execute(f"SET temp_directory = '{settings.home.resolve() / 'tmp'}'")
    connection.execute("SET TimeZone = 'UTC'")
    for macro in (
        "local_date(ts) AS "
        f"CAST((ts AT TIME ZONE 'UTC') AT TIME ZONE '{_quoted(timezone)}' AS DATE)",
        "json_strings(j, path) AS from_json(json_extract(j, path), '[\"VARCHAR\"]')",
        "json_objects(j, path) AS "
        "CAST(from_json(json_extract(j, path), '[\"JSON\"]') AS VARCHAR[])",
    ):
        connection.execute(f"CREATE MACRO {macro}")
    return connection


def create_view(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    pin: Pin,
    files: Iterable[DataFile],
    condition: str = "",
) -> None:
    """Show some files of a pinned version as the view ``name``; typed even without files."""
    if "." in name:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {name.partition('.')[0]}")
    where = f" WHERE {condition}" if condition else ""
    connection.execute(f"CREATE OR REPLACE VIEW {name} AS {select(pin, files)}{where}")


def select(pin: Pin, files: Iterable[DataFile]) -> str:
    """The query that reads some files of a pinned version; typed even without files."""
    columns = ", ".join(
        f'CAST("{f.name}" AS {duckdb_type(f.type)}) AS "{f.name}"' for f in pin.schema
    )
    return f"SELECT {columns} FROM {_source(pin, [pin.root / f.path for f in files])}"


def _source(pin: Pin, paths: list[Path]) -> str:
    if not paths:
        empty = ", ".join(f'CAST(NULL AS {duckdb_type(f.type)}) AS "{f.name}"' for f in pin.schema)
        return f"(SELECT {empty} WHERE false)"
    names = ", ".join(f"'{_quoted(str(p))}'" for p in paths)
    hive = (
        f", hive_partitioning = true, hive_types = {{'{pin.partition}': DATE}}"
        if pin.partition
        else ", hive_partitioning = false"
    )
    return f"read_parquet([{names}], union_by_name = true{hive})"


def _quoted(text: str) -> str:
    return text.replace("'", "''")
