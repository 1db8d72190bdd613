"""Replay somebody's export: every row becomes contract events in the source's landing segments.

An event's id comes from the file's name and the row's line, so a file replayed again, or a replay
that was killed and started again, lands nothing but duplicates of what has landed before.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from pipelines.sources.export import ExportRefused, batches, header, opened
from pipelines.sources.mapping import Source
from pipelines.sources.statements import KNOWN_STATES, REJECTIONS, SHOWN_REJECTIONS, Statements
from platform_core.landing import append_segment
from platform_core.settings import settings

SEGMENT_LINES: Final = 100_000
MAX_NAME_LENGTH: Final = 200  # leaves room for line and suffix in an event's id


@dataclass(frozen=True)
class Rejection:
    """A row that could not be mapped."""

    line: int
    reason: str


@dataclass(frozen=True)
class ReplayReport:
    """What a replay landed: ``events`` + ``rejected`` lines in ``segments`` segments."""

    rows: int = 0
    events: int = 0
    rejected: int = 0
    first_rejections: tuple[Rejection, ...] = ()
    segments: int = 0

    def __add__(self, later: "ReplayReport") -> "ReplayReport":
        return ReplayReport(
            self.rows + later.rows,
            self.events + later.events,
            self.rejected + later.rejected,
            (self.first_rejections + later.first_rejections)[:SHOWN_REJECTIONS],
            self.segments + later.segments,
        )


@dataclass(frozen=True)
class _Part:
    """A batch of rows as event lines, and what it adds to the report."""

    body: bytes
    report: ReplayReport

    @property
    def lines(self) -> int:
        return self.report.events + self.report.rejected


def replay(source: Source, path: Path, landing: Path, *, closed_on: date) -> ReplayReport:
    """Land every row of a CSV export, plain or gzip, in the order of the file.

    A row that cannot be mapped lands as ``replay.row_rejected`` with its line and the reason.

    Raises:
        ExportRefused: the file is missing, damaged or lacks a column that the source needs.
    """
    report = ReplayReport()
    with opened(path) as file:
        names = header(path, file)
        _require_columns(source, path, names)
        _require_short_name(path)
        statements = Statements(source, names, path.name, closed_on)
        for parts in _segments(_mapped(statements, batches(file))):
            append_segment(landing, source.name, closed_on, (part.body for part in parts))
            report = sum((part.report for part in parts), report + ReplayReport(segments=1))
    return report


def _mapped(statements: Statements, rows: Iterable[pa.Table]) -> Iterator[_Part]:
    here = settings()
    with duckdb.connect(
        config={"threads": here.threads, "memory_limit": here.memory_limit}
    ) as connection:
        connection.execute(KNOWN_STATES)
        for batch in rows:
            yield _part(connection, statements, batch)


def _part(connection: duckdb.DuckDBPyConnection, statements: Statements, batch: pa.Table) -> _Part:
    connection.register("batch", batch)
    connection.execute(statements.rows())
    connection.unregister("batch")
    lines = connection.sql(statements.events()).pl()["event"]
    for statement in statements.states():
        connection.execute(statement)
    rejected, first = connection.sql(REJECTIONS).fetchall()[0]
    report = ReplayReport(
        rows=batch.num_rows,
        events=len(lines) - rejected,
        rejected=rejected,
        first_rejections=tuple(Rejection(**rejection) for rejection in first),
    )
    return _Part(lines.str.join().item().encode(), report)


def _segments(parts: Iterable[_Part]) -> Iterator[list[_Part]]:
    held: list[_Part] = []
    for part in parts:
        held.append(part)
        if sum(part.lines for part in held) >= SEGMENT_LINES:
            yield held
            held = []
    if any(part.lines for part in held):
        yield held


def _require_columns(source: Source, path: Path, names: list[str]) -> None:
    for column in source.columns:
        if column not in names:
            raise ExportRefused(
                f"{path}: the header lacks the column {column!r} that source {source.name!r} "
                f"needs; it holds: {', '.join(names) or 'nothing'}"
            )


def _require_short_name(path: Path) -> None:
    if len(path.name) > MAX_NAME_LENGTH:
        raise ExportRefused(f"{path}: event ids start with the file's name; give it a shorter one")
