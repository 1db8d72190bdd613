"""What a release says of days that readers have seen, beside what the release before said."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

import duckdb

from pipelines.warehouse.catalog import Catalog, Model
from pipelines.warehouse.engines.connection import create_view
from pipelines.warehouse.engines.copying import copy
from pipelines.warehouse.lake import Lake, Pin, Staged, Window, ranges
from pipelines.warehouse.release import Release


class Comparison(ABC):
    """Compares what readers see with what a run is about to release, table by table."""

    table: ClassVar[str]
    """Where its news are kept."""
    columns: ClassVar[str]
    """Names and types of the news, without those of the release that brings them."""

    def __init__(
        self,
        lake: Lake,
        catalog: Catalog,
        connection: duckdb.DuckDBPyConnection,
        before: Release,
        pins: Mapping[str, Pin],
    ) -> None:
        self._lake = lake
        self._catalog = catalog
        self._connection = connection
        self._before = before
        self._now = pins

    @abstractmethod
    def is_compared(self, model: Model) -> bool:
        """Whether this table's rows are told of."""

    @abstractmethod
    def compare(self, model: Model, old: Pin, window: Window) -> None:
        """Insert into ``news`` how the views ``was`` and ``stands`` differ in a window."""

    def stage(self, folder: Path, now: datetime, run_id: str) -> Staged | None:
        """What the next release brings; None if there are no news."""
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE news ({self.columns})")
        for model in self._catalog.computed:
            if model.name in self._before.tables and self.is_compared(model):
                self._compare_windows(model)
        ((found,),) = self._connection.sql("SELECT count(*) FROM news").fetchall()
        return self._staged(folder, now, run_id) if found else None

    def _compare_windows(self, model: Model) -> None:
        old, new = self._earlier(model.name), self._now[model.name]
        for window in ranges(released_days(old, new)):
            for name, pin in (("was", old), ("stands", new)):
                create_view(self._connection, name, pin, pin.within(window))
            self.compare(model, old, window)

    def _earlier(self, name: str) -> Pin:
        return self._lake.pin(name, self._before.tables.get(name, 0))

    def _staged(self, folder: Path, now: datetime, run_id: str) -> Staged:
        """The news beside what is kept; rows of a later release are replaced: it was never
        finished, and comes again."""
        model, kept = self._catalog[self.table], self._now[self.table]
        today = now.astimezone(ZoneInfo(self._lake.timezone)).date()
        window = Window(min(today, max(kept.days(), default=today)), today)
        create_view(self._connection, "kept", kept, kept.within(window))
        query = (
            f"SELECT * FROM kept WHERE release <= {self._before.number} UNION ALL BY NAME "
            f"SELECT {self._before.number + 1} AS release, DATE '{today}' AS restated_on, "
            f"TIMESTAMP '{now.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}' AS restated_at, * FROM news"
        )
        files = copy(self._connection, model.table, query, folder)
        return Staged(model.table, files, window, run_id, {}, model_hash=model.hash)


def released_days(old: Pin, now: Pin) -> set[date]:
    """Days of which readers have seen rows, or could have, and that are others now."""
    stated = max(old.days(), default=None)
    changed = {f.partition for f in now.changed_since(old)}
    return {day for day in changed if day and stated and day <= stated}
