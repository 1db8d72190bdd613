"""Segments as numbered raw lines, split on LF bytes alone: no reader can stumble over a line."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, cast

import numpy as np
import pyarrow as pa

from platform_core.landing import Segment

CHUNK_BYTES: Final = 96 << 20
BLOCK_BYTES: Final = 1 << 19  # searched at once; small enough to stay in the processor's cache
BATCH_LINES: Final = 122_880
LF: Final = 10


@dataclass(frozen=True)
class Chunk:
    """Some whole lines of a segment, as an Arrow table of ``line`` (from 1) and ``raw``."""

    segment: Segment
    lines: pa.Table


def chunks(segment: Segment) -> Iterator[Chunk]:
    """Read a segment piece by piece, each of whole lines."""
    first = 1
    with _open(segment) as file:
        while data := file.read(CHUNK_BYTES):
            data += file.readline()
            table = split(data, first)
            first += table.num_rows
            yield Chunk(segment, table)


def split(data: bytes, first: int = 1) -> pa.Table:
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


def _slices(data: bytes, ends: np.ndarray) -> pa.ChunkedArray:
    """Binary values that share the memory of ``data``."""
    offsets = np.concatenate([[0], ends + 1]).astype(np.int64)
    offsets[-1] = min(offsets[-1], len(data))
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    whole = pa.Array.from_buffers(pa.large_binary(), len(ends), buffers)
    return pa.chunked_array(
        [whole[start : start + BATCH_LINES] for start in range(0, max(len(ends), 1), BATCH_LINES)]
    )


def _open(segment: Segment) -> BinaryIO:
    if segment.path.suffix == ".gz":
        return cast(BinaryIO, gzip.open(segment.path))
    return segment.path.open("rb")
