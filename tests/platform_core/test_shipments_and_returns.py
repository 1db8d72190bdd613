"""Parcels go out, are seen, arrive, and come back."""

import pytest
import sqlalchemy as sa

from platform_core.commerce import (
    Line,
    NotReturnable,
    OrderNotDeliverable,
    OrderNotShippable,
    ReturnUnknown,
    Scan,
    Shipment,
    ShipmentUnknown,
    deliver,
    order,
    receive_return,
    refund,
    request_return,
    scan,
    scans,
    ship,
    shipment,
)
from platform_core.database import reading
from platform_core.outbox import NOBODY
from tests.platform_core.market import LATER, NOW, Market


@pytest.fixture
def market(engine: sa.Engine) -> Market:
    return Market(engine).open()


def status(market: Market) -> str:
    return order(market.engine, "order_1").status


def test_a_paid_order_is_shipped_scanned_and_delivered(market: Market) -> None:
    market.paid(Line("sku_1", 2))
    market.events()
    with market.work() as work:
        shipment_id = ship(work, "order_1", carrier="SF", weight_grams=430, by=NOBODY)
    assert (status(market), market.stock()) == ("shipped", (8, 0))
    with market.work(LATER) as work:
        scan(work, shipment_id, place="上海", status="collected")
        deliver(work, "order_1")
    assert status(market) == "delivered"
    with reading(market.engine) as connection:
        assert shipment(connection, shipment_id) == Shipment(
            "shipment_1", "order_1", "SF", 430, NOW, LATER
        )
        assert scans(connection, shipment_id) == [Scan("上海", "collected", LATER)]
    parcel = {"actor": None, "order_id": "order_1", "shipment_id": "shipment_1"}
    shipped, moved, scanned, delivered = market.events()
    assert shipped == {"type": "order.shipped", "carrier": "SF", "weight_grams": 430, **parcel}
    assert (moved["kind"], moved["quantity"], moved["on_hand"]) == ("shipped", -2, 8)
    assert scanned == {
        "type": "parcel.scanned",
        "place": "上海",
        "status": "collected",
        **parcel,
    }
    assert delivered == {"type": "order.delivered", **parcel}


def test_only_paid_orders_are_shipped_and_only_once(market: Market) -> None:
    market.place()
    with pytest.raises(OrderNotShippable, match="placed"), market.work() as work:
        ship(work, "order_1", carrier="SF", weight_grams=200, by=NOBODY)
    market.delivered()
    with pytest.raises(OrderNotShippable, match="delivered"), market.work() as work:
        ship(work, "order_2", carrier="SF", weight_grams=200, by=NOBODY)


def test_a_parcel_arrives_once(market: Market) -> None:
    market.delivered()
    market.events()
    with market.work() as work:
        deliver(work, "order_1")
    assert market.told() == []


def test_what_was_not_shipped_does_not_arrive(market: Market) -> None:
    market.paid()
    with pytest.raises(OrderNotDeliverable, match="paid"), market.work() as work:
        deliver(work, "order_1")
    with pytest.raises(ShipmentUnknown), market.work() as work:
        scan(work, "shipment_9", place="上海", status="in_transit")


def test_a_return_comes_back_to_the_stock_and_then_the_money_to_the_buyer(market: Market) -> None:
    market.delivered(Line("sku_1", 2))
    market.events()
    with market.work() as work:
        return_id = request_return(work, "order_1", reason="too_oily", by=market.ann)
        receive_return(work, return_id)
        refund(work, "order_1", reason="too_oily", return_id=return_id, by=NOBODY)
    assert (status(market), market.stock()) == ("refunded", (10, 0))
    requested, received, moved, refunded, _ = market.events()
    assert requested == {
        "type": "return.requested",
        "actor": "user_1",
        "return_id": "return_1",
        "order_id": "order_1",
        "reason": "too_oily",
    }
    assert (received["type"], received["return_id"]) == ("return.received", "return_1")
    assert (moved["kind"], moved["quantity"]) == ("returned", 2)
    assert (refunded["return_id"], refunded["amount_minor"]) == ("return_1", 20_000)


def test_a_return_is_requested_and_received_once(market: Market) -> None:
    market.delivered()
    market.events()
    for _ in range(2):
        with market.work() as work:
            assert request_return(work, "order_1", reason="r", by=market.ann) == "return_1"
            receive_return(work, "return_1")
    assert market.told() == ["return.requested", "return.received", "stock.moved"]
    assert market.stock() == (10, 0)


def test_only_what_is_away_comes_back(market: Market) -> None:
    market.paid()
    with pytest.raises(NotReturnable, match="paid"), market.work() as work:
        request_return(work, "order_1", reason="r", by=market.ann)
    with pytest.raises(ReturnUnknown, match="return_9"), market.work() as work:
        receive_return(work, "return_9")
    market.delivered()
    with market.work() as work:
        refund(work, "order_2", reason="r", by=NOBODY)
    with pytest.raises(NotReturnable, match="refunded"), market.work() as work:
        request_return(work, "order_2", reason="r", by=market.ann)


def test_a_refund_names_a_return_of_the_same_order(market: Market) -> None:
    market.delivered()
    market.delivered()
    with market.work() as work:
        request_return(work, "order_1", reason="r", by=market.ann)
    with pytest.raises(ReturnUnknown, match="order_2"), market.work() as work:
        refund(work, "order_2", reason="r", return_id="return_1", by=NOBODY)
