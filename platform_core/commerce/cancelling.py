"""Orders that end before they are shipped."""

from typing import Final

import sqlalchemy as sa

from platform_core.catalog import release
from platform_core.commerce.coupons import give_back
from platform_core.commerce.orders import locked
from platform_core.commerce.payments import check_none_pending
from platform_core.commerce.refunds import give_back_money
from platform_core.contract.events.commerce import OrderCancelled
from platform_core.outbox import Origin
from platform_core.tables.orders import orders
from platform_core.work import Refusal, Work

_CANCELLED: Final = (
    sa.update(orders)
    .where(orders.c.order_id == sa.bindparam("of_order"))
    .values(status="cancelled")
    .returning(*(column for column in orders.c))
)


class OrderNotCancellable(Refusal):
    """The order was shipped or refunded."""


def cancel_order(work: Work, order_id: str, *, reason: str, by: Origin) -> None:
    """End an order that was not shipped; a cancelled one stays as it is.

    What was set aside is for sale again, its coupon can be used again, and what was paid and not
    yet refunded goes back.

    Raises:
        OrderUnknown: there is no such order.
        OrderNotCancellable: it was shipped, or refunded.
        PaymentPending: nobody knows yet whether it is paid.
    """
    order = locked(work, order_id)
    if order.status == "cancelled":
        return
    if order.status not in ("placed", "paid"):
        raise OrderNotCancellable(
            f"order {order_id!r} is {order.status}: only placed and paid ones can be cancelled; "
            "request a return"
        )
    check_none_pending(order)
    cancelled = work.connection.execute(_CANCELLED, {"of_order": order_id}).one()
    work.tell(OrderCancelled(order_id=order_id, reason=reason), by)
    release(work, order_id, by=by)
    if order.coupon_id is not None:
        give_back(work, order.coupon_id, order_id, by)
    left = order.total_minor - order.refunded_minor
    if order.status == "paid" and left:
        give_back_money(work, cancelled, left, reason, None, by=by)
