"""Placing an order: prices are fixed, stock is set aside, and nothing is paid yet."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from platform_core.catalog import reserve
from platform_core.commerce.buyers import as_buyer
from platform_core.commerce.cart import empty_of
from platform_core.commerce.coupons import applicable, redeem
from platform_core.commerce.offers import best_reduction
from platform_core.commerce.orders import Order, order
from platform_core.commerce.pricing import Basket, Line, check, less, priced
from platform_core.commerce.shelf import on_shelf
from platform_core.contract.events.commerce import CouponRedeemed, OrderPlaced
from platform_core.contract.events.commerce import OrderLine as LineTold
from platform_core.database import one_at_a_time
from platform_core.outbox import Origin
from platform_core.tables.orders import order_lines, orders
from platform_core.work import Refusal, Work

_ADD_ORDER: Final = sa.insert(orders)
_ADD_LINES: Final = sa.insert(order_lines)
_EARLIER: Final = sa.select(orders.c.order_id).where(
    orders.c.user_id == sa.bindparam("of_user"),
    orders.c.idempotency_key == sa.bindparam("of_key"),
)


class IdempotencyKeyReused(Refusal):
    """The buyer placed another order under this key."""


def place_order(
    work: Work,
    user_id: str,
    lines: Sequence[Line],
    *,
    ship_to: str,
    coupon_id: str | None = None,
    idempotency_key: str | None = None,
    by: Origin,
) -> Order:
    """Order variants of one shop at today's prices, and set them aside.

    The best full reduction that the sum reaches comes off, then the coupon; both go by the sum
    before discounts. The same key of the same buyer gives the same order again.

    Raises:
        NotForSale: a variant cannot be bought.
        OutOfStock: not enough is left of one.
        OneShopPerOrder: the variants are of several shops or currencies.
        CouponNotApplicable: the coupon does not hold for this order.
        IdempotencyKeyReused: the buyer placed a different order under this key.
        UserUnknown, UserSuspended: nobody buys under this id.
        ValueError: there are no lines, a variant comes twice or less than once, or somebody else
            acts.
    """
    by = as_buyer(by, user_id)
    check(lines)
    earlier = _earlier(work, user_id, idempotency_key)
    if earlier:
        return _same(earlier, lines, ship_to, coupon_id)
    basket = priced(lines, on_shelf(work, user_id, [line.sku_id for line in lines]))
    order_id = work.ids("order")
    reduced = less(basket.gross_minor, _full_reduction(work, basket))
    redeemed = _redeemed(work, user_id, coupon_id, basket, reduced, order_id) if coupon_id else None
    total = reduced - redeemed.reduction_minor if redeemed else reduced
    reserve(work, [(line.sku_id, line.quantity) for line in lines], order_id, by=by)
    placed = _placed(work, order_id, user_id, basket, total, coupon_id, ship_to)
    _write(work, placed, idempotency_key)
    work.tell(_told(placed), by)
    if redeemed:
        redeem(work, redeemed, by)
    return placed


def _earlier(work: Work, user_id: str, idempotency_key: str | None) -> Order | None:
    """What the buyer has placed under the key."""
    if idempotency_key is None:
        return None
    one_at_a_time(work.connection, f"orders of {user_id}")
    keys = {"of_user": user_id, "of_key": idempotency_key}
    order_id = work.connection.scalar(_EARLIER, keys)
    return order(work.connection, order_id) if order_id else None


def _same(earlier: Order, lines: Sequence[Line], ship_to: str, coupon_id: str | None) -> Order:
    ordered = [Line(line.sku_id, line.quantity, line.note_id) for line in earlier.lines]
    asked = (list(lines), ship_to, coupon_id)
    if (ordered, earlier.ship_to, earlier.coupon_id) != asked:
        raise IdempotencyKeyReused(
            f"user {earlier.user_id!r} placed order {earlier.order_id!r} under this key, with "
            "other lines, another coupon or to another place: use a new key"
        )
    return earlier


def _full_reduction(work: Work, basket: Basket) -> int:
    return best_reduction(work, basket.shop_id, basket.gross_minor, basket.currency)


def _redeemed(
    work: Work, user_id: str, coupon_id: str, basket: Basket, reduced_minor: int, order_id: str
) -> CouponRedeemed:
    """What the coupon takes off the sum that offers have reduced already."""
    offer = applicable(
        work,
        coupon_id,
        user_id=user_id,
        shop_id=basket.shop_id,
        sum_minor=basket.gross_minor,
        currency=basket.currency,
    )
    return CouponRedeemed(
        coupon_id=coupon_id,
        offer_id=offer.offer_id,
        order_id=order_id,
        reduction_minor=reduced_minor - less(reduced_minor, offer.reduction_minor),
        currency=basket.currency,
    )


def _placed(
    work: Work,
    order_id: str,
    user_id: str,
    basket: Basket,
    total_minor: int,
    coupon_id: str | None,
    ship_to: str,
) -> Order:
    return Order(
        order_id=order_id,
        user_id=user_id,
        shop_id=basket.shop_id,
        status="placed",
        total_minor=total_minor,
        discount_minor=basket.gross_minor - total_minor,
        commission_minor=basket.commission_on(total_minor),
        refunded_minor=0,
        currency=basket.currency,
        coupon_id=coupon_id,
        ship_to=ship_to,
        payment_id=None,
        placed_at=work.now,
        paid_at=None,
        lines=basket.lines,
    )


def _write(work: Work, placed: Order, idempotency_key: str | None) -> None:
    row = {**vars(placed), "idempotency_key": idempotency_key}
    lines = [
        {"order_id": placed.order_id, "position": position, **vars(line)}
        for position, line in enumerate(row.pop("lines"), start=1)
    ]
    work.connection.execute(_ADD_ORDER, row)
    work.connection.execute(_ADD_LINES, lines)
    empty_of(work, placed.user_id, [line.sku_id for line in placed.lines])


def _told(placed: Order) -> OrderPlaced:
    return OrderPlaced(
        order_id=placed.order_id,
        lines=[LineTold(**vars(line)) for line in placed.lines],
        total_minor=placed.total_minor,
        currency=placed.currency,
        shop_id=placed.shop_id,
        discount_minor=placed.discount_minor,
        commission_minor=placed.commission_minor,
        coupon_id=placed.coupon_id,
        ship_to=placed.ship_to,
    )
