"""The gate of the landing zone: any number ingest at once, but not while it is closed."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pipelines.warehouse.lake import Lake

GATE: Final = ".ingest.lock"


@contextmanager
def passing(lake: Lake) -> Iterator[None]:
    """Ingest; waits while the gate is closed."""
    with _held(lake, fcntl.LOCK_SH):
        yield


@contextmanager
def closed(lake: Lake) -> Iterator[None]:
    """Wait for those who ingest, and let nobody in."""
    with _held(lake, fcntl.LOCK_EX):
        yield


@contextmanager
def _held(lake: Lake, how: int) -> Iterator[None]:
    with (lake.root / GATE).open("w") as lock:
        fcntl.flock(lock, how)
        yield
