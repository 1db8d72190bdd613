"""Processes that die on command, and what a day that nothing disturbs ends with."""

import multiprocessing
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipelines.defs.house import House
from tests.crashes.day import die_in_the_evening, house_at, live_evening, live_morning
from tests.crashes.state import state

Die = Callable[[Path, str], int | None]
PATIENCE_SECONDS = 120


@pytest.fixture(scope="session")
def nursery() -> Any:
    """Makes processes that have all imports behind them: a crash test pays for its work only."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crashes.day"])
    return context


@pytest.fixture(scope="session")
def evening(nursery: Any) -> Callable[..., Any]:
    """Start an evening in a process of its own."""

    def start(home: Path, boundary: str, *, small: bool) -> Any:
        process = nursery.Process(target=die_in_the_evening, args=(home, boundary, small))
        process.start()
        return process

    return start


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Fresh homes that all have the same morning behind them."""

    @cache
    def after_the_morning(small: bool) -> Path:
        home = tmp_path_factory.mktemp("morning")
        with_house(home, small, live_morning)
        return home

    def make(*, small: bool) -> Path:
        home = tmp_path_factory.mktemp("evening")
        return shutil.copytree(after_the_morning(small), home, dirs_exist_ok=True)

    return make


@pytest.fixture(scope="session")
def undisturbed(homes: Callable[..., Path]) -> Callable[..., dict[str, Any]]:
    """The state in which an evening ends that nothing disturbs."""

    @cache
    def end(*, small: bool) -> dict[str, Any]:
        return relive(homes(small=small), small=small)

    return end


def relive(home: Path, *, small: bool) -> dict[str, Any]:
    """Live the evening, again or for the first time, and return what it ends with."""
    return with_house(home, small, lambda house: [live_evening(house), state(house)][1])
