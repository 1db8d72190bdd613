"""Rows of a query become staged Parquet files."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb

from pipelines.warehouse.lake import StagedFile, Table


def copy(
    connection: duckdb.DuckDBPyConnection, table: Table, query: str, folder: Path
) -> tuple[StagedFile, ...]:
    """Write a query's rows, cast to the table's declared types, as Parquet files."""
    columns = ", ".join(f'CAST("{c.name}" AS {c.type}) AS "{c.name}"' for c in table.columns)
    partition = f", PARTITION_BY ({table.partition})" if table.partition else ""
    target = folder / "rows" if table.partition else folder / "rows.parquet"
    written = connection.execute(
        f"COPY (SELECT {columns} FROM (\n{query}\n)) TO '{target}' "
        f"(FORMAT parquet, COMPRESSION zstd, RETURN_STATS{partition})"
    ).fetchall()
    return tuple(
        StagedFile(Path(name), rows, size, _partition(table, keys))
        for name, rows, size, _, _, keys, _ in written
    )


def _partition(table: Table, keys: Mapping[str, str] | None) -> date | None:
    value = (keys or {}).get(table.partition or "")
    return date.fromisoformat(value) if value else None
