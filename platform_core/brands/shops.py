"""Where brands sell."""

from dataclasses import dataclass
from typing import Final, Literal

import sqlalchemy as sa

from platform_core.brands.onboarding import ready_brand
from platform_core.contract.events.state import ShopChanged
from platform_core.database import reading
from platform_core.outbox import Origin
from platform_core.tables.brands import shops
from platform_core.work import Refusal, Work

Status = Literal["applied", "open", "closed"]

_SHOP: Final = sa.select(*shops.c["shop_id", "brand_id", "name", "status", "level"])


class ShopUnknown(Refusal):
    """There is no shop with this id."""


@dataclass(frozen=True)
class Shop:
    """A shop as it stands; ``level`` 1 is the lowest and sets the commission."""

    shop_id: str
    brand_id: str
    name: str
    status: Status
    level: int


def open_shop(work: Work, brand_id: str, *, name: str, level: int = 1, by: Origin) -> str:
    """The brand opens a shop, which sells at once; returns the shop's id.

    Raises:
        BrandUnknown: there is no such brand.
        BrandNotReady: it is neither verified nor certified.
        ValueError: the level is below 1.
    """
    ready_brand(work, brand_id)
    event = ShopChanged(
        shop_id=work.ids("shop"), brand_id=brand_id, name=name, status="open", level=level
    )
    row = event.model_dump() | {"changed_at": work.now}
    work.connection.execute(sa.insert(shops), row)
    work.tell(event, by)
    return event.shop_id


def close_shop(work: Work, shop_id: str, *, by: Origin) -> None:
    """The shop sells nothing more; orders that stand are fulfilled.

    Raises:
        ShopUnknown: there is no such shop.
    """
    one = shops.c.shop_id == shop_id
    work.connection.execute(sa.select(shops.c.shop_id).where(one).with_for_update())
    found = shop(work.connection, shop_id)
    if found.status == "closed":
        return
    changed = sa.update(shops).where(one).values(status="closed", changed_at=work.now)
    work.connection.execute(changed)
    work.tell(ShopChanged(**vars(found) | {"status": "closed"}), by)


def shop(source: sa.Connection | sa.Engine, shop_id: str) -> Shop:
    """The shop as it stands.

    Raises:
        ShopUnknown: there is no such shop.
    """
    if isinstance(source, sa.Engine):
        with reading(source) as connection:
            return shop(connection, shop_id)
    row = source.execute(_SHOP.where(shops.c.shop_id == shop_id)).mappings().one_or_none()
    if row is None:
        raise ShopUnknown(f"there is no shop {shop_id!r}: open one first")
    return Shop(**row)
