"""Money goes back to buyers: never more than they paid, and the commission with it."""

from typing import Any, Final

import sqlalchemy as sa

from platform_core.catalog import release
from platform_core.commerce.orders import locked
from platform_core.contract.events.commerce import OrderRefunded
from platform_core.contract.fields import instant_text
from platform_core.ledger import Entry, post
from platform_core.outbox import Origin
from platform_core.tables.orders import orders
from platform_core.tables.parcels import returns
from platform_core.tables.payments import refunds
from platform_core.work import Refusal, Work

_ADD_REFUND: Final = sa.insert(refunds)
_REFUNDED: Final = (
    sa.update(orders)
    .where(orders.c.order_id == sa.bindparam("of_order"))
    .values(status=sa.bindparam("status"), refunded_minor=sa.bindparam("refunded_minor"))
)
_RETURN_OF: Final = sa.select(returns.c.order_id).where(
    returns.c.return_id == sa.bindparam("of_return")
)


class NotRefundable(Refusal):
    """The order was not paid, or less is left of the payment than should go back."""


class ReturnUnknown(Refusal):
    """There is no return with this id, or it is of another order."""


def refund(
    work: Work,
    order_id: str,
    *,
    amount_minor: int | None = None,
    reason: str,
    return_id: str | None = None,
    by: Origin,
) -> str:
    """Give the buyer back an amount, or all that is left of the payment; returns the refund's id.

    The shop and the platform bear it in the proportion in which they shared the sale. An order
    that is refunded in full is ``refunded``; what was still set aside for it is for sale again.

    Raises:
        OrderUnknown: there is no such order.
        NotRefundable: it was never paid, or less than the amount is left of the payment.
        ReturnUnknown: the return is not one of the order's.
        ValueError: the amount is below 1.
    """
    if amount_minor is not None and amount_minor < 1:
        raise ValueError(f"{amount_minor} minor units cannot go back: give 1 or more")
    order = locked(work, order_id)
    _check_return(work, order_id, return_id)
    left = order.total_minor - order.refunded_minor
    amount = left if amount_minor is None else amount_minor
    if order.paid_at is None or not 0 < amount <= left:
        raise NotRefundable(
            f"order {order_id!r} is {order.status} with {left} of {order.total_minor} minor units "
            f"not yet refunded: {amount} cannot go back"
        )
    refund_id = give_back_money(work, order, amount, reason, return_id, by=by)
    if amount == left and order.status == "paid":
        release(work, order_id, by=by)
    return refund_id


def give_back_money(
    work: Work, order: Any, amount_minor: int, reason: str, return_id: str | None, *, by: Origin
) -> str:
    """Book a refund of a locked order, which is not more than is left of its payment."""
    event = OrderRefunded(
        refund_id=work.ids("refund"),
        order_id=order.order_id,
        placed_at=instant_text(order.placed_at),
        amount_minor=amount_minor,
        currency=order.currency,
        reason=reason,
        return_id=return_id,
    )
    work.connection.execute(_ADD_REFUND, {**event.model_dump(), "refunded_at": work.now})
    refunded = order.refunded_minor + amount_minor
    is_over = refunded == order.total_minor and order.status != "cancelled"
    status = "refunded" if is_over else order.status
    change = {"of_order": order.order_id, "status": status, "refunded_minor": refunded}
    work.connection.execute(_REFUNDED, change)
    work.tell(event, by)
    post(work, "refund", event.refund_id, _reversal(order, amount_minor), order.currency)
    return event.refund_id


def _reversal(order: Any, amount_minor: int) -> tuple[Entry, ...]:
    """The sale backwards. Commissions of partial refunds add up to that of the sale exactly."""
    so_far = order.refunded_minor
    commission = _share(order, so_far + amount_minor) - _share(order, so_far)
    return (
        Entry("clearing:provider", "credit", amount_minor),
        Entry(f"merchant:{order.shop_id}", "debit", amount_minor - commission),
        Entry("revenue:commission", "debit", commission),
    )


def _share(order: Any, refunded_minor: int) -> int:
    """The commission on the part of an order that was refunded."""
    return int(order.commission_minor * refunded_minor // order.total_minor)


def _check_return(work: Work, order_id: str, return_id: str | None) -> None:
    if return_id is None:
        return
    found = work.connection.scalar(_RETURN_OF, {"of_return": return_id})
    if found != order_id:
        raise ReturnUnknown(f"order {order_id!r} has no return {return_id!r}")
