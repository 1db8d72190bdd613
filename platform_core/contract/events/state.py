"""The full new state of an entity, told whenever it changes."""

from typing import Annotated, Final, Literal

from pydantic import Field

from platform_core.contract.events.model import EventData, Part
from platform_core.contract.fields import (
    PRIVATE,
    AmountMinor,
    Count,
    Currency,
    Day,
    DeviceId,
    EntityId,
    Flag,
    FreeText,
    Integer,
    Mark,
    PersonId,
    Quantity,
    Text,
)

_PRIVATE: Final = Mark(PRIVATE, True)
_PrivateId = Annotated[EntityId, _PRIVATE]
_PrivateNumber = Annotated[Quantity, _PRIVATE]


class UserChanged(EventData):
    """The full new state of a user."""

    type = "user.changed"
    user_id: PersonId
    status: Literal["active", "suspended"]
    registered_on: Day
    city: _PrivateId | None = None
    city_tier: Annotated[_PrivateNumber | None, Field(description="1 is the largest cities")] = None
    gender: Annotated[Literal["female", "male", "unknown"], _PRIVATE] = "unknown"
    birth_year: _PrivateNumber | None = None
    has_avatar: Annotated[Flag, _PRIVATE]
    has_bio: Annotated[Flag, _PRIVATE]
    interests: Annotated[list[EntityId], Field(description="topics chosen at sign-up"), _PRIVATE]
    status_reason: Annotated[EntityId | None, Field(description="why suspended")] = None


class CreatorChanged(EventData):
    """The full new state of a user who publishes notes."""

    type = "creator.changed"
    creator_id: PersonId
    tier: Annotated[Literal["nano", "micro", "mid", "macro", "mega"], Field(description="by size")]
    followers: Count


class DeviceLinked(EventData):
    """A user signed in on a device for the first time."""

    type = "device.linked"
    user_id: PersonId
    linked_device: DeviceId
    model: EntityId
    os: EntityId


class DeviceUnlinked(EventData):
    """A user removed a device."""

    type = "device.unlinked"
    user_id: PersonId
    linked_device: DeviceId


class BrandChanged(EventData):
    """The full new state of a brand."""

    type = "brand.changed"
    brand_id: EntityId
    name: Text
    status: Literal["applied", "verified", "certified", "suspended"] | None = None
    category: EntityId | None = None


class ShopChanged(EventData):
    """The full new state of a shop."""

    type = "shop.changed"
    shop_id: EntityId
    brand_id: EntityId | None = None
    name: Text
    status: Literal["applied", "open", "closed"]
    level: Annotated[Quantity, Field(description="1 is the lowest; sets the commission")]


class ProductChanged(EventData):
    """The full new state of a product."""

    type = "product.changed"
    product_id: EntityId
    brand_id: EntityId | None = None
    name: Text
    category: Text | None = None
    price_minor: AmountMinor | None = None
    currency: Currency | None = None
    shop_id: EntityId | None = None
    status: Literal["listed", "delisted"] | None = None


class SkuChanged(EventData):
    """The full new state of a variant of a product that can be bought."""

    type = "sku.changed"
    sku_id: EntityId
    product_id: EntityId
    name: Text
    price_minor: AmountMinor
    currency: Currency


class StockMoved(EventData):
    """Stock changed; ``on_hand`` and ``reserved`` are what stands after the move."""

    type = "stock.moved"
    move_id: EntityId
    sku_id: EntityId
    kind: Literal["received", "reserved", "released", "shipped", "returned", "corrected"]
    quantity: Annotated[Integer, Field(description="change of what the kind moves")]
    on_hand: Count
    reserved: Count
    order_id: EntityId | None = None


class ProductCard(Part):
    """A product that a note shows."""

    product_id: EntityId
    brand_id: EntityId | None = None


class NoteChanged(EventData):
    """The full new state of a note."""

    type = "note.changed"
    note_id: EntityId
    creator_id: PersonId
    status: Literal["draft", "held", "published", "removed"]
    title: FreeText
    text: FreeText
    topics: list[EntityId]
    place: _PrivateId | None = None
    products: list[ProductCard]
    mentions: Annotated[list[EntityId], Field(description="brands that the text names with @")]
    is_disclosed_ad: Annotated[Flag, Field(description="the creator says it is advertising")]


STATE = (
    UserChanged,
    CreatorChanged,
    DeviceLinked,
    DeviceUnlinked,
    BrandChanged,
    ShopChanged,
    ProductChanged,
    SkuChanged,
    StockMoved,
    NoteChanged,
)
