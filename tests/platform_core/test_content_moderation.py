"""Texts are screened by the machine; what it holds a person rules on, and the person counts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from platform_core import notes, users
from platform_core.access import Identity
from platform_core.moderation import (
    Case,
    Judgement,
    Signal,
    Subject,
    Verdict,
    case,
    decide,
    judge,
    open_cases,
    queue,
    reasons,
    screen,
    standing,
)
from platform_core.moderation.precheck import check
from platform_core.notes import Content
from platform_core.outbox import NOBODY, Origin
from platform_core.work import begin
from tests.platform_core.told import told

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
HARMLESS = Content("夏天的粉底液", "油皮亲妈，下午也不脱妆。")
HELD = Content("看我主页", "加 微.信 abc12345 领券")
ALSO_HELD = Content("看我主页", "这款精华可以根治痘痘")

Publish = Callable[[Content], str]


@pytest.fixture
def author(engine: sa.Engine) -> Origin:
    with begin(engine, now=NOW) as work:
        user_id = users.sign_up(work, by=NOBODY)
        users.become_creator(work, user_id, by=Origin(user_id))
    return Origin(user_id)


@pytest.fixture
def publish(engine: sa.Engine, author: Origin) -> Publish:
    """The author offers a note for publishing; its id."""

    def offer(content: Content) -> str:
        with begin(engine, now=NOW) as work:
            note_id = notes.draft(work, str(author.actor_id), content, by=author)
            notes.publish(work, note_id, by=author)
        return note_id

    return offer


def edit(engine: sa.Engine, note_id: str, content: Content, by: Origin) -> str:
    with begin(engine, now=LATER) as work:
        return notes.edit(work, note_id, content, by=by)


def rule(engine: sa.Engine, found: Case, verdict: Verdict, reviewer: Identity) -> None:
    decide(
        engine,
        found.case_id,
        case_version=found.version,
        verdict=verdict,
        reason_code=reasons(verdict, found.subject_type)[0].code,
        note="",
        reviewer=reviewer,
        now=LATER,
    )


def only_case(engine: sa.Engine) -> Case:
    [found] = queue(engine)
    return case(engine, found.case_id)


def what_stands(engine: sa.Engine, note_id: str) -> Judgement:
    with engine.connect() as connection:
        found = standing(connection, "note", note_id)
    assert found
    return found


def status(engine: sa.Engine, note_id: str) -> str:
    return notes.note(engine, note_id).status


def judged(engine: sa.Engine) -> list[tuple[str, str, str]]:
    events = [e["data"] for e in told(engine) if e["type"] == "content.judged"]
    return [(data["judge"], data["verdict"], data["reason_code"]) for data in events]


@pytest.mark.parametrize(
    ("text", "reason_code"),
    [
        ("下午也不脱妆，喜欢。价格 13 元，买了 18888 次", "nothing_found"),
        ("这个真的可以 根 治 痘痘", "medical_claim"),
        ("Ｃｕｒｅｓ cancer!", "medical_claim"),
        ("有兴趣加 V・X 聊", "contact_details"),
        ("ＶＸ：abc12345", "contact_details"),
        ("电话 138-1234 5678", "contact_details"),
        ("write to ann@shop.com", "contact_details"),
        ("详见 HTTPS://t.cn/abc", "outside_link"),
        ("taobao.com 搜店名", "outside_link"),
        ("五星返现 5 元", "bought_praise"),
        ("国家级配方", "absolute_claim"),
    ],
)
def test_the_machine_holds_what_should_not_be_shown(text: str, reason_code: str) -> None:
    verdict = "passed" if reason_code == "nothing_found" else "held"
    for title, body in ((text, ""), ("标题", text)):
        found = check(title, body, False)
        assert (found.verdict, found.reason_code) == (verdict, reason_code)


def test_advertising_is_held_unless_it_is_declared() -> None:
    assert check("", "本篇为推广，专属优惠码 A1", False).reason_code == "undisclosed_ad"
    assert check("", "本篇为推广，专属优惠码 A1", True).verdict == "passed"
    assert check("", "本篇为推广，加微信 abc12", True).reason_code == "contact_details"


def test_a_harmless_note_is_judged_once_and_opens_no_case(
    engine: sa.Engine, publish: Publish, author: Origin
) -> None:
    note_id = publish(HARMLESS)
    edit(engine, note_id, replace(HARMLESS, place="上海"), author)
    assert judged(engine) == [("machine", "passed", "nothing_found")]
    assert queue(engine) == []


def test_a_held_note_becomes_a_case_with_its_text_as_evidence(
    engine: sa.Engine, publish: Publish
) -> None:
    note_id = publish(HELD)
    found = only_case(engine)
    assert status(engine, note_id) == "held"
    assert (found.subject_type, found.detector, found.title) == (
        "note",
        "precheck",
        "contact_details",
    )
    assert found.subjects == (Subject(note_id, NOW.date()),)
    assert found.evidence.items() >= {"title": HELD.title, "text": HELD.text}.items()
    assert judged(engine) == [("machine", "held", "contact_details")]
    [opened] = [e["data"] for e in told(engine) if e["type"] == "moderation.case_opened"]
    assert (opened["case_id"], opened["subject_type"]) == (found.case_id, "note")


def test_a_dismissed_case_releases_the_note(
    engine: sa.Engine, publish: Publish, reviewer: Identity
) -> None:
    note_id = publish(HELD)
    rule(engine, only_case(engine), "dismissed", reviewer)
    assert status(engine, note_id) == "published"
    stands = what_stands(engine, note_id)
    assert (stands.judge, stands.verdict, stands.judged_at) == ("person", "passed", LATER)
    judges = [e.get("actorid") for e in told(engine) if e["type"] == "content.judged"]
    assert judges == [None, reviewer.account_id]
    [decided] = [e["data"] for e in told(engine) if e["type"] == "moderation.decided"]
    assert (decided["subject_type"], decided["subjects"]) == ("note", [note_id])


def test_a_confirmed_case_removes_the_note(
    engine: sa.Engine, publish: Publish, reviewer: Identity
) -> None:
    note_id = publish(HELD)
    rule(engine, only_case(engine), "confirmed", reviewer)
    assert status(engine, note_id) == "removed"
    assert what_stands(engine, note_id).verdict == "removed"


def test_a_person_outranks_the_machine_on_the_same_words(
    engine: sa.Engine, publish: Publish, author: Origin, reviewer: Identity
) -> None:
    note_id = publish(HELD)
    rule(engine, only_case(engine), "dismissed", reviewer)
    assert edit(engine, note_id, replace(HELD, place="上海"), author) == "published"
    with begin(engine, now=LATER) as work:
        judge(work, "note", note_id, "held", "contact_details", by=NOBODY)
    assert what_stands(engine, note_id).judge == "person"
    assert queue(engine) == []


def test_a_person_has_not_ruled_on_words_that_came_later(
    engine: sa.Engine, publish: Publish, author: Origin, reviewer: Identity
) -> None:
    note_id = publish(HELD)
    rule(engine, only_case(engine), "dismissed", reviewer)
    assert edit(engine, note_id, ALSO_HELD, author) == "held"
    assert what_stands(engine, note_id).reason_code == "medical_claim"
    assert only_case(engine).title == "medical_claim"


def test_words_that_a_person_passed_may_come_back(
    engine: sa.Engine, publish: Publish, author: Origin, reviewer: Identity
) -> None:
    note_id = publish(HELD)
    rule(engine, only_case(engine), "dismissed", reviewer)
    edit(engine, note_id, HARMLESS, author)
    assert edit(engine, note_id, HELD, author) == "published"
    assert what_stands(engine, note_id).judge == "person"


def test_what_its_creator_removed_is_not_shown_by_a_dismissal(
    engine: sa.Engine, publish: Publish, author: Origin, reviewer: Identity
) -> None:
    note_id = publish(HELD)
    with begin(engine, now=LATER) as work:
        notes.remove(work, note_id, by=author)
    rule(engine, only_case(engine), "dismissed", reviewer)
    assert status(engine, note_id) == "removed"


def test_reviews_and_comments_are_judged_like_notes(engine: sa.Engine, reviewer: Identity) -> None:
    with begin(engine, now=NOW) as work:
        assert screen(work, "review", "review_1", text="五星返现").verdict == "held"
        assert screen(work, "comment", "comment_1", text="好看").verdict == "passed"
    found = only_case(engine)
    rule(engine, found, "confirmed", reviewer)
    with engine.connect() as connection:
        [review, comment] = [
            standing(connection, "review", "review_1"),
            standing(connection, "comment", "comment_1"),
        ]
    assert review
    assert comment
    assert (review.judge, review.verdict, review.case_id) == ("person", "removed", found.case_id)
    assert (comment.judge, comment.verdict) == ("machine", "passed")


def test_a_case_over_users_changes_no_content(
    engine: sa.Engine, signal: Callable[..., Signal], reviewer: Identity
) -> None:
    open_cases(engine, [signal("farm", "user_1", subject_type="user")], now=NOW)
    found = only_case(engine)
    assert found.subject_type == "user"
    rule(engine, found, "confirmed", reviewer)
    assert judged(engine) == []


def test_reasons_belong_to_subjects(
    engine: sa.Engine, publish: Publish, reviewer: Identity
) -> None:
    publish(HELD)
    found = only_case(engine)
    with pytest.raises(ValueError, match="'click_farm' is no reason for 'confirmed' of a case ove"):
        decide(
            engine,
            found.case_id,
            case_version=1,
            verdict="confirmed",
            reason_code="click_farm",
            note="",
            reviewer=reviewer,
            now=LATER,
        )
    assert [s.case_id for s in queue(engine)] == [found.case_id]
