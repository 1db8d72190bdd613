"""What a buyer finds on the shelf: variants with their price and shop, if they are for sale."""

from collections.abc import Sequence

from platform_core.catalog import Sku, skus_of
from platform_core.users import active_user
from platform_core.work import Refusal, Work


class NotForSale(Refusal):
    """A variant is unknown, its product is delisted, or its shop is not open."""


def on_shelf(work: Work, user_id: str, sku_ids: Sequence[str]) -> dict[str, Sku]:
    """The variants, by id, as this buyer can buy them now.

    Raises:
        NotForSale: one of them cannot be bought.
        UserUnknown: there is no such buyer.
        UserSuspended: the buyer is suspended.
    """
    active_user(work, user_id)
    found = skus_of(work.connection, list(sku_ids))
    for sku_id in sku_ids:
        if sku_id not in found or not found[sku_id].is_for_sale:
            raise NotForSale(f"SKU {sku_id!r} is not for sale: choose another")
    return found
