"""Kills at random points of time, however many: `make soak`."""

import os
import random
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

KILLS = int(os.environ.get("MEADOW_SOAK_KILLS", "200"))


@pytest.fixture(scope="module")
def evening_seconds(homes: Callable[..., Path], evening: Callable[..., ForkServerProcess]) -> float:
    """How long an undisturbed evening takes in a process of its own."""
    evening(homes(small=False), small=False).join()  # the nursery opens
    begun = monotonic()
    evening(homes(small=False), small=False).join()
    return monotonic() - begun


@pytest.mark.soak
@pytest.mark.parametrize("kill", range(KILLS))
def test_an_evening_killed_at_any_time_ends_like_any_other(
    kill: int,
    evening_seconds: float,
    homes: Callable[..., Path],
    evening: Callable[..., ForkServerProcess],
    relive: Callable[..., dict[str, Any]],
    undisturbed: Callable[..., dict[str, Any]],
) -> None:
    home = homes(small=False)
    process = evening(home, small=False)
    process.join(random.Random(kill).uniform(0, evening_seconds))
    process.kill()
    process.join()
    process.close()
    assert relive(home, small=False) == undisturbed(small=False)
