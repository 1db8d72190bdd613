"""One batch of segments, staged: accepted events, quarantined lines and a count of each segment."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final
from uuid import uuid4

import duckdb
import pyarrow as pa

from pipelines.warehouse.ingest import quarantine
from pipelines.warehouse.ingest.columns import EVENT_COLUMNS
from pipelines.warehouse.ingest.lines import Chunk, chunks
from pipelines.warehouse.ingest.statement import LINES, Statements, found_kinds
from pipelines.warehouse.lake import StagedFile
from platform_core.contract import CONTRACT_VERSION
from platform_core.landing import Segment

SAMPLE_LINES: Final = 16_384  # read to find the kinds of events that a chunk holds
CLUSTERED: Final = "ORDER BY type"
ROW_GROUP: Final = "ROW_GROUP_SIZE 16384"
PARQUET: Final = f"FORMAT parquet, {ROW_GROUP}, RETURN_STATS"
"""Events of a type lie together in row groups of their own: tables that read a rare type read
little else, and there are many such tables."""
_WITHOUT_DAY: Final = ", ".join(c for c in EVENT_COLUMNS if c != "utc_date")


class Batch:
    """Stages the lines of some segments of one source below ``folder``."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, folder: Path, quarantine_key: bytes
    ) -> None:
        self._connection = connection
        self._folder = folder
        self._key = quarantine_key
        self.events: list[StagedFile] = []
        self.bad_lines: list[pa.Table] = []
        self.lines: dict[Segment, int] = {}
        self._kinds: dict[str, None] = {}

    def add(self, segments: Iterable[Segment]) -> None:
        """Read segments of one source: every line becomes an event or is quarantined."""
        self.lines |= dict.fromkeys(segments, 0)
        for chunk in chunks(self.lines):
            for segment, lines in chunk.pieces:
                self.lines[segment] += lines
            self._add(chunk)
            del chunk  # or its file stays mapped while the next is read

    def mark_duplicates(self, copies: str) -> int:
        """Set ``is_duplicate`` on the staged events that the query ``copies`` finds.

        ``copies`` selects (segment, line) and may read the staged events as ``staged``. Files are
        written again only if there are any.
        """
        if not self.events:
            return 0
        self._connection.execute(
            f"CREATE OR REPLACE TEMP VIEW staged AS SELECT * FROM {_read(self.events)}"
        )
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE copies AS {copies}")
        ((found,),) = self._connection.sql("SELECT count(*) FROM copies").fetchall()
        if found:
            flagged = (
                "SELECT staged.* REPLACE (copies.line IS NOT NULL AS is_duplicate) "
                "FROM staged LEFT JOIN copies USING (segment, line)"
            )
            columns = _WITHOUT_DAY + ", CAST(occurred_at AS DATE) AS utc_date"
            replaced, self.events = self.events, []
            self._copy(f"SELECT {columns} FROM ({flagged})")
            for file in replaced:
                file.path.unlink()
        return int(found)

    def counts(self) -> list[tuple[int, int, int]]:
        """(segment, events, duplicates) of the staged events."""
        if not self.events:
            return []
        return self._connection.sql(
            "SELECT segment, count(*), count(*) FILTER (WHERE is_duplicate) "
            f"FROM {_read(self.events)} GROUP BY segment"
        ).fetchall()

    def _add(self, chunk: Chunk) -> None:
        """Take what is surely right; look again at the lines that are left."""
        count = chunk.lines.num_rows
        self._connection.register(LINES, chunk.lines)
        self._kinds |= dict.fromkeys(self._found_kinds(every=max(count // SAMPLE_LINES, 1)))
        taken = self._accept(Statements(chunk.source, tuple(self._kinds)).accept(), chunk)
        left = count - sum(f.rows for f in taken)
        if left:
            self._leave_out(taken)
            self._look_again(chunk, left)
        self._connection.unregister(LINES)

    def _look_again(self, chunk: Chunk, left: int) -> None:
        """Quarantine the bad ones of the lines that are left, and take those that are right."""
        query = Statements(chunk.source, self._found_kinds()).examine()
        self._connection.register("examined", self._connection.sql(query).to_arrow_table())
        bad = self._connection.sql(
            "SELECT segment, line, raw, problem FROM examined WHERE problem IS NOT NULL "
            "ORDER BY segment, line"
        ).to_arrow_table()
        self.bad_lines.append(quarantine.sealed(bad, chunk.source, self._key))
        right = f"SELECT {', '.join(EVENT_COLUMNS)} FROM examined WHERE problem IS NULL"
        taken = self._accept(right, chunk)
        self._connection.unregister("examined")
        if bad.num_rows + sum(f.rows for f in taken) != left:
            raise AssertionError(
                f"source {chunk.source!r}: some of {left} lines were neither accepted nor "
                "quarantined; nothing was ingested"
            )

    def _leave_out(self, taken: list[StagedFile]) -> None:
        """Take the staged events' lines out of those that queries read."""
        if taken:
            others = f"SELECT {LINES}.* FROM {LINES} ANTI JOIN {_read(taken)} USING (segment, line)"
            self._connection.register(LINES, self._connection.sql(others).to_arrow_table())

    def _found_kinds(self, every: int = 1) -> tuple[str, ...]:
        """Kinds of events among the lines, the frequent ones first; rare ones escape a sample."""
        return tuple(kind for (kind,) in self._connection.sql(found_kinds(every)).fetchall())

    def _accept(self, query: str, chunk: Chunk) -> list[StagedFile]:
        """Stage a query's events. Most chunks lie on one day: try that first, it is cheaper."""
        columns = f"{_WITHOUT_DAY}, CAST(occurred_at AS DATE) AS utc_date"
        if not chunk.is_of_one_day:
            return self._copy(f"SELECT {columns} FROM ({query})")
        path = self._folder / f"{uuid4().hex}.parquet"
        ((_, rows, size, _, stats, _, _),) = self._connection.sql(
            f"COPY (SELECT {_WITHOUT_DAY} FROM ({query}) {CLUSTERED}) TO '{path}' ({PARQUET})"
        ).fetchall()
        if not rows:
            path.unlink()
            return []
        times = stats['"occurred_at"']
        first, last = (date.fromisoformat(times[k][:10]) for k in ("min", "max"))
        if first == last:
            files = [StagedFile(path, rows, size, first)]
            self.events += files
            return files
        files = self._copy(f"SELECT {columns} FROM read_parquet('{path}')")
        path.unlink()
        return files

    def _copy(self, query: str) -> list[StagedFile]:
        target = self._folder / uuid4().hex
        written = self._connection.sql(
            f"COPY ({query} {CLUSTERED}) TO '{target}' ({PARQUET}, PARTITION_BY (utc_date))"
        ).fetchall()
        files = [
            StagedFile(Path(name), rows, size, date.fromisoformat(keys["utc_date"]))
            for name, rows, size, _, _, keys, _ in written
        ]
        self.events += files
        return files


def segment_rows(
    lines: dict[Segment, int], events: Iterable[tuple[int, int, int]], bad: dict[int, int]
) -> Iterator[dict[str, object]]:
    """Rows of ``bronze.segments``: what became of each segment's lines."""
    counted = {sequence: (rows, copies) for sequence, rows, copies in events}
    for segment, landed in lines.items():
        rows, copies = counted.get(segment.sequence, (0, 0))
        yield {
            "source": segment.source,
            "segment": segment.sequence,
            "utc_date": segment.closed_on,
            "lines": landed,
            "accepted": rows - copies,
            "duplicates": copies,
            "quarantined": bad.get(segment.sequence, 0),
            "contract_version": CONTRACT_VERSION,
        }


def _read(files: list[StagedFile]) -> str:
    names = ", ".join(f"'{f.path}'" for f in files)
    return f"read_parquet([{names}], hive_partitioning = false)"
