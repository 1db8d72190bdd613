"""Every query of the catalog, computed by Spark from the inputs that DuckDB computed it from."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from models.catalog import load_catalog
from pipelines.defs.house import House
from pipelines.warehouse.catalog import Model
from pipelines.warehouse.engines.connection import create_view
from pipelines.warehouse.lake import Window
from tests.spark.hard_events import A_DAY
from tests.spark.same_rows import differences

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark

TABLES = [model.name for model in load_catalog().computed if model.sql]
"""What a function makes is made beside DuckDB, whichever engine computes the queries."""
QUIET = {"risk.note_signals", "risk.note_verdicts"}
"""Nobody hides an advertisement in four days of so small a town; of reviews, rows are compared."""
REACHING = ["silver.sessions", "gold.brand_funnel_daily", "risk.click_verdicts"]


def test_there_are_rows_to_compare(town: House) -> None:
    empty = {table for table in TABLES if not town.lake.pin(table).rows}
    assert empty <= QUIET


@pytest.mark.parametrize("table", TABLES)
def test_all_rows_are_the_same(
    town: House, spark: "SparkSession", tmp_path: Path, table: str
) -> None:
    model = town.catalog[table]
    days = town.lake.pin(table).days() or {A_DAY}
    window = Window(min(days), max(days)) if model.header.partition else None
    assert compared(town, spark, tmp_path, model, window) == []


@pytest.mark.parametrize("table", REACHING)
def test_a_day_alone_is_the_same(
    town: House, spark: "SparkSession", tmp_path: Path, table: str
) -> None:
    assert compared(town, spark, tmp_path, town.catalog[table], Window(A_DAY, A_DAY)) == []


def compared(
    town: House, spark: "SparkSession", folder: Path, model: Model, window: Window | None
) -> list[object]:
    """Rows of a window that Spark computes otherwise than they were published."""
    from pipelines.warehouse.engines.spark import SparkEngine

    pins = {name: town.lake.pin(name) for name in model.inputs}
    published = town.lake.pin(model.name)
    with SparkEngine(town.settings, town.lake.timezone, lent=spark) as engine:
        staged = engine.stage(model, window, pins, folder, run_id="spark")
        engine.show(staged)
        create_view(engine.connection, "published", published, published.within(window))
        return list(differences(engine.connection, model.table, "published", "staged"))
