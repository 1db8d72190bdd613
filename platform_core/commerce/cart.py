"""The cart: what a person means to buy. Ordering a variant takes it out of the cart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from platform_core.commerce.buyers import as_buyer
from platform_core.commerce.shelf import on_shelf
from platform_core.contract.events.behaviour import Surface
from platform_core.contract.events.commerce import CartAdded, CartRemoved
from platform_core.database import one_at_a_time
from platform_core.outbox import Origin
from platform_core.tables.orders import cart_lines
from platform_core.work import Work

_OF_USER: Final = cart_lines.c.user_id == sa.bindparam("of_user")
_LINE: Final = _OF_USER & (cart_lines.c.sku_id == sa.bindparam("of_sku"))
_ADD_TO_LINE: Final = (
    sa.update(cart_lines)
    .where(_LINE)
    .values(
        quantity=cart_lines.c.quantity + sa.bindparam("added"),
        note_id=sa.bindparam("note_id"),
        surface=sa.bindparam("surface"),
        added_at=sa.bindparam("added_at"),
    )
)
_ADD_LINE: Final = sa.insert(cart_lines)
_REMOVE_ORDERED: Final = sa.delete(cart_lines).where(_LINE)
_REMOVE_LINE: Final = _REMOVE_ORDERED.returning(cart_lines.c.product_id)
_CART: Final = (
    sa.select(*(column for column in cart_lines.c if column.name != "user_id"))
    .where(_OF_USER)
    .order_by(cart_lines.c.added_at, cart_lines.c.sku_id)
)


@dataclass(frozen=True)
class CartLine:
    """One variant in a cart; note and surface are those that it was last added from."""

    sku_id: str
    product_id: str
    quantity: int
    note_id: str | None
    surface: Surface | None
    added_at: datetime


def add_to_cart(
    work: Work,
    user_id: str,
    sku_id: str,
    quantity: int = 1,
    *,
    note_id: str | None = None,
    surface: Surface | None = None,
    by: Origin,
) -> None:
    """Put so many more of a variant into the cart; nothing is reserved.

    Raises:
        NotForSale: it cannot be bought.
        UserUnknown, UserSuspended: nobody buys under this id.
        ValueError: the quantity is below 1, or somebody else acts.
    """
    by = as_buyer(by, user_id)
    sku = on_shelf(work, user_id, [sku_id])[sku_id]
    event = CartAdded(
        product_id=sku.product_id,
        brand_id=sku.brand_id,
        quantity=quantity,
        price_minor=sku.price_minor,
        currency=sku.currency,
        sku_id=sku_id,
        surface=surface,
        note_id=note_id,
    )
    _add(work, user_id, event)
    work.tell(event, by)


def remove_from_cart(work: Work, user_id: str, sku_id: str, *, by: Origin) -> None:
    """Take a variant out of the cart; what is not in it changes nothing.

    Raises:
        ValueError: somebody else acts.
    """
    by = as_buyer(by, user_id)
    line = {"of_user": user_id, "of_sku": sku_id}
    product_id = work.connection.execute(_REMOVE_LINE, line).scalar_one_or_none()
    if product_id is not None:
        work.tell(CartRemoved(product_id=product_id, sku_id=sku_id), by)


def cart(connection: sa.Connection, user_id: str) -> list[CartLine]:
    """What is in the cart, in the order in which it was last added."""
    rows = connection.execute(_CART, {"of_user": user_id}).mappings()
    return [CartLine(**row) for row in rows]


def empty_of(work: Work, user_id: str, sku_ids: Sequence[str]) -> None:
    """Take what was ordered out of the cart; ``order.placed`` tells of it."""
    ordered = [{"of_user": user_id, "of_sku": sku_id} for sku_id in sku_ids]
    work.connection.execute(_REMOVE_ORDERED, ordered)


def _add(work: Work, user_id: str, event: CartAdded) -> None:
    one_at_a_time(work.connection, f"cart of {user_id}")
    facts = {"note_id": event.note_id, "surface": event.surface, "added_at": work.now}
    line = {"of_user": user_id, "of_sku": event.sku_id, "added": event.quantity}
    if work.connection.execute(_ADD_TO_LINE, line | facts).rowcount:
        return
    keys = {"user_id": user_id, "sku_id": event.sku_id, "product_id": event.product_id}
    work.connection.execute(_ADD_LINE, keys | {"quantity": event.quantity} | facts)
