"""What every engine is to a run: it stages a model's rows and shows them to their audit."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Final, Self

from pipelines.warehouse.catalog import Model
from pipelines.warehouse.engines.connection import connect, create_view, select
from pipelines.warehouse.engines.made import made
from pipelines.warehouse.lake import Pin, Staged, StagedFile, Window
from pipelines.warehouse.lake.pin import DataFile
from pipelines.warehouse.reach import input_window
from platform_core.settings import Settings

HELD_ROWS: Final = 100_000
"""So many staged rows are read once for their audit, and not once an expectation."""


class NotAsDeclared(ValueError):
    """Rows cannot take the declared types without saying something else on another engine."""


class Engine(ABC):
    """Computes models, one after another.

    Whichever engine computes, the audit reads staged rows and inputs through DuckDB, as views of
    ``connection`` over the same Parquet files: so there is one dialect of expectations.
    """

    name: ClassVar[str]

    def __init__(self, settings: Settings, timezone: str) -> None:
        self.settings = settings
        self.timezone = timezone
        self.connection = connect(settings, timezone)
        self._seen: dict[str, tuple[int, list[DataFile]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()

    @abstractmethod
    def write(
        self,
        model: Model,
        window: Window | None,
        inputs: Mapping[str, tuple[Pin, list[DataFile]]],
        folder: Path,
    ) -> tuple[StagedFile, ...]:
        """Compute the model from these files of its inputs into Parquet files below ``folder``."""

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
        """Compute a model over a window into Parquet files that nobody can see yet."""
        inputs = {
            name: (pins[name], pins[name].within(input_window(model, name, pins[name], window)))
            for name in model.inputs
        }
        for pin, files in inputs.values():
            self.see(pin, files)
        staged = (
            made(self.connection, model, window, folder, self.settings.home.resolve())
            if model.header.made_by
            else self.write(model, window, inputs, folder)
        )
        return Staged(
            table=model.table,
            files=staged,
            window=window,
            run_id=run_id,
            inputs={name: pin.version for name, pin in pins.items()},
            engine=self.name,
            model_hash=model.hash,
            complete=complete,
            horizon=horizon,
        )

    def see(self, pin: Pin, files: list[DataFile]) -> None:
        """Make files of a pinned version a view of its name, unless it is that already."""
        if self._seen.get(pin.name) != (pin.version, files):
            create_view(self.connection, pin.name, pin, files)
            self._seen[pin.name] = pin.version, files

    def show(self, staged: Staged, name: str = "staged") -> None:
        """Make the staged rows a view, for their audit."""
        table = staged.table
        files = tuple(DataFile(str(f.path), f.rows, f.partition) for f in staged.files)
        pin = Pin(table.name, -1, Path("/"), table.arrow_schema, table.partition, files)
        rows = select(pin, files)
        if staged.rows <= HELD_ROWS:
            self.connection.execute(f"CREATE OR REPLACE TABLE held AS {rows}")
            rows = "SELECT * FROM held"
        self.connection.execute(f"CREATE OR REPLACE VIEW {name} AS {rows}")
