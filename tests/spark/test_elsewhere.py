"""The batch on a real cluster, one worker of which dies at work, and through Spark Connect."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.defs.house import House
from pipelines.warehouse.engines.connection import connect, create_view
from tests.spark.same_rows import differences
from tests.spark.servers import batch, cluster, connect_server
from tests.warehouse.nightly import house, newest, night

pytestmark = pytest.mark.spark

TABLES = ["gold.aips_daily", "gold.search_lift", "silver.notes"]
"""Facts, states and two joins of them; with all that they are made from."""


@pytest.fixture(scope="module")
def expected(lived: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """What DuckDB makes of the town."""
    home = shutil.copytree(lived, tmp_path_factory.mktemp("duckdb"), dirs_exist_ok=True)
    meadow = house(home, tables=TABLES)
    night(meadow)
    yield meadow
    meadow.platform.dispose()


@pytest.fixture
def home(lived: Path, tmp_path: Path) -> Path:
    return shutil.copytree(lived, tmp_path / "home")


def test_a_worker_that_is_killed_while_it_writes_changes_nothing(
    expected: House, home: Path, tmp_path: Path
) -> None:
    with (
        cluster(tmp_path / "cluster") as spark,
        batch(home, spark.address, TABLES) as night_on_spark,
    ):
        worker, written = spark.caught_writing(night_on_spark)
        assert written.is_file(), "an attempt that no task has committed"
        for pid in (worker.process.pid, *worker.children()):
            os.kill(pid, signal.SIGKILL)
        _, errors = night_on_spark.communicate()
    assert night_on_spark.returncode == 0, errors
    assert unlike(expected, home) == {}
    assert left_over(home) == []


def test_spark_connect_gives_the_same(expected: House, home: Path, tmp_path: Path) -> None:
    with connect_server(tmp_path / "server") as address:
        with batch(home, address, TABLES[:1]) as night_on_spark:
            _, errors = night_on_spark.communicate()
        assert night_on_spark.returncode == 0, errors
    assert unlike(expected, home) == {}


def unlike(expected: House, home: Path) -> dict[str, object]:
    """By table, rows of the two newest releases that differ; tables of just one are passed by."""
    meadow = house(home)
    ours, theirs = (newest(h).tables for h in (expected, meadow))
    found = {}
    with closing(connect(meadow.settings, meadow.lake.timezone)) as connection:
        for model in meadow.catalog.computed:
            if model.name not in ours or model.name not in theirs:
                continue
            for name, which in (("expected", expected), ("found", meadow)):
                pin = which.lake.pin(model.name)
                create_view(connection, name, pin, pin.files)
            if differing := differences(connection, model.table, "expected", "found"):
                found[model.name] = differing
    return found


def left_over(home: Path) -> list[Path]:
    """Files of tables that no version of them knows."""
    meadow = house(home)
    known = {
        meadow.lake.path(name) / file.path
        for name in newest(meadow).tables
        for file in meadow.lake.pin(name).files
    }
    return sorted(set(meadow.lake.root.rglob("*.parquet")) - known)
