"""Searches for a brand after exposure to it, beside people like the exposed who were not."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.events import event
from tests.warehouse.acts import local
from tests.warehouse.conftest import Compute, Query

MONDAY = "2026-08-10"
EXPOSED = ("ann", "bob", "cat", "dan")
OTHERS = ("eve", "fay", "gus", "hal")


def on(clock: str) -> str:
    return local(f"2026-08-{clock}")


def user(name: str, *, tier: int = 1, since: str = "2026-07-01") -> dict[str, Any]:
    return event(
        "user.changed",
        f"user-{name}",
        on("01 09:00:00"),
        user_id=name,
        status="active",
        registered_on=since,
        city_tier=tier,
        has_avatar=True,
        has_bio=False,
        interests=["tea"],
    )


def seen(name: str, note: str = "plain") -> dict[str, Any]:
    return event(
        "note.impressed",
        f"seen-{name}",
        on("10 12:00:00"),
        actorid=name,
        note_id=note,
        request_id=f"r-{name}",
        surface="feed",
        position=1,
    )


def read(name: str) -> dict[str, Any]:
    return event(
        "note.read",
        f"read-{name}",
        on("10 12:01:00"),
        actorid=name,
        note_id="n1",
        surface="feed",
        dwell_ms=9000,
    )


def searched(id_: str, name: str, clock: str, query: str = "山茶 怎么样") -> dict[str, Any]:
    return event(
        "search.queried", id_, on(clock), actorid=name, request_id=id_, query=query, results=3
    )


def named(kind: str, id_: str, clock: str, name: str, **rest: Any) -> dict[str, Any]:
    key = {f"{kind}_id": id_}
    return event(f"{kind}.changed", f"{id_}-{clock}", on(clock), **key, name=name, **rest)


NOTE = event(
    "note.changed",
    "n1-written",
    on("01 09:00:00"),
    note_id="n1",
    creator_id="cho",
    status="published",
    title="茶",
    text="好喝",
    topics=["tea"],
    products=[{"product_id": "p1", "brand_id": "b1"}],
    mentions=[],
    is_disclosed_ad=False,
)


@pytest.fixture(scope="module")
def small_floor() -> Iterator[None]:
    """Eight people are enough for a lift."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEADOW_PARAMETERS", '{"audience_floor": 4}')
        yield


@pytest.fixture(scope="module")
def marts(small_floor: None, compute: Compute) -> Query:
    return compute(
        named("brand", "b1", "01 09:00:00", "山茶"),
        named("brand", "b1", "12 09:00:00", "Snow Tea"),
        named("product", "p1", "01 09:00:00", "晴川乌龙", brand_id="b1"),
        NOTE,
        *(user(name) for name in (*EXPOSED, *OTHERS)),
        user("far", tier=3),
        user("new", since=MONDAY),
        *(seen(name) for name in (*EXPOSED, *OTHERS, "far", "new")),
        *(read(name) for name in EXPOSED),
        searched("s1", "ann", "11 09:00:00"),
        searched("s2", "ann", "12 09:00:00", "SNOW tea 绿茶"),
        searched("s3", "bob", "17 23:59:00", "晴川乌龙"),
        searched("s4", "cat", "12 09:00:00"),
        searched("s5", "cat", "09 09:00:00"),
        searched("s6", "dan", "18 00:01:00"),
        searched("s7", "dan", "10 18:00:00"),
        searched("s8", "eve", "11 09:00:00"),
        searched("s9", "fay", "11 09:00:00", "snow tea"),
        searched("s10", "gus", "11 09:00:00", "防晒"),
        searched("s11", "far", "11 09:00:00"),
        searched("s12", "new", "11 09:00:00"),
    )


def lift(marts: Query, columns: str) -> list[tuple[Any, ...]]:
    return marts(
        f"SELECT {columns} FROM gold.search_lift "
        "WHERE brand_id = 'b1' AND exposure = 'read' AND event_date = CAST($day AS DATE)",
        day=MONDAY,
    )


def test_people_count_who_search_within_the_days_after_and_not_on_the_day(marts: Query) -> None:
    assert lift(marts, "exposed, exposed_searchers, rate_exposed") == [(4, 3, 0.75)]


def test_only_people_of_the_same_tier_who_were_there_before_are_alike(marts: Query) -> None:
    assert lift(marts, "unexposed, rate_unexposed, matched_weight") == [(4, 0.25, 1.0)]


def test_what_people_searched_anyway_is_taken_out(marts: Query) -> None:
    assert lift(marts, "prior_rate_exposed, prior_rate_unexposed, lift") == [(0.25, 0.0, 0.25)]


def test_the_interval_holds_the_lift_and_is_wide_for_a_few_people(marts: Query) -> None:
    ((low, estimate, high),) = lift(marts, "lift_low, lift, lift_high")
    assert low < 0 < estimate < high


def test_a_term_names_a_brand_by_the_names_that_it_has_had_so_far(marts: Query) -> None:
    found = marts(
        "SELECT CAST(event_date AS VARCHAR), sum(searches) FROM features.brand_searches "
        "GROUP BY event_date ORDER BY event_date"
    )
    assert found == [
        ("2026-08-09", 1),
        ("2026-08-10", 1),
        ("2026-08-11", 4),
        ("2026-08-12", 2),
        ("2026-08-17", 1),
        ("2026-08-18", 1),
    ]


def test_too_few_exposed_have_no_lift(compute: Compute) -> None:
    marts = compute(NOTE, named("brand", "b1", "01 09:00:00", "山茶"), *map(seen, "ab"), read("a"))
    assert lift(marts, "exposed, lift, lift_low") == [(1, None, None)]
