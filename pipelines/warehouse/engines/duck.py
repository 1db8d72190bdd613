"""The embedded engine: DuckDB computes a model and writes its rows as staged Parquet files."""

from collections.abc import Mapping
from pathlib import Path

from pipelines.warehouse.catalog import Model
from pipelines.warehouse.engines.copying import copy
from pipelines.warehouse.engines.engine import Engine
from pipelines.warehouse.lake import Pin, StagedFile, Window
from pipelines.warehouse.lake.pin import DataFile


class DuckEngine(Engine):
    """One connection computes and audits: the views of the inputs serve both."""

    name = "duckdb"

    def write(
        self,
        model: Model,
        window: Window | None,
        inputs: Mapping[str, tuple[Pin, list[DataFile]]],
        folder: Path,
    ) -> tuple[StagedFile, ...]:
        return copy(self.connection, model.table, model.query(window), folder)
