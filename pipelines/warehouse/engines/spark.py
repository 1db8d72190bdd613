"""The engine for more than one machine: Spark computes, from and to the same Parquet files."""

import json
import logging
import os
import re
import shutil
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq
from deltalake import Schema
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import DecimalType, DoubleType, FloatType, StructType

from pipelines.warehouse.catalog import Model
from pipelines.warehouse.engines import EngineMissing
from pipelines.warehouse.engines.engine import Engine, NotAsDeclared
from pipelines.warehouse.engines.spark_sql import spark_type, to_spark, view_of
from pipelines.warehouse.lake import Pin, StagedFile, Table, Window
from pipelines.warehouse.lake.pin import DataFile
from platform_core.settings import Settings

MEANING: Final = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.adaptive.enabled": "true",
}
"""What results depend on. Memory, cores, hosts and so on are Spark's own settings."""

PLANNING: Final = {"spark.sql.optimizer.dynamicPartitionPruning.enabled": "false"}
"""A window's files are chosen before Spark sees them. To prune again it copies one side of each
join into the other's filter, and what is joined often has 69,000 nodes instead of 100."""

WRITING: Final = {
    "mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
    "mapreduce.fileoutputcommitter.algorithm.version": "1",  # dead tasks leave nothing behind
}

_GLOB: Final = re.compile(r"([\\*?\[\]{}])")
_MEMORY: Final = re.compile(r"(\d+) ?([KMGT])I?B", re.I)


class SparkEngine(Engine):
    """One session computes all models of a run: its own, which begins with the first model and
    ends with the engine, or one that is lent to it."""

    name = "spark"

    def __init__(self, settings: Settings, timezone: str, lent: SparkSession | None = None) -> None:
        super().__init__(settings, timezone)
        self._lent = lent

    @cached_property
    def session(self) -> SparkSession:
        return self._lent or start(self.settings)

    def close(self) -> None:
        super().close()
        if "session" in vars(self) and self._lent is None:
            self.session.stop()

    def write(
        self,
        model: Model,
        window: Window | None,
        inputs: Mapping[str, tuple[Pin, list[DataFile]]],
        folder: Path,
    ) -> tuple[StagedFile, ...]:
        for name, (pin, files) in inputs.items():
            _read(self.session, pin, files).createOrReplaceTempView(view_of(name))
        rows = self.session.sql(to_spark(model.query(window), self.timezone))
        _write(model.table, _as_declared(model.table, rows), folder / "rows")
        return _staged_files(model.table, folder / "rows")


def start(settings: Settings) -> SparkSession:
    """Begin a session where ``MEADOW_SPARK_MASTER`` says.

    Raises:
        EngineMissing: there is no Java to begin it with.
    """
    builder = SparkSession.builder.appName("meadow")
    if settings.spark_master.startswith("sc://"):
        session = builder.remote(settings.spark_master).getOrCreate()
    else:
        _need_java()
        builder = builder.master(settings.spark_master)
        for name, value in _beginning(settings).items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
    logging.getLogger("SQLQueryContextLogger").disabled = True  # prints what it also raises
    for name, value in (MEANING | PLANNING).items():
        session.conf.set(name, value)
    return session


def _beginning(settings: Settings) -> dict[str, str]:
    """What must be said before a session is there."""
    said = {"spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}
    if not settings.spark_master.startswith("local"):
        return said
    scratch = settings.home.resolve() / "tmp"
    said |= {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": str(scratch),
        "spark.sql.warehouse.dir": str(scratch / "spark-warehouse"),
        "spark.sql.shuffle.partitions": str(settings.threads),
    }
    if memory := _MEMORY.fullmatch(settings.memory_limit):
        said["spark.driver.memory"] = f"{memory[1]}{memory[2].lower()}"
    return said


def _need_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java", path=f"{home}/bin" if home else None):
        raise EngineMissing(
            "Spark needs Java 17 or 21: install openjdk-17-jre-headless, or set JAVA_HOME"
        )


def _read(session: SparkSession, pin: Pin, files: list[DataFile]) -> DataFrame:
    """Files of a pinned version; columns that an old file does not have yet are NULL."""
    schema = StructType.fromJson(json.loads(Schema.from_arrow(pin.schema).to_json()))
    if not files:
        typed = (f"CAST(NULL AS {f.dataType.simpleString()}) AS `{f.name}`" for f in schema)
        return session.sql(f"SELECT {', '.join(typed)} WHERE false")
    paths = [_GLOB.sub(r"\\\1", f"file://{pin.root / file.path}") for file in files]
    return session.read.schema(schema).option("basePath", f"file://{pin.root}").parquet(*paths)


def _as_declared(table: Table, rows: DataFrame) -> DataFrame:
    """The rows with the declared types.

    Raises:
        NotAsDeclared: DuckDB would round where Spark cuts off, or write a number in other letters.
    """
    for column in table.columns:
        found = rows.schema[column.name].dataType
        whole = isinstance(found, DecimalType) and found.scale == 0
        fraction = isinstance(found, (DoubleType, FloatType, DecimalType)) and not whole
        if fraction and column.type in ("BIGINT", "VARCHAR"):
            raise NotAsDeclared(
                f"{table.name}: {column.name} is a fraction and is declared {column.type}: "
                "round() it in the query"
            )
    return rows.selectExpr(
        *(f"CAST(`{c.name}` AS {spark_type(c.type)}) AS `{c.name}`" for c in table.columns)
    )


def _write(table: Table, rows: DataFrame, target: Path) -> None:
    """One file a day, more for a day of many rows."""
    writer = rows.hint("rebalance", *table.partitions).write.options(**WRITING)
    writer.partitionBy(*table.partitions).parquet(f"file://{target}")


def _staged_files(table: Table, target: Path) -> tuple[StagedFile, ...]:
    return tuple(
        StagedFile(
            path,
            pq.read_metadata(path).num_rows,
            path.stat().st_size,
            date.fromisoformat(path.parent.name.partition("=")[2]) if table.partition else None,
        )
        for path in sorted(target.rglob("[!._]*.parquet"))
    )
