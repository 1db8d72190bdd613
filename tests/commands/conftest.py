"""The ``meadow`` command: as a user's shell starts it, and in a process with its imports done."""

from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from tests.meadow import Command, Said, born, started


@pytest.fixture(scope="session")
def command() -> Command:
    """The real command, as a user's shell starts it."""
    return _without_traceback(started)


@pytest.fixture(scope="session")
def quick(nursery: ForkServerContext) -> Command:
    """The same in a process of its own, without the seconds that its imports take."""
    return _without_traceback(born(nursery))


def _without_traceback(command: Command) -> Command:
    def run(home: Path, *words: str | Path, **settings: str) -> Said:
        said = command(home, *words, **settings)
        assert "Traceback" not in said.errors
        return said

    return run
