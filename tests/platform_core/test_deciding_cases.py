"""Reviewers decide: once a version, on the record, and told to the warehouse."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from platform_core.access import Entry, Identity, entries
from platform_core.landing import segments
from platform_core.moderation import (
    REASONS,
    CaseMoved,
    CaseUnknown,
    Decision,
    NotAReviewer,
    Signal,
    Subject,
    case,
    counts,
    decide,
    open_cases,
    queue,
)
from platform_core.outbox import pending, relay

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
LATER = datetime(2026, 1, 6, 8, tzinfo=UTC)

SignalOf = Callable[..., Signal]
Decide = Callable[..., Decision]


@pytest.fixture
def ruling(engine: sa.Engine, reviewer: Identity) -> Decide:
    """``ruling(case_id, case_version=2)``: confirm that version, unless told otherwise."""

    def rule(case_id: str, **changes: Any) -> Decision:
        facts: dict[str, Any] = {
            "case_version": 1,
            "verdict": "confirmed",
            "reason_code": "click_farm",
            "note": "one device, 40 clicks",
            "reviewer": reviewer,
            "now": NOW,
        }
        return decide(engine, case_id, **facts | changes)

    return rule


@pytest.fixture
def case_id(engine: sa.Engine, signal: SignalOf) -> str:
    open_cases(engine, [signal("key", "c1", "c2")], now=NOW)
    return queue(engine)[0].case_id


def decided_events(engine: sa.Engine, landing: Path) -> list[dict[str, Any]]:
    relay(engine, landing, now=NOW)
    lines = [line for s in segments(landing, "platform") for line in s.read().splitlines()]
    events = [json.loads(line) for line in lines]
    return [event for event in events if event["type"] == "moderation.decided"]


def test_a_decision_is_kept_with_who_when_and_why(
    engine: sa.Engine, case_id: str, ruling: Decide
) -> None:
    decision = ruling(case_id)
    assert decision == Decision(
        decision_id=f"{case_id}.1",
        case_id=case_id,
        case_version=1,
        verdict="confirmed",
        reason_code="click_farm",
        note="one device, 40 clicks",
        reviewer_id="account_1",
        reviewer_login="rita",
        decided_at=NOW,
    )
    found = case(engine, case_id)
    assert found.decisions == (decision,)
    assert (found.state, found.verdict, found.decided_at) == ("decided", "confirmed", NOW)
    assert entries(engine) == [
        Entry(
            NOW,
            "rita",
            "case.confirmed",
            case_id,
            {"case_version": 1, "reason_code": "click_farm"},
        )
    ]


def test_a_decision_is_told_to_the_warehouse_with_the_day_of_every_subject(
    engine: sa.Engine, landing: Path, signal: SignalOf, ruling: Decide
) -> None:
    days = (Subject("c9", date(2026, 1, 3)), Subject("c1", date(2026, 1, 4)))
    open_cases(engine, [signal("key", subjects=days)], now=NOW)
    [found] = queue(engine)
    ruling(found.case_id)
    [event] = decided_events(engine, landing)
    assert event["actorid"] == "account_1"
    assert event["data"] == {
        "decision_id": f"{found.case_id}.1",
        "case_id": found.case_id,
        "case_version": 1,
        "verdict": "confirmed",
        "kind": "givt",
        "reason_code": "click_farm",
        "reviewer_id": "account_1",
        "subject_type": "ad_click",
        "subjects": ["c9", "c1"],
        "subject_dates": ["2026-01-03", "2026-01-04"],
        "subject_timezone": "Asia/Shanghai",
    }


def test_very_many_subjects_leave_in_several_events_of_one_decision(
    engine: sa.Engine, landing: Path, signal: SignalOf, ruling: Decide
) -> None:
    subject_ids = [f"{n:04}" + "草" * 252 for n in range(1001)]
    open_cases(engine, [signal("key", *subject_ids, evidence={})], now=NOW)
    decision = ruling(queue(engine)[0].case_id)
    events = decided_events(engine, landing)
    assert [event["id"] for event in events] == [
        f"{decision.decision_id}.decided.{n}" for n in (1, 2, 3)
    ]
    assert {event["data"]["decision_id"] for event in events} == {decision.decision_id}
    assert [s for event in events for s in event["data"]["subjects"]] == subject_ids


def test_subjects_of_two_time_zones_leave_in_two_events(
    engine: sa.Engine, landing: Path, case_id: str, signal: SignalOf, ruling: Decide
) -> None:
    open_cases(engine, [signal("key", "c3", subject_timezone="UTC")], now=NOW)
    ruling(case_id, case_version=2)
    told = [
        (e["data"]["subject_timezone"], e["data"]["subjects"])
        for e in decided_events(engine, landing)
    ]
    assert told == [("Asia/Shanghai", ["c1", "c2"]), ("UTC", ["c3"])]


def test_days_of_people_leave_in_an_event_each(
    engine: sa.Engine, landing: Path, signal: SignalOf, ruling: Decide
) -> None:
    days = (Subject("u1", date(2026, 1, 3)), Subject("u2", date(2026, 1, 4)))
    found = replace(signal("people"), subjects=days, subject_type="user")
    open_cases(engine, [found], now=NOW)
    [people] = [c.case_id for c in queue(engine) if c.case_key == "people"]
    ruling(people, verdict="dismissed", reason_code="genuine_conduct")
    events = [e["data"] for e in decided_events(engine, landing)]
    told = [(e["subjects"], e["subject_dates"]) for e in events]
    assert told == [(["u1"], ["2026-01-03"]), (["u2"], ["2026-01-04"])]


def test_a_second_decision_on_the_same_version_changes_nothing(
    engine: sa.Engine, case_id: str, ruling: Decide
) -> None:
    ruling(case_id)
    before = case(engine, case_id)
    with pytest.raises(CaseMoved, match="is at version 2, not 1"):
        ruling(case_id, verdict="dismissed", reason_code="internal_test")
    assert case(engine, case_id) == before
    assert len(entries(engine)) == 1
    assert pending(engine) == 2


def test_of_decisions_at_the_same_time_one_stands(
    engine: sa.Engine, case_id: str, ruling: Decide
) -> None:
    def try_to_decide(_: int) -> bool:
        try:
            ruling(case_id)
        except CaseMoved:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_to_decide, range(8))) == 1
    assert len(case(engine, case_id).decisions) == 1


def test_evidence_that_came_while_the_reviewer_read_stops_the_decision(
    engine: sa.Engine, case_id: str, signal: SignalOf, ruling: Decide
) -> None:
    open_cases(engine, [signal("key", "c3")], now=LATER)
    with pytest.raises(CaseMoved):
        ruling(case_id, case_version=1)
    assert ruling(case_id, case_version=2).case_version == 2


def test_a_decided_case_may_be_decided_again_and_the_latest_counts(
    engine: sa.Engine, landing: Path, case_id: str, ruling: Decide
) -> None:
    ruling(case_id)
    again = case(engine, case_id).version
    ruling(
        case_id,
        case_version=again,
        verdict="dismissed",
        reason_code="shared_address",
        now=LATER,
    )
    found = case(engine, case_id)
    assert (found.verdict, found.decided_at, found.version) == ("dismissed", LATER, 3)
    assert [d.verdict for d in found.decisions] == ["confirmed", "dismissed"]
    told = [
        (e["data"]["case_version"], e["data"]["verdict"]) for e in decided_events(engine, landing)
    ]
    assert told == [(1, "confirmed"), (2, "dismissed")]


def test_only_a_reviewer_decides(engine: sa.Engine, case_id: str, ruling: Decide) -> None:
    with pytest.raises(NotAReviewer, match="mei is no reviewer"):
        ruling(case_id, reviewer=Identity("account_2", "mei", "brand", ("b1",)))
    assert case(engine, case_id).state == "open"


def test_a_reason_of_the_other_verdict_is_refused(
    engine: sa.Engine, case_id: str, ruling: Decide
) -> None:
    with pytest.raises(ValueError, match="'internal_test' is no reason for 'confirmed'"):
        ruling(case_id, reason_code="internal_test")
    assert case(engine, case_id).state == "open"


def test_an_unknown_case_is_named(engine: sa.Engine, ruling: Decide) -> None:
    with pytest.raises(CaseUnknown, match="'case_x'"):
        ruling("case_x")
    with pytest.raises(CaseUnknown, match="'case_x'"):
        case(engine, "case_x")


def test_every_reason_has_one_code_and_both_labels() -> None:
    reasons = [reason for of_verdict in REASONS.values() for reason in of_verdict]
    assert len({reason.code for reason in reasons}) == len(reasons)
    assert all(reason.zh and reason.en for reason in reasons)


def test_the_queue_ranks_by_priority_and_turns_pages(engine: sa.Engine, signal: SignalOf) -> None:
    ranks = {"low": 1.0, "high": 3.0, "middle": 2.0}
    batch = [signal(key, key, priority=priority) for key, priority in ranks.items()]
    open_cases(engine, batch, now=NOW)
    assert [c.case_key for c in queue(engine, limit=2)] == ["high", "middle"]
    assert [c.case_key for c in queue(engine, limit=2, offset=2)] == ["low"]


def test_a_decided_case_leaves_the_open_queue(
    engine: sa.Engine, case_id: str, signal: SignalOf, ruling: Decide
) -> None:
    open_cases(engine, [signal("other", "c9")], now=NOW)
    ruling(case_id)
    assert [c.case_key for c in queue(engine)] == ["other"]
    assert [c.case_key for c in queue(engine, state="decided")] == ["key"]
    assert counts(engine) == {"open": 1, "decided": 1}
