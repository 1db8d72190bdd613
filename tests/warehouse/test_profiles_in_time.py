"""A day's profiles are made from that day and its past, whatever the lake has learnt since."""

from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.defs.house import House
from tests.warehouse.acts import Event, line, local, paid, placed
from tests.warehouse.nightly import deliver, house, night, read
from tests.warehouse.note_acts import engaged, note, opened, product, signed_up
from tests.warehouse.people import called

TABLES = ("features.user_profile_daily", "features.user_interest_daily")
THEN = "2026-08-09"  # a Sunday


def at(day: int, clock: str = "12:00:00") -> str:
    return local(f"2026-08-{day:02} {clock}")


PAST: list[Event] = [
    signed_up("ann", at(3), "2026-08-03"),
    product("cream", at(3), "cream", 1000),
    note("tea", at(3), "food"),
    note("hike", at(3), "travel", "sport"),
    opened("tea", at(4), "ann"),
    opened("hike", at(7), "ann"),
    opened("tea", at(5), "bob"),
    placed("o1", at(8), line(product="cream"), actor="bob"),
    opened("tea", at(9, "23:59:59"), "ann"),
]
FUTURE: list[Event] = [
    signed_up("ann", at(10), "2026-08-03", city_tier=4),
    product("cream", at(10), "cream", 10),
    product("lotion", at(10), "cream", 9000),
    note("tea", at(10), "tea"),
    engaged("liked", "hike", at(10), "bob"),
    paid("o1", at(10), placed_at=at(8)),
    opened("hike", at(12), "ann"),
    opened("tea", at(16), "cat"),
]
LATE = opened("hike", at(6), "bob", id_="late")


def until_then(meadow: House, before: str = "2026-08-10") -> dict[str, list[str]]:
    days = f"event_date < DATE '{before}'"
    return {t: sorted(map(str, read(meadow, f"SELECT * FROM {t} WHERE {days}"))) for t in TABLES}


@pytest.fixture(scope="module")
def meadow(
    tmp_path_factory: pytest.TempPathFactory, without_audits: None
) -> Iterator[tuple[House, list[dict[str, Any]]]]:
    """What was known at first, after a week, and after a late event, of one Meadow."""
    home = house(tmp_path_factory.mktemp("time"), tables=TABLES)
    known = []
    for events in (PAST, FUTURE, [LATE]):
        deliver(home, *events)
        night(home)
        known.append({"then": until_then(home), "before": until_then(home, "2026-08-06")})
    yield home, known
    home.platform.dispose()


def test_what_happens_later_changes_no_day_before_it(
    meadow: tuple[House, list[dict[str, Any]]],
) -> None:
    _, (first, second, _) = meadow
    assert first["then"] == second["then"]
    assert all(len(rows) > 3 for rows in first["then"].values())


def test_a_late_event_changes_its_day_and_later_ones_only(
    meadow: tuple[House, list[dict[str, Any]]],
) -> None:
    home, (_, second, third) = meadow
    assert second["before"] == third["before"]
    query = (
        "SELECT CAST(event_date AS VARCHAR), active_days FROM features.user_profile_daily "
        "WHERE user_id = $bob ORDER BY event_date"
    )
    assert read(home, query, bob=called(home, "bob")) == [
        ("2026-08-05", 1),
        ("2026-08-06", 2),
        ("2026-08-08", 3),
        ("2026-08-09", 3),
        ("2026-08-10", 4),
        ("2026-08-16", 4),
    ]


def test_a_rebuild_of_all_days_at_once_gives_the_same(
    meadow: tuple[House, list[dict[str, Any]]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home, (*_, last) = meadow
    keys = home.settings.platform_url
    again = house(tmp_path_factory.mktemp("again"), database_url=keys, tables=TABLES)
    deliver(again, *PAST, *FUTURE, LATE)
    night(again)
    assert until_then(again) == last["then"]
    again.platform.dispose()
