"""One version of one table, pinned: what a run or a page reads."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from pipelines.warehouse.lake.window import Window


@dataclass(frozen=True)
class DataFile:
    """A live data file of a version."""

    path: str
    rows: int
    partition: date | None


@dataclass(frozen=True)
class Pin:
    """A version of a table: immutable and picklable; its files stay until they are vacuumed."""

    name: str
    version: int
    root: Path
    schema: pa.Schema
    partition: str | None
    files: tuple[DataFile, ...]

    @cached_property
    def rows(self) -> int:
        return sum(f.rows for f in self.files)

    def within(self, window: Window | None) -> "list[DataFile]":
        """Files that may hold rows of the window; all of them without a window or partition."""
        if window is None or self.partition is None:
            return list(self.files)
        return [f for f in self.files if f.partition is not None and f.partition in window]

    def days(self) -> set[date]:
        """Days that have rows."""
        return {f.partition for f in self.files if f.partition is not None and f.rows}

    def changed_since(self, earlier: "Pin | None") -> "tuple[DataFile, ...]":
        """Files that stand in just one of the two versions: where rows may differ."""
        if earlier is None:
            return self.files
        ours, theirs = set(self.files), set(earlier.files)
        return tuple(sorted(ours ^ theirs, key=lambda f: f.path))
