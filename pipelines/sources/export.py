"""A CSV export as numbered raw lines, in batches, whatever bytes it holds.

Lines are split on LF alone: a CSV reader loses good rows to one unclosed quote, and stops at a
huge or badly encoded one. A quoted cell may hold commas and quotes, not line breaks.
"""

import csv
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, cast

import numpy as np
import pyarrow as pa

BLOCK_BYTES: Final = 2 * 2**20
BATCH_ROWS: Final = 100_000  # at most, however short the rows
MAX_ROW_BYTES: Final = 65_536  # a longer row is rejected; all its JSON escapes still fit one line
FIRST_ROW_LINE: Final = 2
GZIP_MAGIC: Final = b"\x1f\x8b"


class ExportRefused(ValueError):
    """The file as a whole cannot be replayed."""


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes, decompressed when they are gzip.

    Raises:
        ExportRefused: there is no such file, or its compressed bytes are damaged.
    """
    if not path.is_file():
        raise ExportRefused(f"{path}: there is no such file")
    with path.open("rb") as file:
        magic = file.read(len(GZIP_MAGIC))
    try:
        with gzip.open(path) if magic == GZIP_MAGIC else path.open("rb") as file:
            yield cast(BinaryIO, file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ExportRefused(
            f"{path}: the gzip data is cut or damaged ({error}); fetch the file again and replay "
            "it: rows that have landed already will only be duplicates"
        ) from error


def header(path: Path, file: BinaryIO) -> list[str]:
    """The column names in the file's first line.

    Raises:
        ExportRefused: the first line is not a line of text.
    """
    line = file.readline(MAX_ROW_BYTES)
    try:
        return next(csv.reader([line.decode("utf-8-sig").rstrip("\r\n")]), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise ExportRefused(f"{path} line 1: not a CSV header in UTF-8: {error}") from error


def batches(file: BinaryIO) -> Iterator[pa.Table]:
    """The rows after the header as ``line`` (its number in the file) and ``raw`` (its bytes)."""
    line, rest = FIRST_ROW_LINE, b""
    while block := file.read(BLOCK_BYTES):
        whole, newline, rest = (rest + block).rpartition(b"\n")
        rest = rest[: MAX_ROW_BYTES + 1]  # enough to know that it is too long
        if newline:
            rows = _numbered(whole + newline, line)
            line += rows.num_rows
            for start in range(0, rows.num_rows, BATCH_ROWS):
                yield rows.slice(start, BATCH_ROWS)
    if rest:
        yield _numbered(rest + b"\n", line)


def _numbered(block: bytes, first_line: int) -> pa.Table:
    ends = np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == ord("\n")) + 1
    offsets = np.concatenate(([0], ends)).astype(np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(block)]
    raw = pa.Array.from_buffers(pa.binary(), len(ends), buffers)
    lines = pa.array(np.arange(first_line, first_line + len(ends), dtype=np.int64))
    return pa.table({"line": lines, "raw": raw})
