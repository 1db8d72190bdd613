"""The Spark engine at its edges: odd folders, no files, old files, fractions, no Java."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.warehouse.catalog import Model, load
from pipelines.warehouse.engines import EngineMissing, open_engine
from pipelines.warehouse.engines.engine import Engine, NotAsDeclared
from pipelines.warehouse.lake import Pin, Staged, Window
from pipelines.warehouse.lake.pin import DataFile
from platform_core.settings import Settings
from tests.warehouse.acts import ZONE

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark

FIRST, SECOND = date(2026, 8, 1), date(2026, 8, 2)
SCHEMA = pa.schema([("note_id", pa.string()), ("reads", pa.int64()), ("event_date", pa.date32())])
HEADER = """/*
grain: one row per note and day
partition: event_date
owner: insight
freshness: 26h
columns:
  note_id: the note
  reads: times it was read [count]
  event_date: reporting-local day [day]
*/
"""


@pytest.fixture
def engine(spark: "SparkSession", tmp_path: Path) -> Iterator[Engine]:
    from pipelines.warehouse.engines.spark import SparkEngine

    with SparkEngine(Settings(home=tmp_path, _env_file=None), ZONE, lent=spark) as engine:
        yield engine


def daily(folder: Path, reads: str = "reads") -> Model:
    """A table that copies ``bronze.notes`` of a window."""
    (folder / "bronze").mkdir(parents=True)
    (folder / "silver").mkdir()
    (folder / "bronze" / "notes.sql").write_text(HEADER)
    (folder / "silver" / "notes.sql").write_text(
        f"{HEADER}SELECT note_id, {reads} AS reads, event_date FROM bronze.notes "
        "WHERE event_date BETWEEN $from_date AND $to_date\n"
    )
    return load({layer: folder / layer for layer in ("bronze", "silver")})["silver.notes"]


def pinned(root: Path, **days: pa.Table) -> Pin:
    """A version that holds one file a day."""
    files = []
    for day, rows in days.items():
        name = f"event_date={day.removeprefix('d').replace('_', '-')}/{day}.parquet"
        (root / name).parent.mkdir(parents=True)
        pq.write_table(rows, root / name)
        files.append(DataFile(name, len(rows), date.fromisoformat(name[11:21])))
    return Pin("bronze.notes", 1, root, SCHEMA, "event_date", tuple(files))


def stage(engine: Engine, model: Model, pin: Pin, folder: Path) -> Staged:
    folder.mkdir(parents=True)
    return engine.stage(model, Window(FIRST, SECOND), {pin.name: pin}, folder, run_id="r")


def rows_of(engine: Engine, staged: Staged) -> list[tuple[object, ...]]:
    engine.show(staged)
    return engine.connection.sql("SELECT * FROM staged ORDER BY ALL").fetchall()


@pytest.mark.parametrize("name", ["a b", "草 地", "[x]{y}*?", "100%20", "a'b"])
def test_a_lake_may_lie_in_any_folder(engine: Engine, tmp_path: Path, name: str) -> None:
    own = tmp_path / name
    pin = pinned(own / "in", d2026_08_01=pa.table({"note_id": ["n1"], "reads": [3]}))
    staged = stage(engine, daily(own / "sql"), pin, own / "out")
    assert rows_of(engine, staged) == [("n1", 3, FIRST)]
    assert [file.partition for file in staged.files] == [FIRST]


def test_no_files_make_no_files(engine: Engine, tmp_path: Path) -> None:
    pin = Pin("bronze.notes", 0, tmp_path / "in", SCHEMA, "event_date", ())
    staged = stage(engine, daily(tmp_path / "sql"), pin, tmp_path / "out")
    assert staged.files == ()
    assert rows_of(engine, staged) == []


def test_a_column_that_an_old_file_does_not_have_is_empty(engine: Engine, tmp_path: Path) -> None:
    pin = pinned(
        tmp_path / "in",
        d2026_08_01=pa.table({"note_id": ["n1"]}),
        d2026_08_02=pa.table({"note_id": ["n2"], "reads": [4]}),
    )
    staged = stage(engine, daily(tmp_path / "sql"), pin, tmp_path / "out")
    assert rows_of(engine, staged) == [("n1", None, FIRST), ("n2", 4, SECOND)]


def test_a_fraction_that_would_be_cut_off_is_refused(engine: Engine, tmp_path: Path) -> None:
    pin = pinned(tmp_path / "in", d2026_08_01=pa.table({"note_id": ["n1"], "reads": [3]}))
    model = daily(tmp_path / "sql", reads="cast(reads AS DOUBLE) / 2")
    with pytest.raises(NotAsDeclared, match=r"silver\.notes: reads is a fraction.*round\(\) it"):
        stage(engine, model, pin, tmp_path / "out")


def test_without_java_the_engine_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    settings = Settings(home=tmp_path, engine="spark", _env_file=None)
    pin = Pin("bronze.notes", 0, tmp_path / "in", SCHEMA, "event_date", ())
    with (
        open_engine(settings, ZONE) as engine,
        pytest.raises(EngineMissing, match="Spark needs Java 17 or 21"),
    ):
        stage(engine, daily(tmp_path / "sql"), pin, tmp_path / "out")
