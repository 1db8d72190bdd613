"""What people do with notes, and how things stand each day: events in, rows of silver out."""

import pytest

from tests.events import event, viewed
from tests.warehouse.acts import Event, local
from tests.warehouse.community import (
    ad_clicked,
    ad_shown,
    card,
    carded,
    engaged,
    followed,
    impressed,
    noted,
    opened,
    searched,
)
from tests.warehouse.conftest import Compute, Query

MONDAY, TUESDAY = "2026-08-03", "2026-08-04"
MORNING, NOON, EVENING = (local(f"{MONDAY} {hour}:00:00") for hour in ("08", "12", "20"))
LAST_SECOND = local(f"{MONDAY} 23:59:59")
NEXT_DAY = local(f"{TUESDAY} 00:00:00")
LATER = local(f"{TUESDAY} 12:00:00")


def linked(act: str, id_: str, time: str, user: str, model: str = "m1") -> Event:
    client: Event = {"model": model, "os": "o1"} if act == "linked" else {}
    return event(f"device.{act}", id_, time, user_id=user, linked_device="phone", **client)


@pytest.fixture(scope="module")
def town(compute: Compute) -> Query:
    return compute(
        noted("n1-draft", MORNING, "n1", status="draft"),
        noted("n1-out", NOON, "n1", products=[card("p2", "b2"), card("p0")], mentions=["b1"]),
        noted(
            "n1-held", EVENING, "n1", status="held", products=[card("p1", "b1")], mentions=["b1"]
        ),
        noted("n1-back", LATER, "n1", is_disclosed_ad=True),
        noted("n2-a", NOON, "n2", title="By id, first"),
        noted("n2-b", NOON, "n2", title="By id, last"),
        noted("n3-draft", NOON, "n3", status="draft"),
        impressed("i-first", MORNING),
        impressed("i-again", NOON, position=5),
        impressed("i-other-request", NOON, request="r2"),
        impressed("i-other-person", NOON, actor="bob"),
        impressed("i-other-day", NEXT_DAY),
        impressed("i-nobody", NOON, "n9", actor=""),
        impressed("i-nobody-too", NOON, "n9", actor=""),
        opened("read-late", LAST_SECOND, dwell_ms=2500),
        opened("read-next", NEXT_DAY),
        engaged("liked", "like", MORNING),
        engaged("unliked", "unlike", NOON),
        engaged("liked", "like-again", EVENING),
        engaged("collected", "collect", MORNING),
        engaged("uncollected", "uncollect", NOON),
        engaged("unliked", "unlike-next", NEXT_DAY),
        engaged("shared", "share", MORNING),
        engaged("shared", "share-again", NOON),
        engaged("reported", "report", NOON, reason="spam"),
        engaged("hidden", "hide", NOON),
        engaged("hidden", "hide-again", EVENING),
        engaged("commented", "comment-1", NOON, comment_id="c1", text="nice"),
        engaged("commented", "comment-2", NOON, comment_id="c2", text="nicer"),
        engaged("uncommented", "uncomment-1", EVENING, comment_id="c1"),
        followed("followed", "follow", MORNING),
        followed("unfollowed", "unfollow", NOON, creator="cleo"),
        followed("followed", "follow-back", EVENING, creator="cleo"),
        followed("unfollowed", "unfollow-next", NEXT_DAY),
        searched("s1", LAST_SECOND, "  LipStick "),
        impressed("shown-1", LAST_SECOND, "n1", request="s", surface="search"),
        searched("s2", LAST_SECOND, "Latte", request="s"),
        impressed("shown-2", NEXT_DAY, "n2", request="s", surface="search", position=2),
        opened("opened-2", LATER, "n2", request="s", surface="search"),
        carded("impressed", "card", NEXT_DAY, "p1", surface="search", request_id="s"),
        carded("impressed", "card-again", LATER, "p1", surface="search", request_id="s"),
        carded("clicked", "card-click", LATER, "p1", surface="note", note_id="n1"),
        ad_shown("ad", LAST_SECOND, request="s", placement="search"),
        ad_clicked("ad-click", NEXT_DAY, request="s", placement="search"),
        event("topic.viewed", "topic", NOON, actorid="ann", topic="tea"),
        event("brand_page.viewed", "page", NOON, actorid="ann", brand_id="b1", surface="note"),
        linked("linked", "link-1", MORNING, "ann"),
        linked("linked", "link-2", NOON, "bob", "m2"),
        linked("unlinked", "unlink-1", EVENING, "ann"),
        viewed("view", NOON, actor="dan", deviceid="tablet", surface="note", note_id="n1"),
        viewed("view-2", EVENING, actor="dan", deviceid="tablet"),
        viewed("view-3", EVENING, actor="dan", deviceid="watch"),
    )


def test_a_day_keeps_the_last_state_of_a_note_and_whether_it_was_ever_published(
    town: Query,
) -> None:
    states = town(
        "SELECT CAST(event_date AS VARCHAR), status, was_published, product_ids, "
        "product_brand_ids, brand_ids, is_disclosed_ad "
        "FROM silver.note_states WHERE note_id = 'n1' ORDER BY 1"
    )
    assert states == [
        (MONDAY, "held", True, ["p1"], ["b1"], ["b1"], False),
        (TUESDAY, "published", True, [], [], [], True),
    ]


def test_the_latest_state_by_time_then_id_is_what_a_note_is(town: Query) -> None:
    notes = town(
        "SELECT note_id, title, status, CAST(published_on AS VARCHAR) FROM silver.notes ORDER BY 1"
    )
    assert notes == [
        ("n1", "n1", "published", MONDAY),
        ("n2", "By id, last", "published", MONDAY),
        ("n3", "n3", "draft", None),
    ]


def test_a_card_that_is_rendered_again_for_the_same_request_counts_once_a_day(town: Query) -> None:
    shown = town(
        "SELECT impression_id, position FROM silver.note_impressions "
        "WHERE note_id = 'n1' AND surface = 'feed' ORDER BY 1"
    )
    assert shown == [
        ("shop:i-first", 1),
        ("shop:i-other-day", 1),
        ("shop:i-other-person", 1),
        ("shop:i-other-request", 1),
    ]


def test_renderings_of_nobody_on_no_device_all_stand(town: Query) -> None:
    assert town("SELECT count(*) FROM silver.note_impressions WHERE note_id = 'n9'") == [(2,)]


def test_a_read_belongs_to_the_reporting_local_day(town: Query) -> None:
    reads = town(
        "SELECT read_id, CAST(event_date AS VARCHAR), dwell_ms FROM silver.note_reads "
        "WHERE surface = 'feed' ORDER BY read_id"
    )
    assert reads == [("shop:read-late", MONDAY, 2500), ("shop:read-next", TUESDAY, 1000)]


def test_engagements_say_how_the_day_changed_what_stands(town: Query) -> None:
    engagements = town(
        "SELECT kind, comment_id, CAST(event_date AS VARCHAR), net "
        "FROM silver.engagements ORDER BY ALL"
    )
    assert engagements == [
        ("comment", "shop:c2", MONDAY, 1),
        ("hide", "", MONDAY, 1),
        ("like", "", MONDAY, 1),
        ("like", "", TUESDAY, -1),
        ("report", "", MONDAY, 1),
        ("share", "", MONDAY, 2),
    ]


def test_follows_say_how_the_day_changed_what_stands(town: Query) -> None:
    assert town("SELECT CAST(event_date AS VARCHAR), net FROM silver.follows ORDER BY 1") == [
        (MONDAY, 1),
        (TUESDAY, -1),
    ]


def test_a_term_is_the_query_trimmed_and_in_lower_case(town: Query) -> None:
    assert town("SELECT term FROM silver.searches ORDER BY 1") == [("latte",), ("lipstick",)]


def test_a_result_knows_its_search_across_midnight_and_whether_it_was_opened(town: Query) -> None:
    results = town(
        "SELECT kind, item_id, CAST(event_date AS VARCHAR), term, position, is_clicked "
        "FROM silver.search_results ORDER BY ALL"
    )
    assert results == [
        ("ad", "cr1", MONDAY, "latte", 1, True),
        ("note", "n1", MONDAY, "latte", 1, False),
        ("note", "n2", TUESDAY, "latte", 2, True),
        ("product", "p1", TUESDAY, "latte", 1, False),
    ]


def test_cards_and_pages_are_rows_of_their_own(town: Query) -> None:
    assert town("SELECT act, product_id, note_id FROM silver.product_card_events ORDER BY ALL") == [
        ("click", "p1", "n1"),
        ("impression", "p1", None),
        ("impression", "p1", None),
    ]
    assert town("SELECT topic FROM silver.topic_views") == [("tea",)]
    assert town("SELECT brand_id, surface FROM silver.brand_page_views") == [("b1", "note")]
    assert town("SELECT surface, note_id FROM silver.product_views ORDER BY 1") == [
        ("note", "n1"),
        (None, None),
        (None, None),
    ]


def test_a_device_counts_its_users_and_those_who_stayed(town: Query) -> None:
    assert town("SELECT model, users, linked_users FROM silver.devices") == [("m2", 2, 1)]


def test_an_identity_day_counts_what_a_person_did_on_a_device(town: Query) -> None:
    assert town(
        "SELECT i.acts FROM silver.identity_days AS i JOIN silver.product_views AS v "
        "ON v.actor_id = i.actor_id AND v.event_id = 'shop:view' ORDER BY 1"
    ) == [(1,), (2,)]


def test_a_visit_counts_reads_and_searches(town: Query) -> None:
    visits = town(
        "SELECT CAST(event_date AS VARCHAR), reads, searches FROM silver.sessions "
        "WHERE reads > 0 AND searches > 0"
    )
    assert visits == [(MONDAY, 2, 2)]
