"""Visits to the shop: 30 minutes of quiet end one, and 04:00 reporting time ends all."""

import pytest

from tests.events import event, viewed
from tests.warehouse.acts import carted, local, placed
from tests.warehouse.conftest import Compute, Query


@pytest.fixture(scope="module")
def visits(compute: Compute) -> Query:
    return compute(
        viewed("p1", local("2026-08-03 10:00:00"), actor="patient"),
        viewed("p2", local("2026-08-03 10:30:00"), actor="patient"),
        viewed("q1", local("2026-08-03 10:00:00"), actor="quiet"),
        viewed("q2", local("2026-08-03 10:30:00.000001"), actor="quiet"),
        viewed("n1", local("2026-08-03 23:50:00"), actor="night"),
        carted("n2", local("2026-08-04 00:10:00"), actor="night"),
        placed("n3", local("2026-08-04 00:30:00"), actor="night"),
        viewed("m1", local("2026-08-04 03:45:00"), actor="milkman"),
        viewed("m2", local("2026-08-04 04:00:00"), actor="milkman"),
        viewed("m3", local("2026-08-04 04:10:00"), actor="milkman"),
        event("product.viewed", "x1", local("2026-08-03 10:00:00"), product_id="p"),
    )


def of(visits: Query, first_act: str) -> list[tuple[object, ...]]:
    """Sessions of the person who did this act, as (day, start, end, views, carts, orders)."""
    return visits(
        "SELECT CAST(s.event_date AS VARCHAR), "
        "strftime(s.started_at + INTERVAL 8 HOUR, '%H:%M'), "
        "strftime(s.ended_at + INTERVAL 8 HOUR, '%H:%M'), "
        "s.product_views, s.cart_adds, s.orders "
        "FROM silver.sessions AS s JOIN silver.product_views AS v USING (actor_id) "
        "WHERE v.event_id = $act ORDER BY s.started_at",
        act=f"shop:{first_act}",
    )


def test_thirty_minutes_of_quiet_are_still_one_session(visits: Query) -> None:
    assert of(visits, "p1") == [("2026-08-03", "10:00", "10:30", 2, 0, 0)]


def test_longer_quiet_begins_another_session(visits: Query) -> None:
    assert of(visits, "q1") == [
        ("2026-08-03", "10:00", "10:00", 1, 0, 0),
        ("2026-08-03", "10:30", "10:30", 1, 0, 0),
    ]


def test_a_session_across_midnight_is_one_on_the_day_it_began(visits: Query) -> None:
    assert of(visits, "n1") == [("2026-08-03", "23:50", "00:30", 1, 1, 1)]


def test_four_o_clock_ends_every_session(visits: Query) -> None:
    assert of(visits, "m1") == [
        ("2026-08-04", "03:45", "03:45", 1, 0, 0),
        ("2026-08-04", "04:00", "04:10", 2, 0, 0),
    ]


def test_nobody_has_no_session(visits: Query) -> None:
    assert visits("SELECT count(*) FROM silver.sessions WHERE actor_id IS NULL") == [(0,)]
