"""Stock: how many there are of a variant, as moves. What is reserved is still on hand.

The quantity of a move is the signed change of what its kind moves: ``received``, ``returned`` and
``corrected`` change ``on_hand``; ``reserved`` and ``released`` change ``reserved``; ``shipped``
changes both.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import sqlalchemy as sa

from platform_core.contract.events.state import StockMoved
from platform_core.database import one_at_a_time, reading
from platform_core.outbox import NOBODY, Origin
from platform_core.tables.catalog import stock, stock_moves
from platform_core.work import Refusal, Work

Kind = Literal["received", "reserved", "released", "shipped", "returned", "corrected"]

ON_HAND: Final[frozenset[Kind]] = frozenset({"received", "shipped", "returned", "corrected"})
RESERVED: Final[frozenset[Kind]] = frozenset({"reserved", "released", "shipped"})

_STOCK: Final = sa.select(stock).where(stock.c.sku_id == sa.bindparam("id"))
_LOCKED: Final = _STOCK.with_for_update()
_NEW_ON_HAND: Final = stock.c.on_hand + sa.bindparam("by_on_hand", type_=sa.BigInteger)
_NEW_RESERVED: Final = stock.c.reserved + sa.bindparam("by_reserved", type_=sa.BigInteger)
_ADD_MOVE: Final = sa.insert(stock_moves)
_CHANGE: Final = (
    sa.update(stock)
    .where(stock.c.sku_id == sa.bindparam("id"), _NEW_RESERVED >= 0, _NEW_ON_HAND >= _NEW_RESERVED)
    .values(on_hand=_NEW_ON_HAND, reserved=_NEW_RESERVED)
    .returning(stock.c.on_hand, stock.c.reserved)
)
_OF_ORDER: Final = (
    sa.select(stock_moves.c.sku_id, sa.func.sum(stock_moves.c.quantity))
    .where(
        stock_moves.c.order_id == sa.bindparam("order"),
        stock_moves.c.kind.in_(sa.bindparam("kinds", expanding=True)),
    )
    .group_by(stock_moves.c.sku_id)
    .having(sa.func.sum(stock_moves.c.quantity) != 0)
    .order_by(stock_moves.c.sku_id)
)


class SkuUnknown(Refusal):
    """There is no variant with this id."""


class OutOfStock(Refusal):
    """There is not enough left; nothing was moved."""


class NotShipped(Refusal):
    """More would come back of an order than left with it."""


@dataclass(frozen=True)
class Stock:
    """How many there are of a variant; ``reserved`` of those on hand belong to orders."""

    sku_id: str
    on_hand: int
    reserved: int

    @property
    def available(self) -> int:
        """What can still be reserved."""
        return self.on_hand - self.reserved


def receive(work: Work, sku_id: str, quantity: int, *, by: Origin = NOBODY) -> None:
    """New goods arrive.

    Raises:
        SkuUnknown: there is no such variant.
        ValueError: the quantity is below 1.
    """
    _check(quantity)
    _move(work, "received", sku_id, quantity, by=by)


def correct(work: Work, sku_id: str, on_hand: int, *, by: Origin = NOBODY) -> None:
    """Somebody counted: so many are on hand.

    Raises:
        SkuUnknown: there is no such variant.
        OutOfStock: orders have reserved more than that.
        ValueError: the count is below 0.
    """
    if on_hand < 0:
        raise ValueError(f"{on_hand} cannot be on hand: count again")
    work.connection.execute(_LOCKED, {"id": sku_id})
    change = on_hand - stock_of(work.connection, sku_id).on_hand
    if change:
        _move(work, "corrected", sku_id, change, by=by)


def reserve(
    work: Work, quantities: Iterable[tuple[str, int]], order_id: str, *, by: Origin = NOBODY
) -> None:
    """Set (sku_id, quantity) pairs aside for an order, of which nothing was reserved yet.

    Raises:
        SkuUnknown: there is no such variant.
        OutOfStock: not enough is left of one.
        ValueError: a quantity is below 1.
    """
    wanted: Counter[str] = Counter()
    for sku_id, quantity in quantities:
        _check(quantity)
        wanted[sku_id] += quantity
    for sku_id in sorted(wanted):
        _move(work, "reserved", sku_id, wanted[sku_id], order_id, by=by)


def release(work: Work, order_id: str, *, by: Origin = NOBODY) -> None:
    """Give back whatever is still reserved for the order; nothing is, nothing happens."""
    for sku_id, quantity in _moved(work, order_id, RESERVED):
        _move(work, "released", sku_id, -quantity, order_id, by=by)


def ship_out(work: Work, order_id: str, *, by: Origin = NOBODY) -> None:
    """Whatever is still reserved for the order leaves the shop; nothing is, nothing happens."""
    for sku_id, quantity in _moved(work, order_id, RESERVED):
        _move(work, "shipped", sku_id, -quantity, order_id, by=by)


def take_back(
    work: Work,
    order_id: str,
    quantities: Iterable[tuple[str, int]] | None = None,
    *,
    by: Origin = NOBODY,
) -> None:
    """Goods of a shipped order return to the stock: those given, else all that have not yet.

    Raises:
        NotShipped: more would come back than left.
        ValueError: a quantity is below 1.
    """
    away = {sku_id: -quantity for sku_id, quantity in _moved(work, order_id, ON_HAND)}
    back = sorted(away.items() if quantities is None else quantities)
    for sku_id, quantity in back:
        _check(quantity)
        if quantity > away.get(sku_id, 0):
            raise NotShipped(
                f"order {order_id!r} has {away.get(sku_id, 0)} of {sku_id!r} away, "
                f"{quantity} cannot come back: check the return"
            )
        away[sku_id] -= quantity
    for sku_id, quantity in back:
        _move(work, "returned", sku_id, quantity, order_id, by=by)


def stock_of(source: sa.Connection | sa.Engine, sku_id: str) -> Stock:
    """How many there are of a variant.

    Raises:
        SkuUnknown: there is no such variant.
    """
    if isinstance(source, sa.Engine):
        with reading(source) as connection:
            return stock_of(connection, sku_id)
    row = source.execute(_STOCK, {"id": sku_id}).mappings().one_or_none()
    if row is None:
        raise SkuUnknown(f"there is no SKU {sku_id!r}: add it to a product first")
    return Stock(**row)


def _move(
    work: Work, kind: Kind, sku_id: str, quantity: int, order_id: str | None = None, *, by: Origin
) -> None:
    change = {
        "id": sku_id,
        "by_on_hand": quantity if kind in ON_HAND else 0,
        "by_reserved": quantity if kind in RESERVED else 0,
    }
    row = work.connection.execute(_CHANGE, change).one_or_none()
    if row is None:
        left = stock_of(work.connection, sku_id)
        raise OutOfStock(
            f"SKU {sku_id!r} has {left.available} left of {left.on_hand} on hand: "
            f"{abs(quantity)} cannot be {kind}, ask for fewer"
        )
    event = StockMoved(
        move_id=work.ids("move"),
        sku_id=sku_id,
        kind=kind,
        quantity=quantity,
        on_hand=row.on_hand,
        reserved=row.reserved,
        order_id=order_id,
    )
    work.connection.execute(_ADD_MOVE, vars(event) | {"moved_at": work.now})
    work.tell(event, by)


def _moved(work: Work, order_id: str, kinds: frozenset[Kind]) -> list[tuple[str, int]]:
    """What the order's moves of these kinds add up to, by variant, where that is not zero."""
    one_at_a_time(work.connection, f"stock of {order_id}")
    rows = work.connection.execute(_OF_ORDER, {"order": order_id, "kinds": sorted(kinds)})
    return [(sku_id, int(quantity)) for sku_id, quantity in rows]


def _check(quantity: int) -> None:
    if quantity < 1:
        raise ValueError(f"{quantity} is no quantity to move: give 1 or more")
