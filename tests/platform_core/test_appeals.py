"""Whom a decision concerns may have it looked at again, once and by somebody else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from platform_core import notes, users
from platform_core.access import Identity
from platform_core.moderation import (
    AlreadyAppealed,
    Case,
    CaseMoved,
    CaseUnknown,
    Decision,
    NothingToAppeal,
    SameReviewer,
    Signal,
    Verdict,
    appeal,
    case,
    counts,
    decide,
    open_cases,
    queue,
    reasons,
)
from platform_core.notes import Content
from platform_core.outbox import NOBODY, Origin
from platform_core.work import begin
from tests.platform_core.told import told

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
ANN = Origin("ann")
RITA = Identity("account_1", "rita", "reviewer", ())
REX = Identity("account_2", "rex", "reviewer", ())


@pytest.fixture
def clicks(engine: sa.Engine, signal: Callable[..., Signal]) -> str:
    """A case over clicks; its id."""
    open_cases(engine, [signal("k1", "click_1", "click_2")], now=NOW)
    [found] = queue(engine)
    return found.case_id


def rule(
    engine: sa.Engine, case_id: str, verdict: Verdict, by: Identity, hours: int = 1
) -> Decision:
    found = case(engine, case_id)
    return decide(
        engine,
        case_id,
        case_version=found.version,
        verdict=verdict,
        reason_code=reasons(verdict, found.subject_type)[0].code,
        note="",
        reviewer=by,
        now=NOW + timedelta(hours=hours),
    )


def file(engine: sa.Engine, case_id: str, by: Origin = ANN) -> str:
    with begin(engine, now=NOW + timedelta(hours=2)) as work:
        return appeal(work, case_id, "我没有作弊", by=by)


def listed(engine: sa.Engine) -> list[str]:
    return [found.case_id for found in queue(engine)]


def data(engine: sa.Engine, type_: str) -> list[dict[str, object]]:
    return [event["data"] for event in told(engine) if event["type"] == type_]


def test_an_appealed_case_is_open_again(engine: sa.Engine, clicks: str) -> None:
    rule(engine, clicks, "confirmed", RITA)
    assert (listed(engine), counts(engine)) == ([], {"open": 0, "decided": 1})
    appeal_id = file(engine, clicks)
    found: Case = case(engine, clicks)
    assert (listed(engine), counts(engine)) == ([clicks], {"open": 1, "decided": 0})
    assert (found.state, found.verdict, found.version) == ("open", "confirmed", 3)
    [filed] = found.appeals
    assert (filed.appeal_id, filed.appellant_id, filed.text) == (appeal_id, "ann", "我没有作弊")
    assert data(engine, "moderation.appealed") == [
        {"appeal_id": appeal_id, "case_id": clicks, "case_version": 2, "text": "我没有作弊"}
    ]


def test_a_second_reviewer_overturns_the_decision(engine: sa.Engine, clicks: str) -> None:
    first = rule(engine, clicks, "confirmed", RITA)
    appeal_id = file(engine, clicks)
    second = rule(engine, clicks, "dismissed", REX, hours=3)
    found = case(engine, clicks)
    assert (found.state, found.verdict, found.appealed_at) == ("decided", "dismissed", None)
    assert data(engine, "moderation.overturned") == [
        {
            "case_id": clicks,
            "appeal_id": appeal_id,
            "decision_id": second.decision_id,
            "overturned_decision_id": first.decision_id,
        }
    ]
    verdicts = [told["verdict"] for told in data(engine, "moderation.decided")]
    assert verdicts == ["confirmed", "dismissed"]


def test_a_second_reviewer_may_agree_with_the_first(engine: sa.Engine, clicks: str) -> None:
    rule(engine, clicks, "confirmed", RITA)
    file(engine, clicks)
    rule(engine, clicks, "confirmed", REX)
    assert listed(engine) == []
    assert data(engine, "moderation.overturned") == []
    assert len(data(engine, "moderation.decided")) == 2


def test_nobody_rules_on_an_appeal_against_their_own_decision(
    engine: sa.Engine, clicks: str
) -> None:
    rule(engine, clicks, "confirmed", RITA)
    file(engine, clicks)
    with pytest.raises(SameReviewer, match="decided by rita: another reviewer rules"):
        rule(engine, clicks, "dismissed", RITA)
    assert listed(engine) == [clicks]
    assert len(data(engine, "moderation.decided")) == 1


def test_who_has_not_seen_the_appeal_cannot_rule_on_it(engine: sa.Engine, clicks: str) -> None:
    rule(engine, clicks, "confirmed", RITA)
    seen = case(engine, clicks).version
    file(engine, clicks)
    with pytest.raises(CaseMoved, match=f"is at version 3, not {seen}"):
        decide(
            engine,
            clicks,
            case_version=seen,
            verdict="dismissed",
            reason_code="genuine_interest",
            note="",
            reviewer=REX,
            now=NOW,
        )


def test_what_is_not_decided_cannot_be_appealed(engine: sa.Engine, clicks: str) -> None:
    with pytest.raises(NothingToAppeal, match="not decided yet"):
        file(engine, clicks)
    with pytest.raises(CaseUnknown):
        file(engine, "case_0")
    assert data(engine, "moderation.appealed") == []


def test_a_case_is_appealed_once(engine: sa.Engine, clicks: str) -> None:
    rule(engine, clicks, "confirmed", RITA)
    file(engine, clicks)
    with pytest.raises(AlreadyAppealed):
        file(engine, clicks)
    rule(engine, clicks, "confirmed", REX)
    with pytest.raises(AlreadyAppealed, match="was appealed before"):
        file(engine, clicks)
    assert len(data(engine, "moderation.appealed")) == 1


def test_new_subjects_of_an_appealed_case_open_the_next_round(
    engine: sa.Engine, clicks: str, signal: Callable[..., Signal]
) -> None:
    rule(engine, clicks, "confirmed", RITA)
    file(engine, clicks)
    open_cases(engine, [signal("k1", "click_3")], now=NOW)
    assert sorted(found.round for found in queue(engine)) == [1, 2]


@pytest.mark.parametrize("first", ["confirmed", "dismissed"])
def test_an_overturned_verdict_is_undone(engine: sa.Engine, first: Verdict) -> None:
    with begin(engine, now=NOW) as work:
        author = Origin(users.sign_up(work, by=NOBODY))
        users.become_creator(work, str(author.actor_id), by=author)
        held = Content("看我主页", "加微信 abc12345 领券")
        note_id = notes.draft(work, str(author.actor_id), held, by=author)
        notes.publish(work, note_id, by=author)
    [found] = queue(engine)
    second: Verdict = "dismissed" if first == "confirmed" else "confirmed"
    expected = {"confirmed": "removed", "dismissed": "published"}

    rule(engine, found.case_id, first, RITA)
    assert notes.note(engine, note_id).status == expected[first]
    file(engine, found.case_id, by=author)
    rule(engine, found.case_id, second, REX, hours=3)
    assert notes.note(engine, note_id).status == expected[second]
