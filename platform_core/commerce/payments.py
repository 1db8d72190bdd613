"""Payments are asked for: an order has at most one under way."""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from platform_core.commerce.orders import locked
from platform_core.commerce.provider import PaymentRequest
from platform_core.contract.events.commerce import PaymentRequested
from platform_core.outbox import Origin
from platform_core.tables.orders import orders
from platform_core.tables.payments import payments
from platform_core.work import Refusal, Work

_REQUESTS: Final = sa.select(
    *payments.c["payment_id", "order_id", "amount_minor", "currency", "instrument"]
)
_REQUEST: Final = _REQUESTS.where(payments.c.payment_id == sa.bindparam("of_payment"))
_UNSETTLED: Final = (
    _REQUESTS.where(payments.c.settled_at.is_(None))
    .where(payments.c.requested_at <= sa.bindparam("until"))
    .order_by(payments.c.requested_at, payments.c.payment_id)
)
_ADD_PAYMENT: Final = sa.insert(payments)
_START: Final = (
    sa.update(orders)
    .where(orders.c.order_id == sa.bindparam("of_order"))
    .values(payment_id=sa.bindparam("payment_id"))
)


class OrderNotPayable(Refusal):
    """The order is not in state ``placed``."""


class PaymentPending(Refusal):
    """Nobody knows yet what became of the order's payment."""


def request_payment(work: Work, order_id: str, instrument: str, *, by: Origin) -> PaymentRequest:
    """What the provider is to charge for an order; asked again meanwhile, the same request.

    Raises:
        OrderUnknown: there is no such order.
        OrderNotPayable: it is paid, cancelled or refunded.
        PaymentPending: a payment with another instrument is under way.
    """
    order = locked(work, order_id)
    if order.status != "placed":
        raise OrderNotPayable(f"order {order_id!r} is {order.status}: only placed ones are paid")
    if order.payment_id is not None:
        return _under_way(work, order, instrument)
    request = PaymentRequest(
        payment_id=work.ids("payment"),
        order_id=order_id,
        amount_minor=order.total_minor,
        currency=order.currency,
        instrument=instrument,
    )
    row = {**vars(request), "status": "requested", "requested_at": work.now}
    work.connection.execute(_ADD_PAYMENT, row)
    work.connection.execute(_START, {"of_order": order_id, "payment_id": request.payment_id})
    work.tell(PaymentRequested(**vars(request)), by)
    return request


def check_none_pending(order: Any) -> None:
    """Raises ``PaymentPending`` while the provider may yet charge for the order."""
    if order.status == "placed" and order.payment_id is not None:
        raise PaymentPending(
            f"payment {order.payment_id!r} of order {order.order_id!r} is under way: wait for the "
            "provider's answer, or reconcile"
        )


def unsettled(connection: sa.Connection, until: datetime) -> list[PaymentRequest]:
    """Requests of before ``until`` whose outcome nobody knows yet, the oldest first."""
    rows = connection.execute(_UNSETTLED, {"until": until}).mappings()
    return [PaymentRequest(**row) for row in rows]


def _under_way(work: Work, order: Any, instrument: str) -> PaymentRequest:
    row = work.connection.execute(_REQUEST, {"of_payment": order.payment_id}).mappings().one()
    request = PaymentRequest(**row)
    if request.instrument != instrument:
        check_none_pending(order)
    return request
