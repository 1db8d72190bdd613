"""Pages of cards: what stands on them, where and why, and what never does."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import sqlalchemy as sa

from platform_core import notes, users
from platform_core.feed import (
    RANKER,
    Ranker,
    Seen,
    feed,
    published_recommendations,
    served_event,
    served_frame,
)
from platform_core.keys import key
from platform_core.outbox import NOBODY
from platform_core.pseudonyms import namespace_key, pseudonym
from platform_core.search import SearchIndex
from platform_core.work import begin
from tests.platform_core.pages import request, serve, shown
from tests.platform_core.press import NOW, Press


@pytest.fixture
def press(engine: sa.Engine) -> Press:
    return Press(engine)


def test_every_card_says_its_slot_position_score_and_reason(press: Press) -> None:
    for topic in ("护肤", "护肤", "旅行"):
        press.note(topics=[topic])
    cards = serve(press, request(press.person("护肤")))
    assert cards["position"].to_list() == [1, 2, 3]
    assert cards["reason"][0] == "interest:护肤"
    assert cards["slot"].is_in(["interest", "explore", "quality"]).all()
    assert cards["score"].is_not_null().all()
    event = served_event(cards)
    assert (event.request_id, event.surface, event.ranker) == ("request_0", "feed", RANKER)
    assert [card.position for card in event.cards] == [1, 2, 3]


def test_what_a_person_cares_for_comes_first(press: Press) -> None:
    about = {press.note(topics=[topic]): topic for topic in ["护肤"] * 5 + ["旅行"] * 5}
    cards = serve(press, request(press.person("旅行"), size=5))
    of_interest = cards.filter(pl.col("slot") == "interest")["item_id"]
    assert {about[note_id] for note_id in of_interest} == {"旅行"}


def test_what_a_person_does_outweighs_what_they_chose_at_sign_up(press: Press) -> None:
    liked = [press.note(topics=["旅行"]) for _ in range(6)]
    person = press.person("护肤")
    for note_id in liked:
        press.act("collect", note_id, person)
    of_choice, of_deeds = press.note(topics=["护肤"]), press.note(topics=["旅行"])
    cards = unexplored(press, request(person, size=8))
    assert cards.index(of_deeds) < cards.index(of_choice)


def test_newer_notes_come_before_older_ones_and_better_received_before_others(
    press: Press,
) -> None:
    old, new = press.note(hours_ago=200), press.note(hours_ago=60)
    liked = press.note(hours_ago=60)
    press.act("like", liked, *(press.person() for _ in range(12)))
    assert unexplored(press, request(press.person())) == [liked, new, old]


def unexplored(press: Press, row: dict[str, Any]) -> list[str]:
    """The notes of a page on which nothing is explored, which most short pages are."""
    ranker = Ranker.load(press.engine, now=NOW)
    requests = pl.DataFrame([{"request_id": "request_0"} | row])
    for seed in range(50):
        cards = ranker.serve(requests, np.random.default_rng(seed))
        if "explore" not in cards["slot"]:
            return shown(cards)
        ranker = Ranker.load(press.engine, now=NOW)
    raise AssertionError("everything is explored")


def test_hidden_held_and_removed_notes_are_never_shown(press: Press, tmp_path: Path) -> None:
    hidden, held, removed, of_suspended, fine = (
        press.note("果干", topics=["零食"], by=creator)
        for creator in (None, None, None, press.creator(), None)
    )
    person, other = press.person(), press.person()
    press.act("hide", hidden, person)
    index = SearchIndex.open(tmp_path)
    index.refresh(press.engine)
    with begin(press.engine, now=NOW) as work:
        notes.hold(work, held, by=NOBODY)
        notes.remove(work, removed, by=NOBODY)
        users.suspend(work, press_author(press, of_suspended), reason="spam", by=NOBODY)
    pages = ("feed", None), ("topic", "零食"), ("search", "果干")
    for surface, query in pages:
        cards = serve(
            press,
            request(person, surface, query=query),
            request(other, surface, query=query),
            index=index,
        )
        to_person, to_other = (shown(cards, request_id=f"request_{i}") for i in (0, 1))
        expected = {fine} | ({of_suspended} if surface == "search" else set())
        assert set(to_person) == expected
        assert set(to_other) == expected | {hidden}


def press_author(press: Press, note_id: str) -> str:
    return notes.note(press.engine, note_id).creator_id


def test_pages_of_one_visit_repeat_nothing(press: Press) -> None:
    everything = {press.note() for _ in range(12)}
    person = press.person()
    pages = [request(person, size=5, at=NOW + timedelta(seconds=i)) for i in range(4)]
    cards = serve(press, *pages)
    assert len(cards) == 12
    assert set(cards["item_id"]) == everything
    assert cards.group_by("request_id").len().sort("request_id")["len"].to_list() == [5, 5, 2]


def test_what_was_seen_before_comes_last_also_with_a_new_ranker(press: Press) -> None:
    first_notes = {press.note() for _ in range(5)}
    person, seen = press.person(), Seen()
    serve(press, request(person), ranker=Ranker.load(press.engine, now=NOW, seen=seen))
    later_notes = {press.note() for _ in range(3)}
    ranker = Ranker.load(press.engine, now=NOW, seen=seen)
    cards = serve(press, request(person, size=8), ranker=ranker)
    assert set(cards["item_id"][:3]) <= later_notes | explored(cards)
    assert set(cards["item_id"]) == first_notes | later_notes


def explored(cards: pl.DataFrame) -> set[str]:
    return set(shown(cards, slot="explore"))


def test_a_refreshed_ranker_sees_what_has_changed(press: Press) -> None:
    gone, kept = press.note(), press.note()
    ranker = Ranker.load(press.engine, now=NOW)
    with begin(press.engine, now=NOW + timedelta(minutes=1)) as work:
        notes.remove(work, gone, by=NOBODY)
    new = press.note(hours_ago=0)
    ranker.refresh(now=NOW + timedelta(minutes=2))
    assert set(serve(press, request(None), ranker=ranker)["item_id"]) == {kept, new}


def test_about_a_tenth_of_the_cards_is_explored_wherever_they_stand(press: Press) -> None:
    for number in range(60):
        press.note(topics=["护肤" if number < 50 else "冷门"])
    person = press.person("护肤")
    requests = [request(person if i == 0 else press.author, "feed", size=20) for i in range(2)]
    anonymous = [request(None, size=20) for _ in range(300)]
    cards = serve(press, *requests, *anonymous)
    drawn = cards.filter(pl.col("slot") == "explore")
    assert 0.08 < len(drawn) / len(cards) < 0.12
    by_position = drawn.group_by("position").len()["len"]
    assert len(by_position) == 20
    assert drawn["score"].unique().to_list() == pytest.approx([1 / 60])
    assert drawn["item_id"].n_unique() > 50


def test_the_follow_page_shows_followed_creators_only_the_newest_first(press: Press) -> None:
    followed = press.creator()
    old, new = (press.note(by=followed, hours_ago=hours) for hours in (30, 3))
    press.note(hours_ago=1)
    person = press.person()
    press.act("follow", followed, person)
    cards = serve(press, request(person, "follow"), request(press.person(), "follow"))
    assert cards["item_id"].to_list() == [new, old]
    assert cards["reason"].unique().to_list() == ["followed_creator"]


def test_a_topic_page_shows_that_topic_only(press: Press) -> None:
    on_topic = {press.note(topics=["咖啡", "早餐"]) for _ in range(3)}
    press.note(topics=["护肤"])
    cards = serve(
        press,
        request(press.person("护肤"), "topic", query="咖啡"),
        request(None, "topic", query="没有"),
    )
    assert set(cards["item_id"]) == on_topic


def test_published_recommendations_take_their_slots(press: Press, tmp_path: Path) -> None:
    many = [press.note(topics=["护肤"]) for _ in range(8)]
    recommended = press.note(topics=["冷门"], hours_ago=500)
    person = press.person("护肤")
    (tmp_path / "published").mkdir()
    called = pseudonym(person, namespace_key(key(press.engine, "pseudonym"), "person"))
    pl.DataFrame(
        {"user_id": [called, called], "note_id": [recommended, "note_gone"], "score": [0.9, 1.0]}
    ).write_parquet(tmp_path / "published" / "recommendations.parquet")
    published = published_recommendations(tmp_path, press.engine)
    ranker = Ranker.load(press.engine, now=NOW, recommendations=published)
    cards = serve(
        press, request(person, size=3), request(press.person("护肤"), size=3), ranker=ranker
    )
    assert shown(cards, slot="recommended") == [recommended]
    row = cards.row(by_predicate=pl.col("slot") == "recommended", named=True)
    assert (row["request_id"], row["position"], row["score"]) == (
        "request_0",
        2,
        pytest.approx(0.9),
    )
    assert row["reason"] == "recommended"
    assert set(shown(cards, request_id="request_1")) <= {*many, recommended}


def test_without_a_publication_there_are_no_recommendations(press: Press, tmp_path: Path) -> None:
    assert published_recommendations(tmp_path, press.engine) is None


def test_one_page_for_one_person(press: Press) -> None:
    note_id = press.note()
    cards = feed(
        press.engine, press.person(), request_id="r1", now=NOW, rng=np.random.default_rng(1)
    )
    assert served_frame(cards).row(0, named=True)["cards"][0]["item_id"] == note_id


def test_nothing_published_is_an_empty_page(press: Press) -> None:
    assert serve(press, request(None)).is_empty()
    with pytest.raises(ValueError, match="cards of 0 requests"):
        served_event(serve(press, request(None)))


@pytest.mark.parametrize(
    "wrong", [{"surface": "cart"}, {"size": 0}, {"size": 101}, {"surface": "search"}], ids=str
)
def test_a_request_that_makes_no_sense_is_refused(press: Press, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="request_0"):
        serve(press, request(None) | wrong)


def test_the_same_seed_serves_the_same_pages(press: Press) -> None:
    for number in range(30):
        press.note(topics=["护肤", "旅行"][: number % 3], hours_ago=number)
    rows = [request(press.person("旅行"), at=at(number)) for number in range(20)]
    assert serve(press, *rows).equals(serve(press, *rows))


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)
