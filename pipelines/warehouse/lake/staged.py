"""Parquet files that an engine has written and nobody can see yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipelines.warehouse.lake.table import Table
from pipelines.warehouse.lake.window import Window


@dataclass(frozen=True)
class StagedFile:
    """One file; ``partition`` is the day it belongs to, None in a table without partitions."""

    path: Path
    rows: int
    size: int
    partition: date | None


@dataclass(frozen=True)
class Staged:
    """What one run wants to publish to one table.

    ``window`` is what the files replace; None replaces a table without partitions whole.
    ``inputs`` are the versions of the tables that the rows were computed from.
    ``complete`` says that with these files the whole table is up to date with ``inputs``.
    """

    table: Table
    files: tuple[StagedFile, ...]
    window: Window | None
    run_id: str
    inputs: Mapping[str, int] = field(default_factory=dict)
    engine: str = "duckdb"
    model_hash: str = ""
    complete: bool = False
    horizon: date | None = None

    @property
    def rows(self) -> int:
        return sum(f.rows for f in self.files)
