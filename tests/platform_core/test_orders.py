"""Orders are placed at the shelf's prices, keep to the stock, and end in one way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from platform_core.catalog import OutOfStock, delist, reprice
from platform_core.commerce import (
    IdempotencyKeyReused,
    Line,
    NotForSale,
    OneShopPerOrder,
    OrderLine,
    OrderNotCancellable,
    OrderUnknown,
    PaymentPending,
    cancel_order,
    order,
    orders_of,
    place_order,
    refund,
    request_payment,
)
from platform_core.database import reading
from platform_core.outbox import NOBODY
from platform_core.users import UserSuspended, UserUnknown, suspend
from platform_core.work import begin
from tests.platform_core.market import HOME, LATER, NOW, Market


@pytest.fixture
def market(engine: sa.Engine) -> Market:
    return Market(engine).open()


def test_an_order_fixes_prices_reserves_stock_and_is_told(market: Market) -> None:
    placed = market.place(Line("sku_1", 1, note_id="note_7"), Line("sku_2", 2))
    assert placed == order(market.engine, "order_1")
    assert (placed.status, placed.total_minor, placed.discount_minor) == ("placed", 16_000, 0)
    assert placed.commission_minor == 650  # 5 % of 100.00 of skincare, 2.5 % of 60.00 of snacks
    assert placed.lines == (
        OrderLine("sku_1", "product_1", "brand_1", 1, 10_000, "note_7"),
        OrderLine("sku_2", "product_2", "brand_1", 2, 3_000, None),
    )
    assert (market.stock("sku_1"), market.stock("sku_2")) == ((10, 1), (10, 2))
    events = market.events()
    assert [event["type"] for event in events] == ["stock.moved", "stock.moved", "order.placed"]
    assert events[-1] == {
        "type": "order.placed",
        "actor": "user_1",
        "order_id": "order_1",
        "lines": [
            {
                "product_id": "product_1",
                "brand_id": "brand_1",
                "quantity": 1,
                "unit_price_minor": 10_000,
                "sku_id": "sku_1",
                "note_id": "note_7",
            },
            {
                "product_id": "product_2",
                "brand_id": "brand_1",
                "quantity": 2,
                "unit_price_minor": 3_000,
                "sku_id": "sku_2",
            },
        ],
        "total_minor": 16_000,
        "currency": "CNY",
        "shop_id": "shop_1",
        "discount_minor": 0,
        "commission_minor": 650,
        "ship_to": HOME,
    }


def test_an_order_keeps_its_price(market: Market) -> None:
    market.place()
    with market.work() as work:
        reprice(work, "sku_1", 12_000, by=NOBODY)
    market.place()
    totals = [order(market.engine, order_id).total_minor for order_id in ("order_1", "order_2")]
    assert totals == [10_000, 12_000]


def test_a_buyer_finds_their_orders_the_newest_first(market: Market) -> None:
    market.place()
    market.place(by=market.bob)
    market.place(now=LATER)
    with reading(market.engine) as connection:
        assert [o.order_id for o in orders_of(connection, "user_1")] == ["order_3", "order_1"]
        assert orders_of(connection, "user_9") == []


def test_what_is_not_there_is_not_ordered_and_nothing_is_told(market: Market) -> None:
    for refused, line in ((OutOfStock, Line("sku_1", 11)), (NotForSale, Line("sku_9", 1))):
        with pytest.raises(refused):
            market.place(Line("sku_2", 1), line)
    with market.work() as work:
        delist(work, "product_1", by=NOBODY)
    market.events()
    with pytest.raises(NotForSale):
        market.place()
    assert market.told() == []
    assert (market.stock("sku_1"), market.stock("sku_2")) == ((10, 0), (10, 0))
    with pytest.raises(OrderUnknown, match="order_1"):
        order(market.engine, "order_1")


def test_eight_buyers_of_the_last_five_buy_five(engine: sa.Engine) -> None:
    market = Market(engine).open(stock=5)
    with market.work() as work:
        buyers = [market.add_user(work) for _ in range(8)]

    def buy(number: int) -> bool:
        by = buyers[number]
        try:
            with begin(engine, now=NOW) as work:
                place_order(work, str(by.actor_id), [Line("sku_1", 1)], ship_to=HOME, by=by)
        except OutOfStock:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        bought = list(pool.map(buy, range(8)))
    assert sorted(bought) == [False] * 3 + [True] * 5
    assert market.stock() == (5, 5)
    assert market.told().count("order.placed") == 5


def test_the_same_key_gives_the_same_order_and_tells_it_once(market: Market) -> None:
    first = market.place(idempotency_key="k1")
    assert market.place(idempotency_key="k1", now=LATER) == first
    assert market.told() == ["stock.moved", "order.placed"]
    assert market.stock() == (10, 1)
    assert market.place(idempotency_key="k2").order_id == "order_2"
    assert market.place(idempotency_key="k1", by=market.bob).order_id == "order_3"


def test_another_order_under_the_same_key_is_refused(market: Market) -> None:
    market.place(idempotency_key="k1")
    with pytest.raises(IdempotencyKeyReused, match="order_1"):
        market.place(Line("sku_1", 2), idempotency_key="k1")
    with pytest.raises(IdempotencyKeyReused, match="order_1"):
        market.place(idempotency_key="k1", ship_to="elsewhere")


def test_one_key_sent_by_many_at_once_places_one_order(engine: sa.Engine) -> None:
    market = Market(engine).open()

    def place(_: int) -> str:
        with begin(engine, now=NOW) as work:
            placed = place_order(
                work, "user_1", [Line("sku_1", 1)], ship_to=HOME, idempotency_key="k", by=market.ann
            )
        return placed.order_id

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(place, range(6)))) == 1
    assert market.told().count("order.placed") == 1


def test_an_order_is_of_one_shop(market: Market) -> None:
    with market.work() as work:
        _, other = market.add_shop(work, "白棠里")
        elsewhere = market.add_sku(work, "skincare", 5_000, 5, shop_id=other)
    with pytest.raises(OneShopPerOrder, match=r"shop_1.*shop_2"):
        market.place(Line("sku_1", 1), Line(elsewhere, 1))


@pytest.mark.parametrize(
    ("lines", "match"),
    [
        ([], "at least one"),
        ([Line("sku_1", 1), Line("sku_1", 2)], "twice"),
        ([Line("sku_1", 0)], "0 of 'sku_1'"),
    ],
)
def test_nonsense_is_no_order(market: Market, lines: list[Line], match: str) -> None:
    with pytest.raises(ValueError, match=match), market.work() as work:
        place_order(work, "user_1", lines, ship_to=HOME, by=market.ann)


def test_only_active_people_order_and_only_for_themselves(market: Market) -> None:
    lines = [Line("sku_1", 1)]
    with pytest.raises(ValueError, match="user_2"), market.work() as work:
        place_order(work, "user_1", lines, ship_to=HOME, by=market.bob)
    with pytest.raises(UserUnknown), market.work() as work:
        place_order(work, "user_9", lines, ship_to=HOME, by=NOBODY)
    with market.work() as work:
        suspend(work, "user_1", reason="fraud", by=NOBODY)
    with pytest.raises(UserSuspended), market.work() as work:
        place_order(work, "user_1", lines, ship_to=HOME, by=market.ann)


def test_a_cancelled_order_gives_its_stock_back_once(market: Market) -> None:
    market.place()
    market.events()
    for _ in range(2):
        with market.work() as work:
            cancel_order(work, "order_1", reason="changed_mind", by=market.ann)
    assert order(market.engine, "order_1").status == "cancelled"
    assert market.stock() == (10, 0)
    assert market.told() == ["order.cancelled", "stock.moved"]


def test_cancelling_a_paid_order_gives_back_what_is_left_of_the_money(market: Market) -> None:
    market.paid()
    with market.work() as work:
        refund(work, "order_1", amount_minor=1_000, reason="late", by=NOBODY)
    market.events()
    with market.work() as work:
        cancel_order(work, "order_1", reason="changed_mind", by=market.ann)
    cancelled = order(market.engine, "order_1")
    assert (cancelled.status, cancelled.refunded_minor) == ("cancelled", 10_000)
    assert market.stock() == (10, 0)
    events = market.events()
    assert [event["type"] for event in events] == [
        "order.cancelled",
        "stock.moved",
        "order.refunded",
        "ledger.posted",
    ]
    assert (events[2]["amount_minor"], events[2]["reason"]) == (9_000, "changed_mind")


def test_what_was_shipped_is_not_cancelled(market: Market) -> None:
    market.delivered()
    with pytest.raises(OrderNotCancellable, match="delivered"), market.work() as work:
        cancel_order(work, "order_1", reason="changed_mind", by=market.ann)


def test_an_order_that_may_yet_be_charged_is_not_cancelled(market: Market) -> None:
    market.place()
    with market.work() as work:
        request_payment(work, "order_1", "card_1", by=market.ann)
    with pytest.raises(PaymentPending, match="payment_1"), market.work() as work:
        cancel_order(work, "order_1", reason="changed_mind", by=market.ann)


def test_a_refused_verb_undoes_itself_within_a_longer_work(market: Market) -> None:
    with market.work() as work:
        with pytest.raises(OutOfStock), work.attempt():
            place_order(work, "user_1", [Line("sku_1", 11)], ship_to=HOME, by=market.ann)
        later = work.at(NOW + timedelta(minutes=5))
        place_order(later, "user_1", [Line("sku_1", 1)], ship_to=HOME, by=market.ann)
    with reading(market.engine) as connection:
        [placed] = orders_of(connection, "user_1")
    assert placed.placed_at == NOW + timedelta(minutes=5)
    assert market.told() == ["stock.moved", "order.placed"]
