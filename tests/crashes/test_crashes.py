"""A power failure at any commit boundary, then a re-run: as if nothing had happened."""

import signal
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest

from platform_core.boundaries import BOUNDARIES

LATER = (
    "landing.segment_closed:2",  # of the replay, after that of the delivery
    "publish.files_moved:10",  # of the first table, after nine commits of ingest
    "publish.committed:12",
)


@pytest.mark.parametrize("boundary", [*BOUNDARIES, *LATER])
def test_an_evening_killed_at_a_boundary_ends_like_any_other(
    boundary: str,
    homes: Callable[..., Path],
    evening: Callable[..., ForkServerProcess],
    relive: Callable[..., dict[str, Any]],
    undisturbed: Callable[..., dict[str, Any]],
) -> None:
    home = homes(small=True)
    killed = evening(home, boundary, small=True)
    killed.join()
    assert killed.exitcode == -signal.SIGKILL
    killed.close()
    assert relive(home, small=True) == undisturbed(small=True)
