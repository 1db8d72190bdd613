"""One batch of segments, staged: accepted events, quarantined lines and a count of each segment."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final
from uuid import uuid4

import duckdb
import pyarrow as pa

from pipelines.warehouse.ingest import quarantine
from pipelines.warehouse.ingest.lines import Chunk, chunks
from pipelines.warehouse.ingest.statement import EVENT_COLUMNS, LINES, Statements
from pipelines.warehouse.lake import StagedFile
from platform_core.contract import CONTRACT_VERSION
from platform_core.landing import Segment

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

    def add(self, segment: Segment) -> None:
        """Read one segment: every line of it becomes an event or is quarantined."""
        self.lines[segment] = 0
        statements = Statements(segment.source, segment.closed_on)
        for chunk in chunks(segment):
            self.lines[segment] += chunk.lines.num_rows
            self._add(chunk, statements)

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

    def _add(self, chunk: Chunk, statements: Statements) -> None:
        sequence = chunk.segment.sequence
        self._connection.register(LINES, chunk.lines)
        taken = self._accept(statements.accept(sequence))
        if sum(f.rows for f in taken) < chunk.lines.num_rows:
            self._look_again(chunk, statements, taken)
        self._connection.unregister(LINES)

    def _look_again(self, chunk: Chunk, statements: Statements, taken: list[StagedFile]) -> None:
        """Lines that the fast query left: diagnose them, and take those that are right."""
        self._connection.register("chunk", chunk.lines)
        seen = f"SELECT line FROM {_read(taken)}" if taken else "SELECT -1"
        left = f"SELECT line, raw FROM chunk WHERE line NOT IN ({seen})"
        self._connection.register(LINES, self._connection.sql(left).to_arrow_table())
        found = self._connection.sql(statements.diagnose()).to_arrow_table()
        self._connection.register("diagnosed", found)
        bad = "SELECT * FROM diagnosed WHERE problem IS NOT NULL ORDER BY line"
        self.bad_lines.append(
            quarantine.sealed(self._connection.sql(bad).to_arrow_table(), chunk.segment, self._key)
        )
        right = "SELECT line, raw FROM diagnosed WHERE problem IS NULL"
        good = self._connection.sql(right).to_arrow_table()
        if good.num_rows:
            self._connection.register(LINES, good)
            rows = sum(
                f.rows for f in self._accept(statements.accept(chunk.segment.sequence, exact=True))
            )
            if rows != good.num_rows:
                raise AssertionError(
                    f"{chunk.segment.path}: {good.num_rows - rows} lines were neither accepted nor "
                    "quarantined; nothing was ingested"
                )

    def _accept(self, query: str) -> list[StagedFile]:
        """Stage a query's events. Most chunks lie on one day: try that first, it is cheaper."""
        path = self._folder / f"{uuid4().hex}.parquet"
        columns = _WITHOUT_DAY
        ((_, rows, size, _, stats, _, _),) = self._connection.sql(
            f"COPY (SELECT {columns} FROM ({query})) TO '{path}' (FORMAT parquet, RETURN_STATS)"
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
        files = self._copy(
            f"SELECT {columns}, CAST(occurred_at AS DATE) AS utc_date FROM read_parquet('{path}')"
        )
        path.unlink()
        return files

    def _copy(self, query: str) -> list[StagedFile]:
        target = self._folder / uuid4().hex
        written = self._connection.sql(
            f"COPY ({query}) TO '{target}' (FORMAT parquet, PARTITION_BY (utc_date), RETURN_STATS)"
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
