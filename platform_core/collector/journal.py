"""Journals: what the collector has answered for is on disk before the answer, a segment after.

A journal is a file in its source's folder that one process holds open. It grows by batches, each
fsynced, and becomes the source's next segment when it is closed; one that a dead process has left
behind is closed by ``recover``.
"""

import fcntl
import os
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Final

from platform_core.boundaries import reach
from platform_core.landing import land_file, last_sequence, sources, sync_folder, writer_lock

JOURNALS: Final = ".journal-*"


class NotWritten(Exception):
    """The disk did not take a batch: nobody may be told that it was accepted."""


@dataclass(eq=False)
class _Batch:
    lines: bytes
    is_written: bool = False
    failure: OSError | None = None


class Journal:
    """One source's journal; threads that append at once share one fsync."""

    def __init__(self, landing: Path, source: str) -> None:
        self._landing = landing
        self._source = source
        self._file: _File | None = None
        self._waiting: list[_Batch] = []
        self._door, self._pen = Lock(), Lock()

    @property
    def size(self) -> int:
        """Bytes that are not in a segment yet."""
        return self._file.size if self._file else 0

    def append(self, lines: bytes) -> None:
        """Add whole lines; they are durable when this returns.

        Raises:
            NotWritten: the disk is full or broken; the journal is as it was before.
        """
        mine = _Batch(lines)
        with self._door:
            self._waiting.append(mine)
        with self._pen:  # whoever comes first writes for all that wait
            with self._door:
                batches, self._waiting = self._waiting, []
            if batches:
                self._write(batches)
        if not mine.is_written:
            raise NotWritten(f"{self._landing / self._source}: {mine.failure}")

    def close(self, closed_on: date) -> None:
        """Make what was appended a segment, if there is anything."""
        with self._pen:
            if self._file:
                self._file.land(self._landing, self._source, closed_on)
                self._file = None

    def _write(self, batches: list[_Batch]) -> None:
        try:
            self._file = self._file or _File.create(self._landing, self._source)
            self._file.append(b"".join(batch.lines for batch in batches))
        except OSError as error:
            for batch in batches:
                batch.failure = error
        else:
            for batch in batches:
                batch.is_written = True


@dataclass
class _File:
    """A journal's file; the lock on it says that its process lives."""

    path: Path
    descriptor: int
    size: int

    @classmethod
    def create(cls, landing: Path, source: str) -> "_File":
        with writer_lock(landing, source):
            path = landing / source / JOURNALS.replace("*", secrets.token_hex(8))
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_WRONLY, 0o644)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            sync_folder(path.parent)
        return cls(path, descriptor, size=0)

    def append(self, lines: bytes) -> None:
        try:
            rest = memoryview(lines)
            while rest:
                rest = rest[os.write(self.descriptor, rest) :]
            reach("collector.batch_written")
            os.fsync(self.descriptor)
        except OSError:
            os.ftruncate(self.descriptor, self.size)
            raise
        self.size += len(lines)
        reach("collector.batch_synced")

    def land(self, landing: Path, source: str, closed_on: date) -> None:
        with writer_lock(landing, source):
            _land(landing, source, closed_on, self.path, self.size)
        os.close(self.descriptor)


def recover(landing: Path, closed_on: date) -> int:
    """Close the journals that dead processes have left behind; returns how many there were.

    Their last line may be cut: nobody was told that it was accepted, and it is dropped.
    """
    found = 0
    for source in sources(landing):
        if any((landing / source).glob(JOURNALS)):
            with writer_lock(landing, source):
                for path in sorted((landing / source).glob(JOURNALS)):
                    found += _recover(landing, source, closed_on, path)
    return found


def _recover(landing: Path, source: str, closed_on: date, path: Path) -> bool:
    with path.open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False  # another collector is writing it
        whole_lines = file.read().rfind(b"\n") + 1
        file.truncate(whole_lines)
        os.fsync(file.fileno())
        _land(landing, source, closed_on, path, whole_lines)
    return True


def _land(landing: Path, source: str, closed_on: date, path: Path, size: int) -> None:
    if size:
        land_file(landing, source, last_sequence(landing, source) + 1, closed_on, path)
    else:
        path.unlink()
