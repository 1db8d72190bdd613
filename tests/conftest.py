"""Fixtures that all tests share: an empty Meadow of their own."""

import multiprocessing
from collections.abc import Iterator
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from pipelines.defs.house import House
from platform_core.settings import Settings
from tests.postgresql import Server, server

REAL_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture
def meadow(tmp_path: Path) -> Iterator[House]:
    """An empty Meadow that reports in Asia/Shanghai and has no patience limit for bad lines."""
    house = House(Settings(home=tmp_path / "var", max_quarantine_rate=1.0, _env_file=None))
    yield house
    if "platform" in vars(house):
        house.platform.dispose()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of public research data that real-data tests read."""
    if not REAL_DATA.is_dir():
        pytest.skip("the research data is not beside the project")
    return REAL_DATA


@pytest.fixture(scope="session")
def nursery() -> ForkServerContext:
    """Where processes are born with all imports behind them: each pays for its own work only."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.nursery"])
    return context


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A real PostgreSQL server, started by the first test that asks for one."""
    with server() as started:
        yield started
