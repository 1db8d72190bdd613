"""Rings of people who do the same to the same things on the same days."""

from typing import Any

from tests.features.literal_conduct import at, day, one, rows_of


def together(a: str, b: str, *days: int, targets: int = 2) -> list[dict[str, Any]]:
    said = {"user_a": a, "user_b": b, "act": "engage", "targets": targets, "weight": 1.0}
    return [{**said, "event_date": day(n), "evidence": []} for n in days]


def acted(who: str, things: int, on: int = 3) -> list[dict[str, Any]]:
    return [
        {
            "user_id": who,
            "act": "engage",
            "target_id": f"{who}{n}",
            "span": 0,
            "event_date": day(on),
        }
        for n in range(things)
    ]


def rings(
    pairs: list[dict[str, Any]], acts: list[dict[str, Any]], first: int, last: int | None = None
) -> list[dict[str, Any]]:
    since = [
        {"user_id": who, "event_date": day(1), "changed_at": at(f"01 0{number}:00:00")}
        for number, who in enumerate(("cat", "bob", "ann"), start=1)
    ]
    given = {
        "features.co_actions_daily": pairs,
        "features.target_acts": acts,
        "silver.user_states": since,
    }
    return rows_of("features.lockstep_rings", given, first, last)


def test_a_ring_is_named_after_who_signed_up_first() -> None:
    acts = acted("ann", 4) + acted("bob", 6) + acted("cat", 5)
    found = rings(together("ann", "bob", 3, 4) + together("bob", "cat", 3, 4), acts, 4)
    assert {row["ring_id"] for row in found} == {"cat"}
    assert one(found, user_id="bob")["partners"] == 2
    ann = one(found, user_id="ann")
    assert (ann["members"], ann["partners"], ann["similarity"]) == (3, 1, 4 / 6)
    assert ann["density"] == 2 / 3


def test_few_things_or_a_small_part_of_all_are_no_lockstep() -> None:
    few = together("ann", "bob", 3, targets=3)
    assert rings(few, acted("ann", 3) + acted("bob", 3), 3) == []
    busy = together("ann", "bob", 3, 4)
    assert rings(busy, acted("ann", 40) + acted("bob", 40), 4) == []


def test_four_weeks_later_what_was_done_together_is_forgotten() -> None:
    acts = acted("ann", 4) + acted("bob", 4)
    found = rings(together("ann", "bob", 1, 2), acts, 28, 29)
    assert {row["event_date"] for row in found} == {day(28)}


def test_a_day_says_the_same_alone_and_within_a_month() -> None:
    pairs = together("ann", "bob", 2, 9) + together("bob", "cat", 5, 20)
    acts = acted("ann", 5, 2) + acted("bob", 7, 4) + acted("cat", 5, 6)
    month = rings(pairs, acts, 1, 30)
    alone = [row for n in range(1, 31) for row in rings(pairs, acts, n)] if month else []
    key = lambda row: (row["event_date"], row["user_id"])  # noqa: E731
    assert sorted(month, key=key) == sorted(alone, key=key)
