"""Segments as numbered raw lines, split on LF bytes alone: no reader can stumble over a line."""

import mmap
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
import pyarrow as pa

from platform_core.contract.envelope import CLOCK_SKEW_DAYS
from platform_core.landing import Segment

CHUNK_BYTES: Final = 96 << 20
MAPPED_BYTES: Final = 4 << 20  # smaller files are read: a mapping holds its file open
BLOCK_BYTES: Final = 1 << 19  # searched at once; small enough to stay in the processor's cache
BATCH_LINES: Final = 30_720  # what one of the engine's threads takes at once
LF: Final = 10


@dataclass(frozen=True)
class Chunk:
    """Some whole lines of some segments of one source, as ``numbered`` gives them."""

    pieces: tuple[tuple[Segment, int], ...]
    """Segments, each with how many of its lines are here."""
    lines: pa.Table

    @property
    def source(self) -> str:
        return self.pieces[0][0].source

    @property
    def is_of_one_day(self) -> bool:
        """Whether all segments were closed on one day."""
        return len({segment.closed_on for segment, _ in self.pieces}) == 1


@dataclass(frozen=True)
class _Span:
    """Some whole lines of a segment, not yet split."""

    segment: Segment
    data: memoryview


def chunks(segments: Iterable[Segment]) -> Iterator[Chunk]:
    """Cut large segments into chunks of whole lines, and join small ones to one chunk.

    A plain large segment is read where it lies, not copied.
    """
    read: Counter[Segment] = Counter()
    gathered: list[_Span] = []
    for span in (span for segment in segments for span in _spans(segment)):
        if gathered and sum(len(s.data) for s in gathered) + len(span.data) > CHUNK_BYTES:
            yield _chunk(gathered, read)
            gathered = []
        gathered.append(span)
    if gathered:
        yield _chunk(gathered, read)


def numbered(lines: pa.Table, sequence: int, closed_on: date) -> pa.Table:
    """Lines of one segment with what the queries ask of it.

    Columns: ``segment``, ``line`` (from 1), ``raw``, and ``ends_at``, the first instant [UTC]
    that is too late for an event of the segment.
    """
    midnight = datetime.combine(closed_on, datetime.min.time())
    ends_at = np.datetime64(midnight + timedelta(days=1 + CLOCK_SKEW_DAYS), "us")
    return lines.append_column(
        "segment", pa.array(np.full(lines.num_rows, sequence, dtype=np.int64))
    ).append_column("ends_at", pa.array(np.full(lines.num_rows, ends_at)))


def split(data: bytes | memoryview, first: int = 1) -> pa.Table:
    """Lines of ``data``, each with its LF; the last may lack it. An empty line is a line."""
    array = np.frombuffer(data, dtype=np.uint8)
    found = [
        np.flatnonzero(array[start : start + BLOCK_BYTES] == LF) + start
        for start in range(0, len(array), BLOCK_BYTES)
    ]
    ends = np.concatenate(found) if found else np.empty(0, dtype=np.int64)
    if len(array) and (not len(ends) or ends[-1] != len(array) - 1):
        ends = np.append(ends, len(array))
    return pa.table({"line": np.arange(first, first + len(ends)), "raw": _slices(data, ends)})


def _spans(segment: Segment) -> Iterator[_Span]:
    data, start = _contents(segment), 0
    while start < len(data):
        end = data.find(b"\n", start + CHUNK_BYTES) + 1 or len(data)
        yield _Span(segment, memoryview(data)[start:end])
        start = end


def _chunk(spans: Iterable[_Span], read: Counter[Segment]) -> Chunk:
    """Split spans into lines, numbered after those that were ``read`` before."""
    pieces, tables = [], []
    for span in spans:
        segment = span.segment
        table = split(span.data, read[segment] + 1)
        read[segment] += table.num_rows
        pieces.append((segment, table.num_rows))
        tables.append(numbered(table, segment.sequence, segment.closed_on))
    return Chunk(tuple(pieces), pa.concat_tables(tables))


def _slices(data: bytes | memoryview, ends: np.ndarray) -> pa.ChunkedArray:
    """Binary values that share the memory of ``data``."""
    offsets = np.concatenate([[0], ends + 1]).astype(np.int64)
    offsets[-1] = min(offsets[-1], len(data))
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    whole = pa.Array.from_buffers(pa.large_binary(), len(ends), buffers)
    return pa.chunked_array(
        [whole[start : start + BATCH_LINES] for start in range(0, max(len(ends), 1), BATCH_LINES)]
    )


def _contents(segment: Segment) -> bytes | mmap.mmap:
    if segment.path.suffix == ".gz" or segment.path.stat().st_size < MAPPED_BYTES:
        return segment.read()
    with segment.path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
