"""The events themselves, by entity. A compatible change is a new optional field."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from platform_core.contract.fields import (
    AmountMinor,
    Currency,
    Day,
    EntityId,
    Instant,
    PersonId,
    Quantity,
    Text,
    Version,
)


class EventData(BaseModel):
    """The ``data`` of one event type."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    type: ClassVar[str]
    version: ClassVar[int] = 1

    @classmethod
    def dataschema(cls) -> str:
        return f"{cls.type}/{cls.version}"


class ProductViewed(EventData):
    """A person opened a product page."""

    type = "product.viewed"
    product_id: EntityId
    brand_id: Annotated[EntityId | None, Field(description="the brand shown on the page")] = None
    price_minor: AmountMinor | None = None
    currency: Currency | None = None


class CartAdded(EventData):
    """A person put a product into the cart."""

    type = "cart.added"
    product_id: EntityId
    brand_id: EntityId | None = None
    quantity: Quantity = 1
    price_minor: AmountMinor | None = None
    currency: Currency | None = None


class OrderLine(BaseModel):
    """One product within an order."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    product_id: EntityId
    brand_id: EntityId | None = None
    quantity: Quantity
    unit_price_minor: AmountMinor


class OrderPlaced(EventData):
    """A buyer placed an order; nothing is paid yet."""

    type = "order.placed"
    order_id: EntityId
    lines: Annotated[list[OrderLine], Field(min_length=1)]
    total_minor: AmountMinor
    currency: Currency


class OrderPaid(EventData):
    """An order was paid in full."""

    type = "order.paid"
    order_id: EntityId
    placed_at: Annotated[Instant, Field(description="when the order was placed")]
    amount_minor: AmountMinor
    currency: Currency


class AdClicked(EventData):
    """A person clicked an ad; ``placement`` is where it stood."""

    type = "ad.clicked"
    campaign_id: EntityId
    brand_id: Annotated[EntityId, Field(description="the advertiser")]
    placement: EntityId
    device_model: EntityId | None = None
    os: EntityId | None = None


class AdConverted(EventData):
    """What the advertiser paid for happened; it belongs to one click."""

    type = "ad.converted"
    click_id: Annotated[EntityId, Field(description="id of the ad.clicked event")]
    clicked_at: Instant
    campaign_id: EntityId
    brand_id: EntityId
    goal: Literal["install"]


class BrandChanged(EventData):
    """The full new state of a brand."""

    type = "brand.changed"
    brand_id: EntityId
    name: Text


class ProductChanged(EventData):
    """The full new state of a product."""

    type = "product.changed"
    product_id: EntityId
    brand_id: EntityId | None = None
    name: Text
    category: Text | None = None
    price_minor: AmountMinor | None = None
    currency: Currency | None = None


class CaseOpened(EventData):
    """Moderation opened a case over some subjects."""

    type = "moderation.case_opened"
    case_id: EntityId
    detector: EntityId
    detector_version: Version
    subject_type: Literal["ad_click"]
    subject_count: Quantity


class Decided(EventData):
    """A person decided a case. Subjects are named, so that their days can be restated."""

    type = "moderation.decided"
    decision_id: EntityId
    case_id: EntityId
    case_version: Version
    verdict: Literal["confirmed", "dismissed"]
    kind: Literal["givt", "sivt"]
    reason_code: EntityId
    reviewer_id: PersonId
    subject_type: Literal["ad_click"]
    subjects: Annotated[list[EntityId], Field(min_length=1)]
    subject_dates: Annotated[list[Day], Field(min_length=1)]
    subject_timezone: Annotated[EntityId, Field(description="zone of subject_dates")]


class RowRejected(EventData):
    """A row of a replayed export that its mapping could not turn into an event."""

    type = "replay.row_rejected"
    file: EntityId
    line: Quantity
    reason: Text
    row: str


EVENTS: dict[str, type[EventData]] = {
    model.dataschema(): model
    for model in (
        ProductViewed,
        CartAdded,
        OrderPlaced,
        OrderPaid,
        AdClicked,
        AdConverted,
        BrandChanged,
        ProductChanged,
        CaseOpened,
        Decided,
    )
}
"""Every event that the warehouse accepts, by ``dataschema``. ``RowRejected`` is not among them:
it exists to be quarantined with its reason."""
