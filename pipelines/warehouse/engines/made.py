"""Tables that a function makes, where SQL is the wrong tool: texts, graphs, models.

The function is ``(tables, window) -> frame``. It runs beside the embedded DuckDB whichever engine
computes the queries, and its rows go the same way: staged, audited, published.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final, cast

import duckdb
import polars as pl

from pipelines.warehouse.catalog import Model
from pipelines.warehouse.engines.copying import copy
from pipelines.warehouse.lake import StagedFile, Window

MADE: Final = "made_rows"


class NotAsMade(ValueError):
    """A function returned other columns than its table declares."""


class Tables:
    """The inputs of a table, as far in time as its header says.

    ``home`` is the folder of this Meadow, for what is no table, such as kept models.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        model: Model,
        window: Window | None,
        home: Path,
    ) -> None:
        self.home = home
        self._connection = connection
        self._model = model
        self._window = window

    def sql(self, query: str) -> pl.DataFrame:
        """Rows of a query over the inputs; ``$from_date``, ``$to_date`` and parameters stand in."""
        frame: pl.DataFrame = self._connection.sql(self._model.filled(query, self._window)).pl()
        return frame


Maker = Callable[[Tables, Window | None], pl.DataFrame]


def made(
    connection: duckdb.DuckDBPyConnection,
    model: Model,
    window: Window | None,
    folder: Path,
    home: Path,
) -> tuple[StagedFile, ...]:
    """Let the table's function make its rows, and write them as Parquet files.

    Raises:
        NotAsMade: they lack a declared column, or have one that nobody declared.
    """
    rows = _maker(model)(Tables(connection, model, window, home), window)
    declared = {column.name for column in model.table.columns}
    if set(rows.columns) != declared:
        raise NotAsMade(
            f"{model.name}: {model.header.made_by} returned the columns {sorted(rows.columns)}; "
            f"declared are {sorted(declared)}"
        )
    connection.register(MADE, rows.to_arrow())
    try:
        return copy(connection, model.table, f"SELECT * FROM {MADE}", folder)
    finally:
        connection.unregister(MADE)


def _maker(model: Model) -> Maker:
    module, _, function = str(model.header.made_by).partition(":")
    return cast(Maker, getattr(import_module(module), function))
