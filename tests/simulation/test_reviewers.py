"""Simulated reviewers decide from the evidence alone, late, and not without mistakes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from platform_core.database import connect
from platform_core.moderation import Signal, Subject, case, counts, open_cases, queue
from platform_core.simulation.reviewers import Reviewed, opinion, review

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = AT + timedelta(days=30)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = connect(f"sqlite:///{tmp_path / 'platform.db'}")
    yield engine
    engine.dispose()


def signal(key: str, evidence: dict[str, Any]) -> Signal:
    return Signal(
        case_key=key,
        detector="detector",
        detector_version=1,
        kind="sivt",
        title="title",
        subjects=(Subject(f"click of {key}", date(2026, 3, 1)),),
        subject_timezone="UTC",
        evidence=evidence,
        priority=1.0,
    )


def clicks(*gaps: float) -> dict[str, Any]:
    return {"clicks": [{"seconds_since_previous": gap, "flagged": True} for gap in gaps]}


def opened(engine: sa.Engine, *evidence: dict[str, Any]) -> None:
    open_cases(engine, [signal(f"case {n}", e) for n, e in enumerate(evidence)], now=AT)


def reviewed(engine: sa.Engine, now: datetime = LATER, **settings: Any) -> Reviewed:
    return review(engine, now=now, seed=7, **settings)


def verdicts(engine: sa.Engine) -> list[tuple[str, str | None]]:
    return [(c.case_key, c.verdict) for c in queue(engine, state="decided", limit=10_000)]


def test_quick_repeats_in_number_are_confirmed(engine: sa.Engine) -> None:
    opened(engine, clicks(2.0, 3.0, 2.5, 4.0))
    assert reviewed(engine, missed=0.0).decided == {"confirmed": 1}


def test_one_slow_repeat_behind_an_address_is_dismissed(engine: sa.Engine) -> None:
    opened(engine, clicks(400.0))
    assert reviewed(engine, wrong_accusations=0.0).decided == {"dismissed": 1}


@pytest.mark.parametrize(
    ("probability", "verdict"), [(0.9, "confirmed"), (0.5, "confirmed"), (0.2, "dismissed")]
)
def test_a_score_in_the_evidence_convinces_or_does_not(
    engine: sa.Engine, probability: float, verdict: str
) -> None:
    opened(engine, {"probability": probability})
    assert reviewed(engine, missed=0.0, wrong_accusations=0.0).decided == {verdict: 1}


def test_evidence_that_says_nothing_is_not_enough(engine: sa.Engine) -> None:
    opened(engine, {"rule": {}})
    (summary,) = queue(engine)
    assert opinion(case(engine, summary.case_id)).reason_code == "insufficient_evidence"


def test_nobody_decides_at_once(engine: sa.Engine) -> None:
    opened(engine, *[clicks(2.0, 2.0, 2.0)] * 20)
    assert reviewed(engine, now=AT + timedelta(minutes=5)) == Reviewed(left=20)
    later = reviewed(engine, now=AT + timedelta(hours=20))
    assert 4 < sum(later.decided.values()) < 16
    assert counts(engine)["open"] == later.left


def test_mistakes_are_as_frequent_as_set(engine: sa.Engine) -> None:
    opened(engine, *[clicks(2.0, 2.0, 2.0)] * 60, *[clicks(500.0)] * 60)
    done = reviewed(engine, wrong_accusations=0.3, missed=0.3)
    assert 20 < done.mistakes < 52


def test_without_mistakes_the_evidence_decides(engine: sa.Engine) -> None:
    opened(engine, *[clicks(2.0, 2.0, 2.0)] * 10, *[clicks(500.0)] * 10)
    done = reviewed(engine, wrong_accusations=0.0, missed=0.0)
    assert (done.decided["confirmed"], done.decided["dismissed"], done.mistakes) == (10, 10, 0)


def test_the_same_cases_are_decided_alike(engine: sa.Engine, tmp_path: Path) -> None:
    other = connect(f"sqlite:///{tmp_path / 'other.db'}")
    evidence = [clicks(2.0, 2.0, 2.0), clicks(500.0)] * 8
    for one in (engine, other):
        opened(one, *evidence)
        reviewed(one)
    assert verdicts(engine) == verdicts(other)
    other.dispose()


def test_shares_of_mistakes_are_shares(engine: sa.Engine) -> None:
    with pytest.raises(ValueError, match="shares"):
        reviewed(engine, missed=1.5)
