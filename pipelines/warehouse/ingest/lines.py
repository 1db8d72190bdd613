"""Segments as numbered raw lines, split on LF bytes alone: no reader can stumble over a line."""

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from platform_core.landing import Segment

CHUNK_BYTES: Final = 96 << 20
BLOCK_BYTES: Final = 1 << 19  # searched at once; small enough to stay in the processor's cache
BATCH_LINES: Final = 30_720  # what one of the engine's threads takes at once
LF: Final = 10


@dataclass(frozen=True)
class Chunk:
    """Some whole lines of a segment, as an Arrow table of ``line`` (from 1) and ``raw``."""

    segment: Segment
    lines: pa.Table


def chunks(segment: Segment) -> Iterator[Chunk]:
    """Cut a segment into chunks of whole lines; a plain one is read where it lies, not copied."""
    data = _contents(segment)
    first, start = 1, 0
    while start < len(data):
        end = data.find(b"\n", start + CHUNK_BYTES) + 1 or len(data)
        table = split(memoryview(data)[start:end], first)
        yield Chunk(segment, table)
        first, start = first + table.num_rows, end


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
    if segment.path.suffix == ".gz" or not segment.path.stat().st_size:
        return segment.read()
    with segment.path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
