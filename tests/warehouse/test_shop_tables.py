"""Views, orders and their lines: events in, rows of silver out."""

import pytest

from tests.events import event, viewed
from tests.warehouse.acts import carted, line, local, paid, placed
from tests.warehouse.conftest import Compute, Query

MONDAY_NIGHT = local("2026-08-03 23:59:59")
TUESDAY = local("2026-08-04 00:00:00")
TWO_LINES = (line("b1", pieces=2, price=1500), line(None, pieces=1, price=700))


@pytest.fixture(scope="module")
def shop(compute: Compute) -> Query:
    return compute(
        viewed("v-monday", MONDAY_NIGHT),
        viewed("v-tuesday", TUESDAY),
        viewed("v-twice", TUESDAY, brand="b2"),
        viewed("v-twice", TUESDAY, brand="b3"),
        event("product.viewed", "v-bare", TUESDAY, product_id="plain-p1"),
        carted("a1", TUESDAY, quantity=3),
        event("cart.added", "a2", TUESDAY, product_id="plain-p1"),
        placed("o-late", MONDAY_NIGHT, *TWO_LINES),
        paid("o-late", local("2026-08-06 09:00:00"), placed_at=MONDAY_NIGHT),
        paid("o-late", local("2026-08-05 09:00:00"), placed_at=MONDAY_NIGHT, id_="paid-before"),
        placed("o-open", TUESDAY),
        placed("o-resent", local("2026-08-04 11:00:00"), line(price=2), id_="second"),
        placed("o-resent", local("2026-08-04 10:00:00"), line(price=1), id_="first"),
        placed("o-reused", MONDAY_NIGHT, line(price=10), id_="on-monday"),
        placed("o-reused", TUESDAY, line(price=20), id_="on-tuesday"),
        paid("o-reused", local("2026-08-07 09:00:00"), placed_at=TUESDAY),
        paid("o-ghost", TUESDAY, placed_at=TUESDAY),
        event("brand.changed", "s1", local("2026-08-01 00:00:00"), brand_id="b1", name="Old"),
        event("brand.changed", "s2", local("2026-08-02 00:00:00"), brand_id="b1", name="New"),
        event("brand.changed", "s0", local("2026-07-31 00:00:00"), brand_id="b1", name="Older"),
        event("product.changed", "t1", TUESDAY, product_id="p1", name="By id, first"),
        event("product.changed", "t2", TUESDAY, product_id="p1", name="By id, last"),
    )


def test_a_view_counts_on_the_reporting_local_day(shop: Query) -> None:
    days = shop(
        "SELECT event_id, CAST(event_date AS VARCHAR) FROM silver.product_views "
        "WHERE event_id IN ('shop:v-monday', 'shop:v-tuesday') ORDER BY event_id"
    )
    assert days == [("shop:v-monday", "2026-08-03"), ("shop:v-tuesday", "2026-08-04")]


def test_of_two_copies_the_one_that_landed_first_is_kept(shop: Query) -> None:
    found = shop("SELECT brand_id FROM silver.product_views WHERE event_id = 'shop:v-twice'")
    assert found == [("b2",)]


def test_a_product_without_a_brand_is_of_the_unknown_brand(shop: Query) -> None:
    for table in ("product_views", "cart_adds", "order_lines"):
        found = shop(f"SELECT brand_id FROM silver.{table} WHERE product_id = 'plain-p1'")
        assert found == [("(unknown)",)], table


def test_a_cart_holds_one_piece_unless_told(shop: Query) -> None:
    assert shop("SELECT event_id, quantity FROM silver.cart_adds ORDER BY event_id") == [
        ("shop:a1", 3),
        ("shop:a2", 1),
    ]


def test_an_order_stands_on_the_day_it_was_placed_with_its_first_payment(shop: Query) -> None:
    orders = shop(
        "SELECT order_id, CAST(event_date AS VARCHAR), CAST(paid_at AS VARCHAR), total_minor "
        "FROM silver.orders WHERE order_id <> 'shop:o-reused' ORDER BY order_id"
    )
    assert orders == [
        ("shop:o-late", "2026-08-03", "2026-08-05 01:00:00", 3700),
        ("shop:o-open", "2026-08-04", None, 1000),
        ("shop:o-resent", "2026-08-04", None, 1),
    ]


def test_an_order_id_of_another_day_is_an_order_of_its_own_with_its_own_payment(
    shop: Query,
) -> None:
    orders = shop(
        "SELECT CAST(event_date AS VARCHAR), total_minor, paid_at IS NOT NULL "
        "FROM silver.orders WHERE order_id = 'shop:o-reused' ORDER BY event_date"
    )
    assert orders == [("2026-08-03", 10, False), ("2026-08-04", 20, True)]


def test_an_order_that_was_sent_again_keeps_its_first_lines_only(shop: Query) -> None:
    lines = shop(
        "SELECT line_number, amount_minor FROM silver.order_lines WHERE order_id = $o",
        o="shop:o-resent",
    )
    assert lines == [(1, 1)]


def test_an_order_of_several_lines_has_a_row_each_in_their_order(shop: Query) -> None:
    lines = shop(
        "SELECT line_number, brand_id, quantity, unit_price_minor, amount_minor, "
        "CAST(event_date AS VARCHAR) FROM silver.order_lines "
        "WHERE order_id = 'shop:o-late' ORDER BY 1"
    )
    assert lines == [
        (1, "b1", 2, 1500, 3000, "2026-08-03"),
        (2, "(unknown)", 1, 700, 700, "2026-08-03"),
    ]


def test_the_latest_state_by_time_then_id_is_what_a_brand_or_product_is(shop: Query) -> None:
    assert shop("SELECT brand_id, name FROM silver.brands") == [("b1", "New")]
    assert shop("SELECT product_id, name FROM silver.products") == [("p1", "By id, last")]
