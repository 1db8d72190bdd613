"""One town that all tests of what stands before the first day look at, and one that has lived."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from platform_core.database import connect
from platform_core.simulation.world.world import World
from tests.simulation.founded import found
from tests.simulation.lived import lived_in


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """The platform's database of the founded town."""
    engine = connect(f"sqlite:///{tmp_path_factory.mktemp('town') / 'platform.db'}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def world(town: sa.Engine) -> World:
    """A founded town of 400 users and 30 days."""
    return found(town)


@pytest.fixture(scope="session")
def lived_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a town of 60 users with all groups, which has lived for three days."""
    home = tmp_path_factory.mktemp("lived")
    lived_in(home, days=3, users=60)
    return home
