"""Named commit boundaries: the points at which a crash must change nothing.

A process dies by SIGKILL, as if the power had failed, when it reaches the boundary that
``MEADOW_CRASH_AT`` names (``name`` or ``name:n`` for the n-th time). Crash tests walk over all
of ``BOUNDARIES``; nothing else sets the variable.
"""

import os
import signal
from collections import Counter

from platform_core.settings import settings

BOUNDARIES = (
    "landing.segment_written",
    "landing.segment_closed",
    "collector.batch_written",
    "collector.batch_synced",
    "relay.segment_claimed",
    "relay.segment_landed",
    "relay.segment_confirmed",
    "decision.recorded",
    "decision.committed",
    "ingest.staged",
    "ingest.quarantine_committed",
    "ingest.events_committed",
    "ingest.segments_committed",
    "publish.staged",
    "publish.files_moved",
    "publish.committed",
    "cases.opened",
    "release.written",
    "release.published",
)

UPKEEP = (
    "upkeep.expiry_known",
    "upkeep.files_moved",
    "upkeep.committed",
    "erase.planned",
    "erase.platform_committed",
    "erase.file_rewritten",
    "erase.rewritten",
)
"""Boundaries that a night does not pass."""

_reached: Counter[str] = Counter()


def reach(name: str) -> None:
    """Mark that the process has reached boundary ``name``."""
    if name not in (*BOUNDARIES, *UPKEEP):
        raise ValueError(f"unknown boundary {name!r}; known: {', '.join(BOUNDARIES + UPKEEP)}")
    target, _, nth = settings().crash_at.partition(":")
    if target != name:
        return
    _reached[name] += 1
    if _reached[name] == int(nth or 1):
        os.kill(os.getpid(), signal.SIGKILL)
