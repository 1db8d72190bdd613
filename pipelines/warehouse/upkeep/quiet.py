"""Keeping runs and ingests away while files are rewritten or removed."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pipelines.warehouse.ingest.gate import closed
from pipelines.warehouse.lake import Lake

RUN_LOCK: Final = ".run.lock"


@contextmanager
def quiet(lake: Lake) -> Iterator[None]:
    """Wait until nobody publishes or ingests, and keep it so."""
    with (lake.root / RUN_LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with closed(lake):
            yield
