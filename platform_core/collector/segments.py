"""Collecting in process: lines of behaviour become segments without a server in between."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final

import polars as pl

from platform_core.collector.encoding import SOURCE
from platform_core.contract.envelope import MAX_LINE_BYTES
from platform_core.landing import append_segment

SEGMENT_BYTES: Final = 64 << 20
PORTION_LINES: Final = 50_000  # taken at once, so that memory stays flat


class Collector:
    """Writes lines of one source, in their order; what ``close`` has returned from is durable."""

    def __init__(self, landing: Path, source: str = SOURCE) -> None:
        self._landing = landing
        self._source = source
        self._held: list[bytes] = []
        self._held_bytes = 0

    def write(self, lines: pl.Series | Iterable[bytes], closed_on: date) -> None:
        """Take lines without line ends; a full segment is closed at once, the rest by ``close``.

        Raises:
            ValueError: a line is longer than the contract allows, or holds a line end; neither it
                nor what comes after it was taken.
        """
        portions = _of_series(lines) if isinstance(lines, pl.Series) else _of_bytes(lines)
        for portion in portions:
            self._held.append(portion)
            self._held_bytes += len(portion)
            if self._held_bytes >= SEGMENT_BYTES:
                self.close(closed_on)

    def close(self, closed_on: date) -> None:
        """Close a segment of everything that is held, if anything is."""
        if self._held:
            append_segment(self._landing, self._source, closed_on, self._held)
            self._held, self._held_bytes = [], 0


def _of_series(lines: pl.Series) -> Iterator[bytes]:
    for start in range(0, len(lines), PORTION_LINES):
        portion = lines.slice(start, PORTION_LINES)
        is_wrong = (portion.str.len_bytes() > MAX_LINE_BYTES) | portion.str.contains(
            "\n", literal=True
        )
        for line in portion.filter(is_wrong).head(1):
            _check(line.encode())
        ended = pl.select(pl.concat_str(portion, pl.lit("\n"))).to_series()
        yield ended.to_arrow(compat_level=pl.CompatLevel.oldest()).buffers()[2].to_pybytes()


def _of_bytes(lines: Iterable[bytes]) -> Iterator[bytes]:
    rest = iter(lines)
    while portion := list(islice(rest, PORTION_LINES)):
        for line in portion:
            _check(line)
        yield b"\n".join((*portion, b""))


def _check(line: bytes) -> None:
    if len(line) > MAX_LINE_BYTES:
        raise ValueError(f"a line is longer than {MAX_LINE_BYTES} bytes: {line[:80]!r}...")
    if b"\n" in line:
        raise ValueError(f"a line holds a line end: {line[:80]!r}...")
