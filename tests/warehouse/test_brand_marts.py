"""What a brand's people did: daily numbers, and distinct people over periods."""

from typing import Any

import pytest

from tests.events import event, viewed
from tests.warehouse.acts import carted, line, local, paid, placed
from tests.warehouse.conftest import Compute, Query

MONDAY, SUNDAY, NEXT_MONDAY = "2026-08-03", "2026-08-09", "2026-08-10"
NOON = local(f"{MONDAY} 12:00:00")


@pytest.fixture(scope="module")
def marts(compute: Compute) -> Query:
    return compute(
        viewed("v1", NOON, actor="ann"),
        viewed("v2", NOON, actor="ann"),
        viewed("v3", NOON, actor="bob"),
        event("product.viewed", "v4", NOON, product_id="b1-p1", brand_id="b1"),
        carted("a1", NOON, actor="bob"),
        placed(
            "o1",
            NOON,
            line("b1", pieces=2),
            line("b1", price=50, product="b1-p2"),
            line("b2"),
            actor="ann",
        ),
        paid("o1", local("2026-08-05 09:00:00"), placed_at=NOON),
        placed("o2", NOON, line("b1"), actor="bob"),
        event("product.viewed", "v5", NOON, product_id="plain", actorid="ann"),
        viewed("f1", NOON, actor="ann", brand="f"),
        viewed("f2", local(f"{SUNDAY} 12:00:00"), actor="ann", brand="f"),
        placed("fo", local(f"{SUNDAY} 12:00:00"), line("f"), actor="bob"),
        carted("f3", local(f"{NEXT_MONDAY} 12:00:00"), actor="cat", brand="f"),
        placed("fp", local(f"{NEXT_MONDAY} 13:00:00"), line("f"), actor="dan"),
        paid("fp", local(f"{NEXT_MONDAY} 14:00:00"), placed_at=local(f"{NEXT_MONDAY} 13:00:00")),
    )


def test_a_brands_day_counts_acts_people_and_paid_orders(marts: Query) -> None:
    found = marts(
        "SELECT visitors, product_views, cart_adds, orders, buyers, gmv_minor, currency "
        "FROM gold.brand_daily WHERE brand_id = 'b1'"
    )
    assert found == [(2, 4, 1, 1, 1, 2050, "CNY")]


def test_an_order_of_two_brands_is_an_order_of_each(marts: Query) -> None:
    found = marts("SELECT orders, buyers, gmv_minor FROM gold.brand_daily WHERE brand_id = 'b2'")
    assert found == [(1, 1, 1000)]


def test_what_has_no_brand_is_kept_under_unknown(marts: Query) -> None:
    found = marts("SELECT brand_id FROM gold.brand_daily WHERE brand_id LIKE '(%'")
    assert found == [("(unknown)",)]


def test_a_products_day_counts_its_people_and_pieces(marts: Query) -> None:
    found = marts(
        "SELECT product_id, viewers, product_views, carters, cart_adds, "
        "buyers, orders, units, gmv_minor "
        "FROM gold.product_funnel_daily WHERE brand_id = 'b1' ORDER BY product_id"
    )
    assert found == [
        ("b1-p1", 2, 4, 1, 1, 1, 1, 2, 2000),
        ("b1-p2", 0, 0, 0, 0, 1, 1, 1, 50),
    ]


def funnel(marts: Query, day: str) -> list[tuple[Any, ...]]:
    return marts(
        "SELECT period_days, reached_view, reached_cart, reached_order, reached_payment "
        "FROM gold.brand_funnel_daily WHERE brand_id = 'f' AND event_date = CAST($day AS DATE) "
        "ORDER BY period_days",
        day=day,
    )


def test_a_person_counts_once_in_a_period_at_the_furthest_step(marts: Query) -> None:
    assert funnel(marts, SUNDAY) == [
        (1, 2, 1, 1, 0),
        (7, 2, 1, 1, 0),
        (28, 2, 1, 1, 0),
        (91, 2, 1, 1, 0),
    ]


def test_a_period_forgets_the_day_that_leaves_it(marts: Query) -> None:
    assert funnel(marts, "2026-08-08") == [(7, 1, 0, 0, 0), (28, 1, 0, 0, 0), (91, 1, 0, 0, 0)]
    assert funnel(marts, NEXT_MONDAY) == [
        (1, 2, 2, 1, 1),
        (7, 4, 3, 2, 1),
        (28, 4, 3, 2, 1),
        (91, 4, 3, 2, 1),
    ]


def test_no_period_ends_after_the_last_day_on_which_anything_happened(marts: Query) -> None:
    assert marts("SELECT CAST(max(event_date) AS VARCHAR) FROM gold.brand_funnel_daily") == [
        (NEXT_MONDAY,)
    ]
