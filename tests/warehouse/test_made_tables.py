"""Tables that a function makes enter the lake as every other table does."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.warehouse.catalog import Model
from pipelines.warehouse.catalog.header import Header
from pipelines.warehouse.engines import open_engine
from pipelines.warehouse.engines.made import NotAsMade, Tables
from pipelines.warehouse.lake import Lake, Window
from platform_core.settings import Settings

DAY = date(2026, 8, 30)
HEADER = {
    "grain": "one row per day and number",
    "owner": "trust-and-safety",
    "freshness": "26h",
    "partition": "event_date",
    "columns": {"number": "any [count]", "event_date": "its day [day]"},
    "reads": ["silver.numbers"],
}


def made(function: str) -> Model:
    header = Header.model_validate({**HEADER, "made_by": f"{__name__}:{function}"})
    return Model("features.numbers", header, "", {"least": 3})


def numbers(tables: Tables, window: Window | None) -> pl.DataFrame:
    assert window is not None
    return tables.sql("SELECT $least AS number, $to_date AS event_date")


def other(tables: Tables, window: Window | None) -> pl.DataFrame:
    return pl.DataFrame({"numbers": [1]})


def staged(tmp_path: Path, function: str) -> list[tuple[object, ...]]:
    """Rows of the table's files after its function has run for one day."""
    settings = Settings(home=tmp_path, _env_file=None)
    lake = Lake(tmp_path / "lake", "Asia/Shanghai")
    given = Model("silver.numbers", Header.model_validate({**HEADER, "reads": []}), "")
    lake.ensure(given.table)
    model = made(function)
    with open_engine(settings, "Asia/Shanghai") as engine:
        pins = {given.name: lake.pin(given.name)}
        engine.show(engine.stage(model, Window(DAY, DAY), pins, tmp_path / "staged", run_id="r1"))
        return engine.connection.sql("SELECT * FROM staged").fetchall()


def test_its_rows_are_staged_with_the_declared_types(tmp_path: Path) -> None:
    (tmp_path / "staged").mkdir()
    assert staged(tmp_path, "numbers") == [(3, DAY)]


def test_other_columns_than_declared_are_refused(tmp_path: Path) -> None:
    (tmp_path / "staged").mkdir()
    with pytest.raises(NotAsMade, match=r"features.numbers: .*other returned the columns"):
        staged(tmp_path, "other")
