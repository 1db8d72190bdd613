"""What dashboards and exports read: the tables of one release, and of one brand only if so told."""

import re
from pathlib import Path
from threading import Lock
from typing import Final

import polars as pl

from pipelines.warehouse.engines.connection import connect, create_view
from pipelines.warehouse.lake import Lake
from pipelines.warehouse.release import Release
from platform_core.settings import Settings, settings

Value = str | int | float | bool | object
NAMES: Final = re.compile(r"\w+\.\w+")


class Reader:
    """Read-only views of a release.

    With a ``brand_id`` every table holds that brand's rows only, and a table that does not say
    whose rows it holds does not exist: no query and no parameter can reach past the view.

    A table is opened when a query first names it, since most readers need few.
    """

    def __init__(
        self,
        lake_root: Path,
        release: Release,
        *,
        brand_id: str | None,
        using: Settings | None = None,
    ) -> None:
        self.release = release
        self._brand_id = brand_id
        self._lake = Lake(lake_root, release.timezone)
        self._connection = connect(using or settings(), release.timezone)
        self._opened: set[str] = set()
        self._opening = Lock()

    def query(self, sql: str, **params: Value) -> pl.DataFrame:
        """Run a query; ``$name`` in it takes the parameter ``name``. Safe from any thread."""
        with self._opening:
            for name in self.release.tables.keys() & set(NAMES.findall(sql.replace('"', ""))):
                self._open(name)
            cursor = self._connection.cursor()
        with cursor:
            frame: pl.DataFrame = cursor.sql(sql, params=params or None).pl()
            return frame

    def _open(self, name: str) -> None:
        if name in self._opened:
            return
        pin = self._lake.pin(name, self.release.tables[name])
        if self._brand_id is None:
            create_view(self._connection, name, pin, pin.files)
        elif "brand_id" in pin.schema.names:
            condition = "brand_id = '" + self._brand_id.replace("'", "''") + "'"
            create_view(self._connection, name, pin, pin.files, condition)
        self._opened.add(name)

    def close(self) -> None:
        self._connection.close()
