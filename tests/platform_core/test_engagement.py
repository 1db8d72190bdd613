"""People like, collect, share, comment, hide, report and follow, and take it back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa

from platform_core import engagement, notes, users
from platform_core.engagement import Act
from platform_core.outbox import Origin
from platform_core.tables.engagement import COUNTS, note_counts, user_topics
from platform_core.tables.users import creators
from platform_core.work import Work, begin
from tests.platform_core.told import told, types

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def people(engine: sa.Engine) -> list[str]:
    """A creator and three readers."""
    with begin(engine, now=NOW) as work:
        ids = [users.sign_up(work, by=Origin()) for _ in range(4)]
        users.become_creator(work, ids[0], by=Origin(ids[0]))
    return ids


@pytest.fixture
def note_id(engine: sa.Engine, people: list[str]) -> str:
    return published(engine, people[0], "护肤", "夏天")


def published(engine: sa.Engine, creator: str, *topics: str) -> str:
    with begin(engine, now=NOW) as work:
        content = notes.Content("标题", "正文", topics=topics)
        note_id = notes.draft(work, creator, content, by=Origin(creator))
        notes.publish(work, note_id, by=Origin(creator))
    return note_id


def engage(engine: sa.Engine, *acts: Act) -> list[str | None]:
    with begin(engine, now=LATER) as work:
        return engagement.engage(work, acts)


def changes(engine: sa.Engine, *acts: Act) -> list[bool]:
    return [event_id is not None for event_id in engage(engine, *acts)]


def acts(kinds: str, target_id: str, user_id: str) -> list[Act]:
    return [Act(kind, target_id, Origin(user_id)) for kind in kinds.split()]  # type: ignore[arg-type]


def counts(engine: sa.Engine, note_id: str) -> dict[str, int]:
    with engine.connect() as connection:
        one = sa.select(note_counts).where(note_counts.c.note_id == note_id)
        row = connection.execute(one).mappings().one()
        return {name: row[name] for name in COUNTS if row[name]}


def topics(engine: sa.Engine, user_id: str) -> dict[str, int]:
    with engine.connect() as connection:
        theirs = sa.select(user_topics).where(user_topics.c.user_id == user_id)
        return {row.topic: row.weight for row in connection.execute(theirs)}


def followers(engine: sa.Engine, creator_id: str) -> int:
    with engine.connect() as connection:
        one = sa.select(creators.c.followers).where(creators.c.creator_id == creator_id)
        return connection.execute(one).scalar_one()


def test_every_kind_of_act_is_counted_and_told_in_its_order(
    engine: sa.Engine, people: list[str], note_id: str
) -> None:
    creator, reader, *_ = people
    by = Origin(reader, "device_1", "session_1", "192.0.2.1", "Meadow/1")
    given = [
        Act("like", note_id, by, surface="feed", request_id="request_1"),
        Act("collect", note_id, by),
        Act("share", note_id, by),
        Act("share", note_id, by),
        Act("comment", note_id, by, text="好用吗"),
        Act("hide", note_id, by),
        Act("report", note_id, by, reason="spam"),
        Act("follow", creator, by, at=NOW),
    ]
    event_ids = engage(engine, *given)
    events = told(engine)[-8:]
    assert [event["id"] for event in events] == event_ids
    assert [event["type"] for event in events] == [
        "note.liked",
        "note.collected",
        "note.shared",
        "note.shared",
        "note.commented",
        "note.hidden",
        "note.reported",
        "creator.followed",
    ]
    liked, *_, followed = events
    assert liked["data"] == {"note_id": note_id, "surface": "feed", "request_id": "request_1"}
    assert (liked["actorid"], liked["ip"], liked["time"][11:16]) == (reader, "192.0.2.1", "09:00")
    assert followed["time"][11:16] == "08:00"
    assert counts(engine, note_id) == dict.fromkeys(COUNTS, 1) | {"shares": 2}
    assert followers(engine, creator) == 1
    assert topics(engine, reader) == {"护肤": 4, "夏天": 4}


def test_a_repeated_act_changes_nothing(engine: sa.Engine, people: list[str], note_id: str) -> None:
    creator, reader, *_ = people
    given = [*acts("like collect hide", note_id, reader), *acts("follow", creator, reader)]
    assert changes(engine, *given) == [True] * 4
    assert changes(engine, *given) == [False] * 4
    assert counts(engine, note_id) == {"likes": 1, "collects": 1, "hides": 1}


def test_what_is_taken_back_is_gone(engine: sa.Engine, people: list[str], note_id: str) -> None:
    creator, reader, *_ = people
    engage(engine, *acts("like collect hide", note_id, reader), *acts("follow", creator, reader))
    back = acts("unlike uncollect unhide", note_id, reader) + acts("unfollow", creator, reader)
    assert changes(engine, *back) == [True] * 4
    assert changes(engine, *back) == [False] * 4
    assert (counts(engine, note_id), followers(engine, creator)) == ({}, 0)
    assert topics(engine, reader) == {"护肤": 0, "夏天": 0}


def test_acts_of_one_batch_follow_each_other(
    engine: sa.Engine, people: list[str], note_id: str
) -> None:
    reader, other = people[1:3]
    given = acts("unlike like like unlike unlike like", note_id, reader)
    given += acts("like unlike", note_id, other)
    done = changes(engine, *given)
    assert done == [False, True, False, True, False, True, True, True]
    assert counts(engine, note_id) == {"likes": 1}
    assert types(engine)[-3:] == ["note.liked", "note.liked", "note.unliked"]


def test_a_comment_goes_by_its_event_and_only_its_author_takes_it_back(
    engine: sa.Engine, people: list[str], note_id: str
) -> None:
    reader, other = people[1:3]
    [first, _] = engage(
        engine,
        Act("comment", note_id, Origin(reader), text="好用吗"),
        Act("comment", note_id, Origin(reader), text="多少钱"),
    )
    assert first
    assert counts(engine, note_id) == {"comments": 2}
    assert changes(engine, *acts("uncomment", first, other)) == [False]
    assert changes(engine, *acts("uncomment uncomment", first, reader)) == [True, False]
    assert changes(engine, *acts("uncomment", first, reader)) == [False]
    assert counts(engine, note_id) == {"comments": 1}
    assert told(engine)[-1]["data"] == {"note_id": note_id, "comment_id": first}


def test_a_batch_passes_over_what_is_not_possible(
    engine: sa.Engine, people: list[str], note_id: str
) -> None:
    creator, reader, suspended, _ = people
    with begin(engine, now=NOW) as work:
        users.suspend(work, suspended, reason="spam", by=Origin())
        content = notes.Content("标题", "正文")
        draft = notes.draft(work, creator, content, by=Origin(creator))
    before = len(told(engine))
    given = [
        *acts("like", "note_0", reader),
        *acts("like", draft, reader),
        *acts("like", note_id, "user_0"),
        *acts("like", note_id, suspended),
        *acts("follow", reader, creator),
        *acts("follow", creator, creator),
        *acts("uncomment", "comment_0", reader),
    ]
    assert changes(engine, *given) == [False] * len(given)
    assert len(told(engine)) == before


def test_a_follow_tells_of_all_topics_that_the_creator_writes_about(
    engine: sa.Engine, people: list[str], note_id: str
) -> None:
    creator, reader, *_ = people
    published(engine, creator, "露营", "夏天")
    engage(engine, *acts("follow", creator, reader))
    assert topics(engine, reader) == {"护肤": 1, "夏天": 1, "露营": 1}


def test_many_acts_pass_through_several_portions(
    engine: sa.Engine, people: list[str], note_id: str
) -> None:
    reader = people[1]
    given = acts("share " * 1_500 + "like unlike " * 300, note_id, reader)
    assert all(changes(engine, *given))
    assert counts(engine, note_id) == {"shares": 1_500}


def single_acts(work: Work, creator: str, note_id: str, by: Origin) -> list[str | None]:
    """Each verb once and its undoing, in this order."""
    comment_id = engagement.comment(work, note_id, "好用吗", by=by)
    assert comment_id
    return [
        comment_id,
        engagement.uncomment(work, comment_id, by=by),
        engagement.like(work, note_id, by=by, surface="search"),
        engagement.unlike(work, note_id, by=by),
        engagement.collect(work, note_id, by=by),
        engagement.uncollect(work, note_id, by=by),
        engagement.share(work, note_id, by=by),
        engagement.hide(work, note_id, by=by),
        engagement.unhide(work, note_id, by=by),
        engagement.report(work, note_id, reason="spam", by=by),
        engagement.follow(work, creator, by=by),
        engagement.unfollow(work, creator, by=by),
    ]


def test_single_acts_tell_one_event_each(
    engine: sa.Engine, people: list[str], note_id: str
) -> None:
    creator, reader, *_ = people
    with begin(engine, now=LATER) as work:
        event_ids = single_acts(work, creator, note_id, Origin(reader))
        assert engagement.unlike(work, note_id, by=Origin(reader)) is None
    assert [event["id"] for event in told(engine)[-12:]] == event_ids
    assert counts(engine, note_id) == {"shares": 1, "reports": 1}


@pytest.mark.parametrize(
    ("verb", "target", "refusal"),
    [
        (engagement.like, "note_0", notes.NoteUnknown),
        (engagement.uncomment, "comment_0", engagement.CommentUnknown),
        (engagement.follow, "user_0", users.UserUnknown),
        (engagement.follow, "reader", users.CreatorUnknown),
        (engagement.follow, "self", engagement.SelfFollow),
    ],
)
def test_a_single_act_on_what_is_not_there_is_refused(
    engine: sa.Engine, people: list[str], verb: Any, target: str, refusal: type[Exception]
) -> None:
    named = {"self": people[1], "reader": people[2]}
    with pytest.raises(refusal), begin(engine, now=NOW) as work:
        verb(work, named.get(target, target), by=Origin(people[1]))


def test_a_single_act_on_a_note_that_is_not_shown_is_refused(
    engine: sa.Engine, people: list[str], note_id: str
) -> None:
    with begin(engine, now=NOW) as work:
        notes.remove(work, note_id, by=Origin(people[0]))
    with pytest.raises(engagement.NoteNotShown, match="removed"), begin(engine, now=NOW) as work:
        engagement.like(work, note_id, by=Origin(people[1]))


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "loathe", "by": Origin("user_1")},
        {"kind": "like", "by": Origin()},
        {"kind": "comment", "by": Origin("user_1")},
        {"kind": "report", "by": Origin("user_1")},
    ],
)
def test_an_act_says_what_it_needs(facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"note_1|loathe"):
        Act(target_id="note_1", **facts)


def test_eight_likes_of_one_user_at_once_count_once(
    engine: sa.Engine, people: list[str], note_id: str
) -> None:
    start = Barrier(8)

    def like(_: int) -> bool:
        start.wait()
        return changes(engine, *acts("like", note_id, people[1])) == [True]

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(like, range(8))) == 1
    assert counts(engine, note_id) == {"likes": 1}


def test_batches_at_once_lose_no_count(engine: sa.Engine, people: list[str], note_id: str) -> None:
    other = published(engine, people[0])
    start = Barrier(4)

    def engaged(number: int) -> list[bool]:
        start.wait()
        targets = [note_id, other] if number % 2 else [other, note_id]
        given = [act for target in targets * 20 for act in acts("share", target, people[1])]
        return changes(engine, *given)

    with ThreadPoolExecutor(4) as pool:
        assert all(all(done) for done in pool.map(engaged, range(4)))
    assert [counts(engine, n)["shares"] for n in (note_id, other)] == [80, 80]
