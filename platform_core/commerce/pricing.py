"""What an order costs: prices from the shelf, less what offers take off, and the commission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from platform_core.catalog import Sku
from platform_core.commerce.orders import OrderLine
from platform_core.ledger import commission
from platform_core.work import Refusal


class OneShopPerOrder(Refusal):
    """The variants are of several shops or currencies; place an order for each."""


@dataclass(frozen=True)
class Line:
    """What a buyer asks for; ``note_id`` is the note that led to it."""

    sku_id: str
    quantity: int
    note_id: str | None = None


@dataclass(frozen=True)
class Basket:
    """Lines with their prices, before any discount; all of one shop and in one currency."""

    shop_id: str
    shop_level: int
    currency: str
    lines: tuple[OrderLine, ...]
    categories: tuple[str, ...]

    @property
    def gross_minor(self) -> int:
        """The sum before discounts, in minor units."""
        return sum(_amount(line) for line in self.lines)

    def commission_on(self, total_minor: int) -> int:
        """What the platform keeps of ``total_minor``."""
        parts = zip(map(_amount, self.lines), self.categories, strict=True)
        return commission(parts, self.shop_level, total_minor)


def check(lines: Sequence[Line]) -> None:
    """Raises ``ValueError`` unless there is something to buy and every variant comes once."""
    if not lines:
        raise ValueError("an order has at least one line")
    if len({line.sku_id for line in lines}) < len(lines):
        raise ValueError("a variant is named twice: add its quantities up")
    for line in lines:
        if line.quantity < 1:
            raise ValueError(f"{line.quantity} of {line.sku_id!r} cannot be bought: 1 or more can")


def priced(lines: Sequence[Line], shelf: Mapping[str, Sku]) -> Basket:
    """The lines at the prices of the shelf.

    Raises:
        OneShopPerOrder: they are of several shops or currencies.
    """
    skus = [shelf[line.sku_id] for line in lines]
    first = skus[0]
    if len({(sku.shop_id, sku.currency) for sku in skus}) > 1:
        shops = ", ".join(sorted({f"{sku.shop_id} ({sku.currency})" for sku in skus}))
        raise OneShopPerOrder(f"the lines are of {shops}: place one order for each")
    bought = tuple(_bought(line, sku) for line, sku in zip(lines, skus, strict=True))
    categories = tuple(sku.category for sku in skus)
    return Basket(first.shop_id, first.shop_level, first.currency, bought, categories)


def less(sum_minor: int, reduction_minor: int) -> int:
    """The sum after a reduction; one minor unit always stays, so that there is what to pay."""
    return max(sum_minor - reduction_minor, min(sum_minor, 1))


def _bought(line: Line, sku: Sku) -> OrderLine:
    return OrderLine(
        sku_id=sku.sku_id,
        product_id=sku.product_id,
        brand_id=sku.brand_id,
        quantity=line.quantity,
        unit_price_minor=sku.price_minor,
        note_id=line.note_id,
    )


def _amount(line: OrderLine) -> int:
    return line.quantity * line.unit_price_minor
