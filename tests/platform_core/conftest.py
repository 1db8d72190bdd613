"""A fresh platform for every test, and the facts that most tests start from."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from platform_core.access import Identity
from platform_core.database import connect
from platform_core.moderation import Signal, Subject


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'home' / 'platform.db'}"


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
