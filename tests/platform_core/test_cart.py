"""The cart: what people mean to buy."""

import pytest
import sqlalchemy as sa

from platform_core import users
from platform_core.catalog import delist
from platform_core.commerce import (
    CartLine,
    Line,
    NotForSale,
    add_to_cart,
    cart,
    remove_from_cart,
)
from platform_core.database import reading
from platform_core.outbox import NOBODY
from platform_core.users import UserSuspended, UserUnknown
from tests.platform_core.market import LATER, NOW, Market


@pytest.fixture
def market(engine: sa.Engine) -> Market:
    return Market(engine).open()


def in_cart(market: Market) -> list[CartLine]:
    with reading(market.engine) as connection:
        return cart(connection, "user_1")


def test_what_is_added_is_in_the_cart_and_told(market: Market) -> None:
    with market.work() as work:
        add_to_cart(work, "user_1", "sku_1", note_id="note_7", surface="feed", by=market.ann)
    assert in_cart(market) == [CartLine("sku_1", "product_1", 1, "note_7", "feed", NOW)]
    assert market.events() == [
        {
            "type": "cart.added",
            "actor": "user_1",
            "product_id": "product_1",
            "brand_id": "brand_1",
            "quantity": 1,
            "price_minor": 10_000,
            "currency": "CNY",
            "sku_id": "sku_1",
            "surface": "feed",
            "note_id": "note_7",
        }
    ]


def test_adding_again_adds_up_and_the_last_way_there_counts(market: Market) -> None:
    with market.work() as work:
        add_to_cart(work, "user_1", "sku_1", 2, note_id="note_7", by=market.ann)
    with market.work(LATER) as work:
        add_to_cart(work, "user_1", "sku_1", 3, surface="search", by=market.ann)
    assert in_cart(market) == [CartLine("sku_1", "product_1", 5, None, "search", LATER)]


def test_a_line_is_removed_once(market: Market) -> None:
    with market.work() as work:
        add_to_cart(work, "user_1", "sku_1", by=market.ann)
        remove_from_cart(work, "user_1", "sku_1", by=market.ann)
        remove_from_cart(work, "user_1", "sku_1", by=market.ann)
    assert in_cart(market) == []
    assert market.told() == ["cart.added", "cart.removed"]


def test_what_is_ordered_leaves_the_cart_and_the_order_tells_of_it(market: Market) -> None:
    with market.work() as work:
        add_to_cart(work, "user_1", "sku_1", by=market.ann)
        add_to_cart(work, "user_1", "sku_2", by=market.ann)
    market.place(Line("sku_1", 1))
    assert [line.sku_id for line in in_cart(market)] == ["sku_2"]
    assert "cart.removed" not in market.told()


def test_what_is_not_for_sale_does_not_go_into_a_cart(market: Market) -> None:
    with market.work() as work:
        delist(work, "product_1", by=NOBODY)
    market.events()
    for sku_id in ("sku_1", "sku_99"):
        with pytest.raises(NotForSale, match=sku_id), market.work() as work:
            add_to_cart(work, "user_1", sku_id, by=market.ann)
    assert in_cart(market) == [] == market.told()


def test_nobody_fills_the_cart_of_somebody_unknown_or_suspended(market: Market) -> None:
    with pytest.raises(UserUnknown), market.work() as work:
        add_to_cart(work, "user_99", "sku_1", by=NOBODY)
    with market.work() as work:
        users.suspend(work, "user_1", reason="fraud", by=NOBODY)
    with pytest.raises(UserSuspended), market.work() as work:
        add_to_cart(work, "user_1", "sku_1", by=market.ann)


def test_people_fill_their_own_carts_with_something(market: Market) -> None:
    with pytest.raises(ValueError, match="user_2"), market.work() as work:
        add_to_cart(work, "user_1", "sku_1", by=market.bob)
    with pytest.raises(ValueError, match="quantity"), market.work() as work:
        add_to_cart(work, "user_1", "sku_1", 0, by=market.ann)
