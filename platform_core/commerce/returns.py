"""Returns: a buyer asks to send an order back, and the shop receives it."""

from typing import Final

import sqlalchemy as sa

from platform_core.catalog import take_back
from platform_core.commerce.orders import locked
from platform_core.commerce.refunds import ReturnUnknown
from platform_core.contract.events.commerce import ReturnReceived, ReturnRequested
from platform_core.outbox import NOBODY, Origin
from platform_core.tables.parcels import returns
from platform_core.work import Refusal, Work

_OF_ORDER: Final = sa.select(returns.c.return_id).where(
    returns.c.order_id == sa.bindparam("of_order")
)
_RETURN: Final = (
    sa.select(returns).where(returns.c.return_id == sa.bindparam("of_return")).with_for_update()
)
_ADD_RETURN: Final = sa.insert(returns)
_RECEIVED: Final = (
    sa.update(returns)
    .where(returns.c.return_id == sa.bindparam("of_return"))
    .values(received_at=sa.bindparam("received_at"))
)


class NotReturnable(Refusal):
    """The order was not shipped, or its money is back already."""


def request_return(work: Work, order_id: str, *, reason: str, by: Origin) -> str:
    """The buyer wants to send the order back; asked again, the same return. Returns its id.

    Raises:
        OrderUnknown: there is no such order.
        NotReturnable: it was not shipped, or is refunded in full.
    """
    order = locked(work, order_id)
    requested: str | None = work.connection.scalar(_OF_ORDER, {"of_order": order_id})
    if requested is not None:
        return requested
    if order.status not in ("shipped", "delivered"):
        raise NotReturnable(
            f"order {order_id!r} is {order.status}: only shipped and delivered ones come back"
        )
    event = ReturnRequested(return_id=work.ids("return"), order_id=order_id, reason=reason)
    work.connection.execute(_ADD_RETURN, {**event.model_dump(), "requested_at": work.now})
    work.tell(event, by)
    return event.return_id


def receive_return(work: Work, return_id: str, *, by: Origin = NOBODY) -> None:
    """What was sent back is at the shop and in stock again; told twice, it is received once.

    The money goes back by ``refund``.

    Raises:
        ReturnUnknown: there is no such return.
    """
    row = work.connection.execute(_RETURN, {"of_return": return_id}).one_or_none()
    if row is None:
        raise ReturnUnknown(f"there is no return {return_id!r}")
    if row.received_at is not None:
        return
    work.connection.execute(_RECEIVED, {"of_return": return_id, "received_at": work.now})
    work.tell(ReturnReceived(return_id=return_id, order_id=row.order_id), by)
    take_back(work, row.order_id, by=by)
