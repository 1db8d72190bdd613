"""Processes that die on command, and what an evening that nothing disturbs ends with."""

import shutil
from collections.abc import Callable
from functools import cache
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

import pytest

from tests.crashes.day import (
    die_in_the_evening,
    live_evening,
    live_morning,
    live_quiet_evening,
    open_house,
)
from tests.crashes.state import state

State = dict[str, Any]


@pytest.fixture(scope="session")
def evening(nursery: ForkServerContext) -> Callable[..., ForkServerProcess]:
    """Begin an evening in a process of its own, which dies at a boundary if one is given."""

    def begin(home: Path, boundary: str = "", *, small: bool) -> ForkServerProcess:
        process = nursery.Process(target=die_in_the_evening, args=(home, boundary, small))
        process.start()
        return process

    return begin


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Fresh homes that all have the same morning behind them."""

    @cache
    def after_the_morning(small: bool) -> Path:
        home = tmp_path_factory.mktemp("morning")
        with open_house(home, small=small) as house:
            live_morning(house)
        return home

    def make(*, small: bool) -> Path:
        home = tmp_path_factory.mktemp("evening")
        return shutil.copytree(after_the_morning(small), home, dirs_exist_ok=True)

    return make


@pytest.fixture(scope="session")
def relive() -> Callable[..., State]:
    """Live an evening, again or for the first time, and return what it ends with."""

    def live(home: Path, *, small: bool, quiet: bool = False) -> State:
        with open_house(home, small=small) as house:
            (live_quiet_evening if quiet else live_evening)(house)
            return state(house)

    return live


@pytest.fixture(scope="session")
def undisturbed(homes: Callable[..., Path], relive: Callable[..., State]) -> Callable[..., State]:
    """What an evening ends with that nothing disturbs."""
    return cache(lambda **how: relive(homes(small=how["small"]), **how))
