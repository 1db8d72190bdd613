"""Orders and what comes after them: events in, rows of silver and verdicts out."""

from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.defs.house import House
from tests.events import event
from tests.warehouse.acts import line, local, paid, placed
from tests.warehouse.nightly import deliver, house, night, read
from tests.warehouse.shop_acts import (
    cancelled,
    delivered,
    in_shop,
    refunded,
    ruled,
    shipped,
)

TABLES = [
    *("silver.cancellations", "silver.ledger_entries", "silver.order_lines", "silver.orders"),
    *("silver.payments", "silver.refunds", "silver.shipments"),
    *("risk.order_verdicts", "risk.user_verdicts"),
]
LAST_OF_JULY, FIRST_OF_AUGUST = "2026-07-31", "2026-08-01"
BEFORE_MIDNIGHT = local(f"{LAST_OF_JULY} 23:59:59")
AFTER_MIDNIGHT = local(f"{FIRST_OF_AUGUST} 00:00:00")
NOON = local(f"{FIRST_OF_AUGUST} 12:00:00")
ORDER = in_shop(
    placed("o1", BEFORE_MIDNIGHT, {**line(), "sku_id": "s1", "note_id": "n1"}),
    "h1",
    discount_minor=50,
    commission_minor=30,
    coupon_id="k1",
    ship_to="Meadow Lane 1",
)
NEXT = placed("o2", AFTER_MIDNIGHT, actor="bob")
ENTRIES = [
    {"account": "clearing:provider", "side": "debit", "amount_minor": 10},
    {"account": "merchant:h1", "side": "credit", "amount_minor": 10},
]
BOOKED: dict[str, Any] = {
    "kind": "sale",
    "reference_id": "y1",
    "currency": "CNY",
    "entries": ENTRIES,
}


def step(type_: str, id_: str, **rest: Any) -> dict[str, Any]:
    return event(type_, id_, NOON, order_id="o1", **rest)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, without_audits: None) -> Iterator[House]:
    """One night with two orders, and a second night with what became of them."""
    meadow = house(tmp_path_factory.mktemp("shop"), tables=TABLES)
    deliver(
        meadow,
        ORDER,
        NEXT,
        step("payment.requested", "y1-a", payment_id="y1", amount_minor=950, currency="CNY"),
        step("payment.refused", "y1-b", payment_id="y1", reason="limit"),
        paid("o1", NOON, placed_at=BEFORE_MIDNIGHT),
        shipped("o1", NOON),
        delivered("o1", local("2026-08-03 09:00:00")),
        cancelled("o2", NOON),
        cancelled("o2", NOON, id_="again"),
        event("ledger.posted", "t1-posted", NOON, transaction_id="t1", **BOOKED),
        event("ledger.posted", "t1-again", NOON, transaction_id="t1", **BOOKED),
    )
    night(meadow, "r1")
    (pseudonym,) = read(meadow, "SELECT actor_id FROM silver.orders WHERE order_id = 'shop:o2'")[0]
    deliver(
        meadow,
        refunded("q1", local("2026-08-09 10:00:00"), "o1", placed_at=BEFORE_MIDNIGHT, amount=400),
        refunded("q1", local("2026-08-09 10:00:01"), "o1", placed_at=BEFORE_MIDNIGHT, id_="twice"),
        ruled("d1", NOON, "confirmed", "order", "shop:o1", days=[LAST_OF_JULY]),
        ruled("d2", NOON, "confirmed", "order", "shop:o2", days=[FIRST_OF_AUGUST]),
        ruled(
            "d3",
            local("2026-08-02 12:00:00"),
            "dismissed",
            "order",
            "shop:o2",
            days=[FIRST_OF_AUGUST],
        ),
        ruled("d4", NOON, "confirmed", "user", pseudonym, days=[LAST_OF_JULY, FIRST_OF_AUGUST]),
        ruled(
            "d5", local("2026-08-02 12:00:00"), "dismissed", "user", pseudonym, days=["2026-08-01"]
        ),
    )
    night(meadow, "r2")
    yield meadow
    meadow.platform.dispose()


def test_an_order_belongs_to_the_local_month_in_which_it_was_placed(shop: House) -> None:
    found = read(
        shop,
        "SELECT order_id, CAST(event_date AS VARCHAR), shop_id, discount_minor, commission_minor, "
        "coupon_id, source FROM silver.orders ORDER BY order_id",
    )
    assert found == [
        ("shop:o1", LAST_OF_JULY, "h1", 50, 30, "k1", "shop"),
        ("shop:o2", FIRST_OF_AUGUST, None, None, None, None, "shop"),
    ]


def test_where_a_parcel_goes_is_a_pseudonym(shop: House) -> None:
    found = read(shop, "SELECT ship_to FROM silver.orders WHERE order_id = 'shop:o1'")
    assert found != [("Meadow Lane 1",)]
    assert found[0][0] is not None


def test_a_line_knows_its_variant_note_and_shop(shop: House) -> None:
    lines = read(shop, "SELECT sku_id, note_id, shop_id FROM silver.order_lines ORDER BY order_id")
    assert lines == [("s1", "n1", "h1"), (None, None, None)]


def test_a_refund_restates_the_day_of_its_order_and_counts_once(shop: House) -> None:
    found = read(
        shop,
        "SELECT refund_id, CAST(event_date AS VARCHAR), CAST(refunded_on AS VARCHAR), amount_minor "
        "FROM silver.refunds",
    )
    assert found == [("shop:q1", LAST_OF_JULY, "2026-08-09", 400)]


def test_a_payment_goes_through_its_steps(shop: House) -> None:
    found = read(
        shop,
        "SELECT payment_id, step, amount_minor, reason "
        "FROM silver.payments ORDER BY payment_id DESC, step DESC",
    )
    assert found == [
        ("shop:y1", "requested", 950, None),
        ("shop:y1", "refused", None, "limit"),
        ("shop:o1", "confirmed", 1000, None),
    ]


def test_a_parcel_is_shipped_and_delivered_each_on_its_day(shop: House) -> None:
    steps = read(
        shop,
        "SELECT step, CAST(event_date AS VARCHAR), carrier "
        "FROM silver.shipments ORDER BY step DESC",
    )
    assert steps == [("shipped", FIRST_OF_AUGUST, "swift"), ("delivered", "2026-08-03", None)]


def test_what_is_told_twice_counts_once(shop: House) -> None:
    assert read(shop, "SELECT order_id, reason FROM silver.cancellations") == [
        ("shop:o2", "unpaid")
    ]
    booked = "SELECT transaction_id, entry_number, account, side, amount_minor, reference_id"
    assert read(shop, f"{booked} FROM silver.ledger_entries ORDER BY entry_number") == [
        ("shop:t1", 1, "clearing:provider", "debit", 10, "shop:y1"),
        ("shop:t1", 2, "merchant:h1", "credit", 10, "shop:y1"),
    ]


def test_the_newest_decision_on_an_order_stands(shop: House) -> None:
    found = read(
        shop,
        "SELECT order_id, CAST(event_date AS VARCHAR), kind, state, case_id "
        "FROM risk.order_verdicts ORDER BY order_id",
    )
    assert found == [
        ("shop:o1", LAST_OF_JULY, "sivt", "effective", "case-d1"),
        ("shop:o2", FIRST_OF_AUGUST, "sivt", "dismissed", "case-d3"),
    ]


def test_a_decision_on_a_user_stands_for_each_day_it_names(shop: House) -> None:
    found = read(
        shop,
        "SELECT CAST(event_date AS VARCHAR), state, case_id FROM risk.user_verdicts ORDER BY 1",
    )
    assert found == [
        (LAST_OF_JULY, "effective", "case-d4"),
        (FIRST_OF_AUGUST, "dismissed", "case-d5"),
    ]
