"""The landing zone: closed segments of event lines, ``landing/<source>/<date>/<sequence>.jsonl``.

A segment is written under a temporary name, fsynced and renamed: a reader sees all of it or none.
A source's sequence never restarts, and one writer at a time holds the source's lock.
"""

import fcntl
import gzip
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from platform_core.boundaries import reach

SOURCE_NAME: Final = re.compile(r"^[a-z][a-z0-9_]{0,62}$")
SEGMENT_NAME: Final = re.compile(r"^(\d{6,})\.jsonl(\.gz)?$")


@dataclass(frozen=True, order=True)
class Segment:
    """A closed segment; ``closed_on`` is the UTC day on which it was closed."""

    source: str
    sequence: int
    closed_on: date
    path: Path

    def read(self) -> bytes:
        """The segment's bytes, decompressed."""
        raw = self.path.read_bytes()
        return gzip.decompress(raw) if self.path.suffix == ".gz" else raw


class LandingError(ValueError):
    """The landing zone is not as the contract says."""


def sources(landing: Path) -> list[str]:
    """Names of the sources that have a folder."""
    if not landing.is_dir():
        return []
    return sorted(p.name for p in landing.iterdir() if p.is_dir() and SOURCE_NAME.match(p.name))


def segments(landing: Path, source: str, after: int = 0) -> list[Segment]:
    """Closed segments of a source with a sequence above ``after``, ascending and without a gap.

    Raises:
        LandingError: a sequence is missing or stands twice.
    """
    found = sorted(s for s in _all_segments(landing, source) if s.sequence > after)
    for expected, segment in enumerate(found, start=after + 1):
        if segment.sequence != expected:
            raise LandingError(
                f"{segment.path}: segment {expected} of source {source!r} should come here; "
                "put the missing segment back, or remove the one that stands twice"
            )
    return found


def last_sequence(landing: Path, source: str) -> int:
    """The highest sequence a source has closed; 0 before the first."""
    return max((s.sequence for s in _all_segments(landing, source)), default=0)


def first_sequence(landing: Path, source: str) -> int:
    """The lowest sequence that still stands: retention removes those before it; 1 without any."""
    return min((s.sequence for s in _all_segments(landing, source)), default=1)


@contextmanager
def writer_lock(landing: Path, source: str) -> Iterator[None]:
    """Hold the source's writer lock; waits for the current holder."""
    _checked(source)
    folder = landing / source
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write_segment(
    landing: Path, source: str, sequence: int, closed_on: date, chunks: Iterable[bytes]
) -> Segment:
    """Close one segment from chunks of whole lines. The caller holds the writer lock."""
    _checked(source)
    folder = landing / source / closed_on.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{sequence:06d}.jsonl"
    temporary = folder / f".{path.name}.tmp"
    with temporary.open("wb") as file:
        file.writelines(chunks)
        file.flush()
        os.fsync(file.fileno())
    reach("landing.segment_written")
    return land_file(landing, source, sequence, closed_on, temporary)


def land_file(landing: Path, source: str, sequence: int, closed_on: date, path: Path) -> Segment:
    """Make a fsynced file of whole lines a segment. The caller holds the writer lock."""
    _checked(source)
    folder = landing / source / closed_on.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    landed = folder / f"{sequence:06d}.jsonl"
    path.rename(landed)
    sync_folder(folder)
    reach("landing.segment_closed")
    return Segment(source, sequence, closed_on, landed)


def append_segment(landing: Path, source: str, closed_on: date, chunks: Iterable[bytes]) -> Segment:
    """Close the next segment of a source."""
    with writer_lock(landing, source):
        sequence = last_sequence(landing, source) + 1
        return write_segment(landing, source, sequence, closed_on, chunks)


def expire_segments(landing: Path, source: str, before: date, up_to: int) -> int:
    """Remove segments that were closed before a day, up to a sequence. Returns how many.

    The newest segment is emptied instead: it holds the place from which the sequence goes on.
    """
    last = last_sequence(landing, source)
    old = [
        s
        for s in sorted(_all_segments(landing, source))
        if s.closed_on < before and s.sequence <= up_to
    ]
    removed = [s for s in old if s.sequence < last]
    for segment in removed:
        segment.path.unlink()
        if not any(segment.path.parent.iterdir()):
            segment.path.parent.rmdir()
    for segment in old[len(removed) :]:
        segment.path.write_bytes(gzip.compress(b"") if segment.path.suffix == ".gz" else b"")
    return len(removed)


def _all_segments(landing: Path, source: str) -> Iterator[Segment]:
    for day in (landing / source).glob("????-??-??"):
        for path in day.iterdir():
            if match := SEGMENT_NAME.match(path.name):
                yield Segment(source, int(match[1]), date.fromisoformat(day.name), path)


def _checked(source: str) -> None:
    if not SOURCE_NAME.match(source):
        raise LandingError(f"source {source!r}: a name is lower-case letters, digits and '_'")


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
