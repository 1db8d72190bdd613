"""A fresh platform for every test, and the facts that most tests start from."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from platform_core.access import Identity
from platform_core.database import connect
from platform_core.moderation import Signal, Subject
from tests.postgresql import Server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A platform's database as it is on the first day."""
    path = tmp_path_factory.mktemp("template") / "platform.db"
    connect(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql: Server) -> str:
    """Name of a database that holds a platform as it is on the first day."""
    url = postgresql.database()
    connect(url).dispose()
    return str(sa.make_url(url).database)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A platform on its first day, in each database that Meadow supports."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        path = tmp_path / "platform.db"
        shutil.copy(template, path)
        yield f"sqlite:///{path}"
    else:
        template = request.getfixturevalue("postgresql_template")
        postgresql: Server = request.getfixturevalue("postgresql")
        url = postgresql.database(template)
        yield url
        postgresql.drop(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = connect(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    return tmp_path / "landing"


@pytest.fixture
def reviewer() -> Identity:
    return Identity("account_1", "rita", "reviewer", ())


@pytest.fixture
def signal() -> Callable[..., Signal]:
    """``signal("key", "click_1", "click_2", priority=2.0)``: a suspicion of these clicks."""

    def build(case_key: str, *subject_ids: str, **changes: Any) -> Signal:
        facts: dict[str, Any] = {
            "case_key": case_key,
            "detector": "click_velocity",
            "detector_version": 1,
            "kind": "givt",
            "title": f"Repeated clicks of {case_key}",
            "subjects": tuple(Subject(s, date(2026, 1, 4)) for s in subject_ids),
            "subject_timezone": "Asia/Shanghai",
            "evidence": {"clicks": list(subject_ids)},
            "priority": 1.0,
        }
        return Signal(**facts | changes)

    return build
