"""The tables of the system of record; importing this package declares all of them."""

from platform_core.tables import (
    access,
    ads,
    brands,
    catalog,
    collector,
    engagement,
    keys,
    ledger,
    moderation,
    notes,
    offers,
    orders,
    outbox,
    parcels,
    payments,
    reviews,
    users,
)
from platform_core.tables.schema import metadata

__all__ = [
    "access",
    "ads",
    "brands",
    "catalog",
    "collector",
    "engagement",
    "keys",
    "ledger",
    "metadata",
    "moderation",
    "notes",
    "offers",
    "orders",
    "outbox",
    "parcels",
    "payments",
    "reviews",
    "users",
]
