"""The embedded engine: DuckDB computes a model and writes its rows as staged Parquet files."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from pipelines.warehouse.catalog import Model
from pipelines.warehouse.engines.connection import connect, create_view
from pipelines.warehouse.lake import Pin, Staged, StagedFile, Table, Window
from pipelines.warehouse.lake.pin import DataFile
from pipelines.warehouse.reach import input_window
from platform_core.settings import Settings


class DuckEngine:
    """One connection for one model: views of its pinned inputs, its staged rows, its audit."""

    name = "duckdb"

    def __init__(self, settings: Settings, timezone: str) -> None:
        self.connection = connect(settings, timezone)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.close()

    def stage(
        self,
        model: Model,
        window: Window | None,
        pins: Mapping[str, Pin],
        folder: Path,
        *,
        run_id: str,
        complete: bool = False,
        horizon: date | None = None,
    ) -> Staged:
        """Compute a model over a window into Parquet files below ``folder``."""
        for name in model.inputs:
            read = pins[name].within(input_window(model, name, pins[name], window))
            create_view(self.connection, name, pins[name], read)
        files = copy(self.connection, model.table, model.query(window), folder)
        return Staged(
            table=model.table,
            files=files,
            window=window,
            run_id=run_id,
            inputs={name: pin.version for name, pin in pins.items()},
            engine=self.name,
            model_hash=model.hash,
            complete=complete,
            horizon=horizon,
        )

    def show(self, staged: Staged, name: str = "staged") -> None:
        """Make the staged rows a view, for their audit."""
        table = staged.table
        files = tuple(DataFile(str(f.path), f.rows, f.partition) for f in staged.files)
        pin = Pin(table.name, -1, Path("/"), table.arrow_schema, table.partition, files)
        create_view(self.connection, name, pin, files)


def copy(
    connection: duckdb.DuckDBPyConnection, table: Table, query: str, folder: Path
) -> tuple[StagedFile, ...]:
    """Write a query's rows, cast to the table's declared types, as Parquet files."""
    columns = ", ".join(f'CAST("{c.name}" AS {c.type}) AS "{c.name}"' for c in table.columns)
    partition = f", PARTITION_BY ({table.partition})" if table.partition else ""
    target = folder / "rows" if table.partition else folder / "rows.parquet"
    written = connection.sql(
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
