"""Exactly-once ingest: landing segments become ``bronze.events`` or ``bronze.quarantine``.

Three tables each carry a source's watermark and are committed one after the other; whichever
lags after a crash is brought to the others' watermark first, from the same segments and with the
same result, before anything new is read.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.warehouse.catalog import Catalog
from pipelines.warehouse.engines.connection import connect, create_view
from pipelines.warehouse.ingest import quarantine
from pipelines.warehouse.ingest.columns import namespaces
from pipelines.warehouse.ingest.gate import passing
from pipelines.warehouse.ingest.staging import Batch, segment_rows
from pipelines.warehouse.lake import Lake, Staged, StagedFile
from platform_core.boundaries import reach
from platform_core.contract import json_schema
from platform_core.landing import Segment, segments, sources
from platform_core.pseudonyms import namespace_key
from platform_core.settings import Settings

TABLES: Final = ("bronze.quarantine", "bronze.events", "bronze.segments")
BATCH_BYTES: Final = 512 << 20
CONTRACT_HASH: Final = hashlib.sha256(
    json.dumps(json_schema(), sort_keys=True).encode()
).hexdigest()[:16]


@dataclass(frozen=True)
class IngestReport:
    """What became of the lines of one source, or of all."""

    segments: int = 0
    lines: int = 0
    accepted: int = 0
    duplicates: int = 0
    quarantined: int = 0

    def __add__(self, other: "IngestReport") -> "IngestReport":
        return IngestReport(
            *(getattr(self, f) + getattr(other, f) for f in self.__dataclass_fields__)
        )


class IngestError(ValueError):
    """Segments cannot be ingested as things stand; the message says what to do."""


class TooManyBadLines(IngestError):
    """Everything was ingested, but too much of it went into quarantine."""


@dataclass(frozen=True)
class Keys:
    """The platform's secrets that ingest needs."""

    pseudonym: bytes
    quarantine: bytes

    def pseudonym_key(self, namespace: str) -> str:
        """The key of one kind of identifier."""
        return namespace_key(self.pseudonym, namespace)


class Ingest:
    """Reads the landing zone into the lake."""

    def __init__(self, lake: Lake, catalog: Catalog, settings: Settings, keys: Keys) -> None:
        self._lake = lake
        self._settings = settings
        self._keys = keys
        self._tables = {name: catalog[name].table for name in TABLES}
        for table in self._tables.values():
            lake.ensure(table)

    def all_sources(self) -> dict[str, IngestReport]:
        """Ingest all closed segments of every source.

        Raises:
            TooManyBadLines: after everything was ingested.
        """
        landing = self._settings.landing
        reports = {source: self.source(source) for source in sources(landing)}
        self._refuse_rot(reports)
        return reports

    def waiting(self) -> dict[str, int]:
        """Closed segments of each source that are not ingested yet."""
        landing = self._settings.landing
        return {
            s: len(segments(landing, s, min(self._marks(s).values()))) for s in sources(landing)
        }

    def source(self, source: str) -> IngestReport:
        """Ingest all closed segments of one source."""
        report = IngestReport()
        with passing(self._lake):
            while batch := self._next_batch(source):
                report += self._ingest(source, batch)
        return report

    def _marks(self, source: str) -> dict[str, int]:
        return {name: self._lake.watermark(name, source) for name in TABLES}

    def _next_batch(self, source: str) -> list[Segment]:
        """What lags behind another table's watermark; else new segments up to a size."""
        marks = self._marks(source)
        low = min(marks.values())
        found = segments(self._settings.landing, source, low)
        ahead = [mark for mark in marks.values() if mark > low]
        if ahead:
            self._refuse_other_contract(source, marks)
            return [s for s in found if s.sequence <= min(ahead)]
        total = accumulate(s.path.stat().st_size for s in found)
        return [s for s, size in zip(found, total, strict=True) if size <= BATCH_BYTES] or found[:1]

    def _ingest(self, source: str, batch: list[Segment]) -> IngestReport:
        low, high = batch[0].sequence - 1, batch[-1].sequence
        with (
            self._lake.staging("bronze.events") as folder,
            self._connect() as connection,
        ):
            staging = Batch(connection, folder, self._keys.quarantine)
            staging.add(batch)
            staging.mark_duplicates(self._copies(connection, source, low))
            rows = list(
                segment_rows(
                    staging.lines,
                    staging.counts(),
                    quarantine.count_by_segment(staging.bad_lines),
                )
            )
            reach("ingest.staged")
            files: Mapping[str, Callable[[], tuple[StagedFile, ...]]] = {
                "bronze.quarantine": lambda: self._write(
                    folder, "bronze.quarantine", staging.bad_lines, batch
                ),
                "bronze.events": lambda: tuple(staging.events),
                "bronze.segments": lambda: self._write(
                    folder,
                    "bronze.segments",
                    [self._segments(rows)],
                    batch,
                ),
            }
            committed = True
            for name in TABLES:
                committed = committed and self._commit(name, source, low, high, files[name])
        return _report(rows) if committed else IngestReport()

    def _commit(
        self,
        name: str,
        source: str,
        low: int,
        high: int,
        files: Callable[[], tuple[StagedFile, ...]],
    ) -> bool:
        """Commit one table's rows unless it has them. False when somebody else got there first."""
        if self._lake.watermark(name, source) >= high:
            return True
        staged = Staged(
            table=self._tables[name],
            files=files(),
            window=None,
            run_id=f"ingest:{source}:{low + 1}-{high}",
            model_hash=CONTRACT_HASH,
        )
        version = self._lake.append(staged, source, high, low)
        if version is not None:
            reach(f"ingest.{name.partition('.')[2]}_committed")
        return version is not None

    def _copies(self, connection: duckdb.DuckDBPyConnection, source: str, low: int) -> str:
        """SELECT (segment, line) of staged events that landed before: here or in history."""
        pin = self._lake.pin("bronze.events")
        create_view(connection, "history", pin, pin.files)
        return f"""
        WITH repeated AS (
          SELECT event_id FROM staged GROUP BY event_id HAVING count(*) > 1
        ),
        earlier AS (
          SELECT DISTINCT event_id FROM history SEMI JOIN staged USING (event_id)
          WHERE source = '{source}' AND segment <= {low}
        )
        SELECT segment, line FROM staged SEMI JOIN repeated USING (event_id)
        QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY segment, line) > 1
        UNION
        SELECT segment, line FROM staged SEMI JOIN earlier USING (event_id)
        """

    def _connect(self) -> duckdb.DuckDBPyConnection:
        connection = connect(self._settings, self._lake.timezone)
        connection.execute("SET preserve_insertion_order = false")
        # A filter that is pushed below the parsing makes every line be parsed twice.
        connection.execute("SET disabled_optimizers = 'filter_pushdown'")
        for namespace in namespaces():
            key = self._keys.pseudonym_key(namespace)
            connection.execute(f"SET VARIABLE {namespace}_key = ?", [key])
        return connection

    def _write(
        self, folder: Path, name: str, tables: list[pa.Table], batch: list[Segment]
    ) -> tuple[StagedFile, ...]:
        """One Parquet file for each day on which a segment of the batch was closed."""
        declared = self._tables[name]
        schema = pa.schema(list(declared.file_schema.items()))
        files = []
        for day in sorted({s.closed_on for s in batch}):
            closed = pa.array([s.sequence for s in batch if s.closed_on == day])
            rows = pa.concat_tables(
                [pa.table({n: [] for n in schema.names}, schema=schema)]
                + [
                    t.filter(pa.compute.is_in(t["segment"], closed))
                    .select(schema.names)
                    .cast(schema)
                    for t in tables
                ]
            )
            if rows.num_rows:
                path = folder / f"{name}-{day}.parquet"
                pq.write_table(rows, path, compression="zstd")
                files.append(StagedFile(path, rows.num_rows, path.stat().st_size, day))
        return tuple(files)

    def _segments(self, rows: list[dict[str, object]]) -> pa.Table:
        return pa.Table.from_pylist(rows, schema=self._tables["bronze.segments"].arrow_schema)

    def _refuse_other_contract(self, source: str, marks: Mapping[str, int]) -> None:
        """A batch that one contract began must be finished by the same."""
        for name in (n for n, mark in marks.items() if mark == max(marks.values())):
            for commit in self._lake.history(name):
                run = str(commit.get("run_id", ""))
                if run.startswith(f"ingest:{source}:"):
                    if commit["model_hash"] != CONTRACT_HASH:
                        raise IngestError(
                            f"{name}: {run} was begun under another contract; finish it with the "
                            "Meadow that began it, then update"
                        )
                    break

    def _refuse_rot(self, reports: Mapping[str, IngestReport]) -> None:
        for source, report in reports.items():
            limit = self._settings.max_quarantine_rate
            if report.quarantined > limit * report.lines:
                raise TooManyBadLines(
                    f"source {source!r}: {report.quarantined} of {report.lines} lines went into "
                    f"quarantine, more than {limit:.0%}; all lines are kept: see `meadow "
                    f"quarantine list --source {source}`, or raise MEADOW_MAX_QUARANTINE_RATE"
                )


def _report(rows: list[dict[str, object]]) -> IngestReport:
    total = {k: sum(int(str(r[k])) for r in rows) for k in _COUNTS}
    return replace(IngestReport(segments=len(rows)), **total)


_COUNTS: Final = ("lines", "accepted", "duplicates", "quarantined")
