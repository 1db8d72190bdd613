"""What is sold: products, which shops list, and their variants, which people buy."""

from dataclasses import dataclass
from typing import Any, Final, Literal

import sqlalchemy as sa

from platform_core.brands import ready_brand, shop
from platform_core.catalog.stock import SkuUnknown
from platform_core.contract.events.state import ProductChanged, SkuChanged
from platform_core.database import reading
from platform_core.outbox import Origin
from platform_core.tables.brands import shops
from platform_core.tables.catalog import products, skus, stock
from platform_core.work import Refusal, Work

_PRODUCT: Final = sa.select(
    *(column for column in products.c if column.name != "changed_at")
).where(products.c.product_id == sa.bindparam("id"))
_SKUS: Final = (
    sa.select(
        *skus.c["sku_id", "product_id", "name", "price_minor", "currency"],
        *products.c["shop_id", "brand_id", "category"],
        sa.and_(products.c.status == "listed", shops.c.status == "open").label("is_for_sale"),
        shops.c.level.label("shop_level"),
    )
    .join(products, products.c.product_id == skus.c.product_id)
    .join(shops, shops.c.shop_id == products.c.shop_id)
    .where(skus.c.sku_id.in_(sa.bindparam("ids", expanding=True)))
)


class ProductUnknown(Refusal):
    """There is no product with this id, or it is not listed any more."""


class ShopClosed(Refusal):
    """The shop is closed and lists nothing new."""


@dataclass(frozen=True)
class Product:
    """A product as it stands; the price is the one that its card shows."""

    product_id: str
    shop_id: str
    brand_id: str
    name: str
    category: str
    price_minor: int
    currency: str
    status: Literal["listed", "delisted"]


@dataclass(frozen=True)
class Sku:
    """A variant with what an order needs to know of its product and shop."""

    sku_id: str
    product_id: str
    name: str
    price_minor: int
    currency: str
    shop_id: str
    brand_id: str
    category: str
    is_for_sale: bool
    shop_level: int


def list_product(
    work: Work,
    shop_id: str,
    *,
    name: str,
    category: str,
    price_minor: int,
    currency: str = "CNY",
    by: Origin,
) -> str:
    """The shop offers a product, which can be bought as soon as it has a SKU; returns its id.

    Raises:
        ShopUnknown: there is no such shop.
        ShopClosed: it is closed.
        BrandNotReady: its brand is suspended.
        ValueError: the price is negative or the currency no ISO 4217 code.
    """
    found = shop(work.connection, shop_id)
    if found.status != "open":
        raise ShopClosed(f"shop {shop_id!r} is {found.status}: list the product in an open one")
    ready_brand(work, found.brand_id)
    event = ProductChanged(
        product_id=work.ids("product"),
        brand_id=found.brand_id,
        name=name,
        category=category,
        price_minor=price_minor,
        currency=currency,
        shop_id=shop_id,
        status="listed",
    )
    row = event.model_dump() | {"changed_at": work.now}
    work.connection.execute(sa.insert(products), row)
    work.tell(event, by)
    return event.product_id


def delist(work: Work, product_id: str, *, by: Origin) -> None:
    """The product is sold no longer; orders that stand are fulfilled.

    Raises:
        ProductUnknown: there is no such product.
    """
    found = product(work.connection, product_id)
    one = (products.c.product_id == product_id) & (products.c.status == "listed")
    changed = sa.update(products).where(one).values(status="delisted", changed_at=work.now)
    if work.connection.execute(changed).rowcount:
        work.tell(ProductChanged(**vars(found) | {"status": "delisted"}), by)


def add_sku(work: Work, product_id: str, *, name: str, price_minor: int, by: Origin) -> str:
    """The product gets a variant, in its currency and with nothing in stock; returns its id.

    Raises:
        ProductUnknown: there is no such product, or it is delisted.
        ValueError: the price is negative.
    """
    found = product(work.connection, product_id)
    if found.status != "listed":
        raise ProductUnknown(f"product {product_id!r} is delisted: add nothing to it")
    event = SkuChanged(
        sku_id=work.ids("sku"),
        product_id=product_id,
        name=name,
        price_minor=price_minor,
        currency=found.currency,
    )
    row = event.model_dump() | {"changed_at": work.now}
    work.connection.execute(sa.insert(skus), row)
    nothing = {"sku_id": event.sku_id, "on_hand": 0, "reserved": 0}
    work.connection.execute(sa.insert(stock), nothing)
    work.tell(event, by)
    return event.sku_id


def reprice(work: Work, sku_id: str, price_minor: int, *, by: Origin) -> None:
    """The variant costs something else from now on; orders that stand keep their price.

    Raises:
        SkuUnknown: there is no such variant.
        ValueError: the price is negative.
    """
    one = skus.c.sku_id == sku_id
    facts = skus.c["sku_id", "product_id", "name", "price_minor", "currency"]
    row = work.connection.execute(sa.select(*facts).where(one).with_for_update()).mappings().first()
    if row is None:
        raise SkuUnknown(f"there is no SKU {sku_id!r}: add it to a product first")
    if row["price_minor"] == price_minor:
        return
    event = SkuChanged(**dict(row) | {"price_minor": price_minor})
    changed = {"price_minor": price_minor, "changed_at": work.now}
    work.connection.execute(sa.update(skus).where(one).values(changed))
    work.tell(event, by)


def product(source: sa.Connection | sa.Engine, product_id: str) -> Product:
    """The product as it stands.

    Raises:
        ProductUnknown: there is no such product.
    """
    if isinstance(source, sa.Engine):
        with reading(source) as connection:
            return product(connection, product_id)
    row = source.execute(_PRODUCT, {"id": product_id}).mappings().one_or_none()
    if row is None:
        raise ProductUnknown(f"there is no product {product_id!r}: list it first")
    return Product(**row)


def skus_of(connection: sa.Connection, sku_ids: list[str]) -> dict[str, Sku]:
    """The variants by id; those that do not exist are missing."""
    rows = connection.execute(_SKUS, {"ids": sku_ids}).mappings()
    return {row["sku_id"]: Sku(**_facts(row)) for row in rows}


def _facts(row: Any) -> dict[str, Any]:
    return dict(row) | {"is_for_sale": bool(row["is_for_sale"])}
