"""Orders as they stand: placed > paid > shipped > delivered, or cancelled or refunded."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from platform_core.database import reading
from platform_core.tables.orders import order_lines, orders
from platform_core.work import Refusal, Work

Status = Literal["placed", "paid", "shipped", "delivered", "cancelled", "refunded"]

_ORDERS: Final = sa.select(*(c for c in orders.c if c.name != "idempotency_key"))
_ORDER: Final = _ORDERS.where(orders.c.order_id == sa.bindparam("of_order"))
_LOCKED: Final = _ORDER.with_for_update()
_OF_USER: Final = _ORDERS.where(orders.c.user_id == sa.bindparam("of_user")).order_by(
    orders.c.placed_at.desc(), orders.c.order_id
)
_LINES: Final = (
    sa.select(
        *order_lines.c["order_id", "sku_id", "product_id", "brand_id"],
        *order_lines.c["quantity", "unit_price_minor", "note_id"],
    )
    .where(order_lines.c.order_id.in_(sa.bindparam("order_ids", expanding=True)))
    .order_by(order_lines.c.order_id, order_lines.c.position)
)


class OrderUnknown(Refusal):
    """There is no order with this id."""


@dataclass(frozen=True)
class OrderLine:
    """One variant within an order, at the price it had; ``note_id`` is the note that led here."""

    sku_id: str
    product_id: str
    brand_id: str
    quantity: int
    unit_price_minor: int
    note_id: str | None


@dataclass(frozen=True)
class Order:
    """An order as it stands; all amounts are minor units of ``currency``.

    ``total_minor`` is what the buyer owes after ``discount_minor``; ``commission_minor`` of it is
    the platform's. ``payment_id`` is the payment that is under way or that paid it.
    """

    order_id: str
    user_id: str
    shop_id: str
    status: Status
    total_minor: int
    discount_minor: int
    commission_minor: int
    refunded_minor: int
    currency: str
    coupon_id: str | None
    ship_to: str
    payment_id: str | None
    placed_at: datetime
    paid_at: datetime | None
    lines: tuple[OrderLine, ...]


def order(source: sa.Connection | sa.Engine, order_id: str) -> Order:
    """The order as it stands.

    Raises:
        OrderUnknown: there is no such order.
    """
    if isinstance(source, sa.Engine):
        with reading(source) as connection:
            return order(connection, order_id)
    rows = source.execute(_ORDER, {"of_order": order_id}).mappings().all()
    if not rows:
        raise OrderUnknown(f"there is no order {order_id!r}")
    return _with_lines(source, rows)[0]


def orders_of(connection: sa.Connection, user_id: str) -> list[Order]:
    """The orders of a buyer, the newest first."""
    rows = connection.execute(_OF_USER, {"of_user": user_id}).mappings().all()
    return _with_lines(connection, rows)


def locked(work: Work, order_id: str) -> Any:
    """The row of an order, which nobody else changes until the commit.

    Raises:
        OrderUnknown: there is no such order.
    """
    row = work.connection.execute(_LOCKED, {"of_order": order_id}).one_or_none()
    if row is None:
        raise OrderUnknown(f"there is no order {order_id!r}")
    return row


def _with_lines(connection: sa.Connection, rows: Sequence[sa.RowMapping]) -> list[Order]:
    lines: defaultdict[str, list[OrderLine]] = defaultdict(list)
    ids = [row["order_id"] for row in rows]
    for order_id, *facts in connection.execute(_LINES, {"order_ids": ids}):
        lines[order_id].append(OrderLine(*facts))
    return [Order(**row, lines=tuple(lines[row["order_id"]])) for row in rows]
