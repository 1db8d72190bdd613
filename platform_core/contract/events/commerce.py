"""Carts, orders, payments, parcels, returns, coupons, reviews and the ledger."""

from typing import Annotated, Literal

from pydantic import Field

from platform_core.contract.events.behaviour import Surface
from platform_core.contract.events.model import EventData, Part
from platform_core.contract.fields import (
    AmountMinor,
    Count,
    Currency,
    Destination,
    EntityId,
    Flag,
    FreeText,
    Instant,
    Instrument,
    Planned,
    Quantity,
    Stars,
)


class CartAdded(EventData):
    """A person put a product into the cart."""

    type = "cart.added"
    product_id: EntityId
    brand_id: EntityId | None = None
    quantity: Quantity = 1
    price_minor: AmountMinor | None = None
    currency: Currency | None = None
    sku_id: EntityId | None = None
    surface: Surface | None = None
    note_id: Annotated[EntityId | None, Field(description="the note that led here")] = None


class CartRemoved(EventData):
    """A person took a product out of the cart."""

    type = "cart.removed"
    product_id: EntityId
    sku_id: EntityId | None = None


class OrderLine(Part):
    """One product within an order."""

    product_id: EntityId
    brand_id: EntityId | None = None
    quantity: Quantity
    unit_price_minor: AmountMinor
    sku_id: EntityId | None = None
    note_id: Annotated[EntityId | None, Field(description="the note that led here")] = None


class OrderPlaced(EventData):
    """A buyer placed an order; nothing is paid yet. What was ordered is no longer in the cart."""

    type = "order.placed"
    order_id: EntityId
    lines: Annotated[list[OrderLine], Field(min_length=1)]
    total_minor: Annotated[AmountMinor, Field(description="what the buyer owes, after discounts")]
    currency: Currency
    shop_id: EntityId | None = None
    discount_minor: AmountMinor | None = None
    commission_minor: Annotated[
        AmountMinor | None, Field(description="what the platform keeps of total_minor once paid")
    ] = None
    coupon_id: EntityId | None = None
    ship_to: Annotated[Destination | None, Field(description="where the parcel goes")] = None


class PaymentRequested(EventData):
    """The payment provider was asked to charge a buyer."""

    type = "payment.requested"
    payment_id: EntityId
    order_id: EntityId
    amount_minor: AmountMinor
    currency: Currency
    instrument: Instrument | None = None


class PaymentRefused(EventData):
    """The payment provider refused; the order can be paid otherwise."""

    type = "payment.refused"
    payment_id: EntityId
    order_id: EntityId
    reason: EntityId


class OrderPaid(EventData):
    """An order was paid in full."""

    type = "order.paid"
    order_id: EntityId
    placed_at: Annotated[Instant, Field(description="when the order was placed")]
    amount_minor: AmountMinor
    currency: Currency
    payment_id: EntityId | None = None
    instrument: Annotated[Instrument | None, Field(description="what it was paid with")] = None


class OrderShipped(EventData):
    """A parcel left the shop."""

    type = "order.shipped"
    order_id: EntityId
    shipment_id: EntityId
    carrier: EntityId
    weight_grams: Count


class ParcelScanned(EventData):
    """A carrier saw a parcel."""

    type = "parcel.scanned"
    shipment_id: EntityId
    order_id: EntityId
    place: EntityId
    status: Literal["collected", "in_transit", "out_for_delivery", "delivered"]


class OrderDelivered(EventData):
    """The parcel arrived."""

    type = "order.delivered"
    order_id: EntityId
    shipment_id: EntityId


class OrderCancelled(EventData):
    """An order ended before it was shipped."""

    type = "order.cancelled"
    order_id: EntityId
    reason: EntityId


class ReturnRequested(EventData):
    """A buyer wants to send something back."""

    type = "return.requested"
    return_id: EntityId
    order_id: EntityId
    reason: EntityId


class ReturnReceived(EventData):
    """What was sent back has arrived at the shop."""

    type = "return.received"
    return_id: EntityId
    order_id: EntityId


class OrderRefunded(EventData):
    """Money of an order went back to the buyer."""

    type = "order.refunded"
    refund_id: EntityId
    order_id: EntityId
    placed_at: Annotated[Instant, Field(description="when the order was placed")]
    amount_minor: AmountMinor
    currency: Currency
    reason: EntityId
    return_id: EntityId | None = None


class OfferChanged(EventData):
    """The full new state of a coupon or full-reduction offer."""

    type = "offer.changed"
    offer_id: EntityId
    shop_id: EntityId
    kind: Literal["coupon", "full_reduction"]
    threshold_minor: Annotated[AmountMinor, Field(description="from which sum on it holds")]
    reduction_minor: AmountMinor
    currency: Currency
    starts_at: Planned
    ends_at: Planned
    limit: Annotated[Count, Field(description="how many coupons there are; 0: no limit")]


class CouponClaimed(EventData):
    """A person took a coupon."""

    type = "coupon.claimed"
    coupon_id: EntityId
    offer_id: EntityId


class CouponRedeemed(EventData):
    """A coupon reduced an order."""

    type = "coupon.redeemed"
    coupon_id: EntityId
    offer_id: EntityId
    order_id: EntityId
    reduction_minor: AmountMinor
    currency: Currency


class CouponReturned(EventData):
    """A coupon can be used again, because its order was cancelled."""

    type = "coupon.returned"
    coupon_id: EntityId
    offer_id: EntityId
    order_id: EntityId


class ReviewPosted(EventData):
    """A person reviewed a product."""

    type = "review.posted"
    review_id: EntityId
    product_id: EntityId
    stars: Stars
    text: FreeText
    is_verified: Annotated[Flag, Field(description="the person bought and received it here")]
    order_id: EntityId | None = None


class ReviewRemoved(EventData):
    """A review is no longer shown."""

    type = "review.removed"
    review_id: EntityId
    product_id: EntityId
    reason: EntityId


class LedgerEntry(Part):
    """One side of a ledger transaction."""

    account: Annotated[EntityId, Field(description="kind:owner, as in merchant:shop_1")]
    side: Literal["debit", "credit"]
    amount_minor: AmountMinor


class LedgerPosted(EventData):
    """A balanced transaction went into the books."""

    type = "ledger.posted"
    transaction_id: EntityId
    kind: Literal["sale", "commission", "refund", "ad_top_up", "ad_charge", "ad_credit"]
    reference_id: Annotated[EntityId, Field(description="the payment, refund, charge or credit")]
    currency: Currency
    entries: Annotated[list[LedgerEntry], Field(min_length=2)]


COMMERCE = (
    CartAdded,
    CartRemoved,
    OrderPlaced,
    PaymentRequested,
    PaymentRefused,
    OrderPaid,
    OrderShipped,
    ParcelScanned,
    OrderDelivered,
    OrderCancelled,
    ReturnRequested,
    ReturnReceived,
    OrderRefunded,
    OfferChanged,
    CouponClaimed,
    CouponRedeemed,
    CouponReturned,
    ReviewPosted,
    ReviewRemoved,
    LedgerPosted,
)
