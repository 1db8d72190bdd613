"""Who people are: their interests, money, hours and company, as of a day's end."""

from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.defs.house import House
from tests.events import event, viewed
from tests.warehouse.acts import Event, line, local, paid, placed
from tests.warehouse.nightly import deliver, house, night, read
from tests.warehouse.note_acts import engaged, note, opened, product, signed_up
from tests.warehouse.people import called

PROFILES = "features.user_profile_daily"
MONDAY = "2026-08-03"
NOON = local(f"{MONDAY} 12:00:00")
ORDERED, PAID = local("2026-08-05 23:50:00"), local("2026-08-06 00:10:00")

NOTES = [
    note("tea", NOON, "food", by="cook"),
    note("hike", NOON, "travel", "sport", by="cook"),
    note("hike", local("2026-08-19 09:00:00"), "sport", by="cook"),
]
GOODS = [
    product("cheap", NOON, "cream", 1000),
    product("usual", NOON, "cream", 2000),
    product("dear", NOON, "cream", 4000),
]
READER = [
    signed_up("ann", NOON, "2026-08-01", city_tier=2),
    signed_up("ann", local("2026-08-10 12:00:00"), "2026-08-01", city_tier=3),
    opened("hike", local(f"{MONDAY} 20:00:00"), "ann"),
    opened("tea", local(f"{MONDAY} 20:01:00"), "ann"),
    engaged("liked", "tea", local(f"{MONDAY} 20:02:00"), "ann"),
    opened("hike", local(f"{MONDAY} 20:03:00"), "ann", dwell_ms=10),
    opened("hike", local("2026-08-17 00:30:00"), "ann"),
    engaged("unliked", "tea", local("2026-08-17 00:31:00"), "ann"),
    opened("hike", local("2026-08-20 00:30:00"), "ann"),
]
BUYERS = [
    viewed("v1", ORDERED, actor="bob", product_id="cheap"),
    viewed("v2", ORDERED, actor="bob", product_id="dear"),
    placed("o1", ORDERED, line(product="dear"), actor="bob"),
    paid("o1", PAID, placed_at=ORDERED),
    placed("o2", ORDERED, line(product="cheap"), actor="cat"),
]


def at_home(id_: str, time: str, actor: str, phone: str) -> Event:
    """A person searched on a phone, at one address for all."""
    return event(
        "search.queried",
        id_,
        time,
        actorid=actor,
        deviceid=phone,
        ip="203.0.113.9",
        request_id=id_,
        query="tea",
        results=1,
    )


FLAT = [
    at_home("s1", local("2026-08-01 10:00:00"), "dan", "phone"),
    at_home("s2", local("2026-08-02 10:00:00"), "eve", "phone"),
    at_home("s3", local("2026-08-02 10:00:00"), "flo", "tablet"),
    at_home("s4", local("2026-08-30 10:00:00"), "dan", "phone"),
    at_home("s5", local("2026-08-31 10:00:00"), "dan", "phone"),
]
"""Dan and Eve share a phone. On 30 August Eve was on it 28 days ago, a day later 29."""


class Lake:
    """One Meadow whose people are asked for by name."""

    def __init__(self, meadow: House) -> None:
        self.meadow = meadow

    def ask(
        self, name: str, day: str, columns: str, table: str = PROFILES
    ) -> list[tuple[Any, ...]]:
        return read(
            self.meadow,
            f"SELECT {columns} FROM {table} "
            "WHERE user_id = $user AND event_date = CAST($day AS DATE)",
            user=called(self.meadow, name),
            day=day,
        )


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    meadow = house(tmp_path_factory.mktemp("people"), tables=[PROFILES])
    deliver(meadow, *NOTES, *GOODS, *READER, *BUYERS, *FLAT)
    night(meadow)
    yield Lake(meadow)
    meadow.platform.dispose()


def test_points_are_shared_among_a_notes_topics_and_halve_with_age(lake: Lake) -> None:
    found = "name, weight, round(share, 3), place"
    of = "features.user_interest_daily"
    assert sorted(lake.ask("ann", MONDAY, found, of), key=lambda row: row[3]) == [
        ("food", 2.0, 0.667, 1),
        ("sport", 0.5, 0.167, 2),
        ("travel", 0.5, 0.167, 3),
    ]
    fortnight_later = lake.ask("ann", "2026-08-17", found, of)
    assert sorted(fortnight_later, key=lambda row: row[3]) == [
        ("sport", 0.75, 0.5, 1),  # half of the first reading, and the day's own
        ("travel", 0.75, 0.5, 2),
    ]  # the like was taken back: half of two points, less one


def test_topics_are_those_that_a_note_had_at_the_days_end(lake: Lake) -> None:
    (topics,) = lake.ask("ann", "2026-08-20", "topic, topics[2], is_reader, active_days")
    assert topics == ("sport", "travel", True, 3)


def test_a_user_is_as_known_at_the_days_end(lake: Lake) -> None:
    assert lake.ask("ann", MONDAY, "city_tier, stage") == [(2, "new")]
    assert lake.ask("ann", "2026-08-17", "city_tier, stage, days_since_act") == [(3, "active", 0)]


def test_on_sundays_those_who_stay_away_fall_silent_and_are_lost(lake: Lake) -> None:
    asked = "is_active, stage, days_since_act"
    assert lake.ask("ann", "2026-08-30", asked) == [(False, "silent", 10)]
    assert lake.ask("ann", "2026-08-31", asked) == []
    assert lake.ask("bob", "2026-08-30", asked) == [(False, "silent", 24)]


def test_hours_are_those_of_the_reporting_day(lake: Lake) -> None:
    assert lake.ask("ann", MONDAY, "active_hours, night_share") == [("18-21", 0.0)]
    ((hours, night_share),) = lake.ask("ann", "2026-08-20", "active_hours, night_share")
    assert (hours, round(night_share, 3)) == ("18-21", 0.429)


def test_money_counts_on_the_day_it_was_paid(lake: Lake) -> None:
    asked = "is_buyer, orders, paid_minor, days_since_payment, spending_percentile"
    assert lake.ask("bob", "2026-08-05", asked) == [(False, 0, 0, None, None)]
    assert lake.ask("bob", "2026-08-06", asked) == [(True, 1, 1000, 0, 1.0)]
    assert lake.ask("bob", "2026-08-09", asked) == [(True, 1, 1000, 3, 1.0)]
    assert lake.ask("cat", "2026-08-05", asked) == [(False, 0, 0, None, None)]


def test_a_price_tier_is_told_by_the_median_of_the_category(lake: Lake) -> None:
    asked = "category, price_tier, round(price_tier_share, 3)"
    assert lake.ask("bob", "2026-08-05", asked) == [("cream", "high", 0.857)]
    assert lake.ask("cat", "2026-08-05", asked) == [("cream", "low", 1.0)]


def test_others_share_a_device_until_they_have_been_away_too_long(lake: Lake) -> None:
    of, asked = "features.user_identity_daily", "device_others, address_others"
    assert lake.ask("dan", "2026-08-01", asked, of) == [(0, 0)]
    assert lake.ask("eve", "2026-08-02", asked, of) == [(1, 2)]
    assert lake.ask("dan", "2026-08-30", asked, of) == [(1, 2)]
    assert lake.ask("dan", "2026-08-31", asked, of) == [(0, 0)]
    assert lake.ask("dan", "2026-08-31", asked) == [(1, 2)]  # within the profile's own days


def test_who_writes_contributes_and_who_is_unknown_is_not_trusted(lake: Lake) -> None:
    assert lake.ask("cook", MONDAY, "is_contributor, is_reader, confidence") == [(True, False, 0.0)]
    ((before,), (after,)) = (
        lake.ask("ann", day, "confidence")[0] for day in (MONDAY, "2026-08-30")
    )
    assert 0 < after < before < 0.2
