"""Commerce: carts, orders, payments, parcels, returns and what shops offer."""

from platform_core.commerce.cancelling import OrderNotCancellable, cancel_order
from platform_core.commerce.cart import CartLine, add_to_cart, cart, remove_from_cart
from platform_core.commerce.coupons import (
    Coupon,
    CouponNotApplicable,
    CouponsGone,
    claim_coupon,
    coupons_of,
)
from platform_core.commerce.offers import (
    Offer,
    OfferUnknown,
    create_coupon_offer,
    create_full_reduction,
    offer,
)
from platform_core.commerce.orders import Order, OrderLine, OrderUnknown, order, orders_of
from platform_core.commerce.parcels import (
    OrderNotDeliverable,
    OrderNotShippable,
    Scan,
    ScanStatus,
    Shipment,
    ShipmentUnknown,
    deliver,
    scan,
    scans,
    ship,
    shipment,
)
from platform_core.commerce.paying import Payment, Reconciled, pay, reconcile
from platform_core.commerce.payments import OrderNotPayable, PaymentPending, request_payment
from platform_core.commerce.placing import IdempotencyKeyReused, place_order
from platform_core.commerce.pricing import Line, OneShopPerOrder
from platform_core.commerce.provider import (
    Charged,
    Declined,
    EmbeddedProvider,
    Fault,
    Outcome,
    PaymentProvider,
    PaymentRequest,
    ProviderTimeout,
)
from platform_core.commerce.refunds import NotRefundable, ReturnUnknown, refund
from platform_core.commerce.returns import NotReturnable, receive_return, request_return
from platform_core.commerce.settling import OutcomeContradicts, PaymentUnknown, settle_payment
from platform_core.commerce.shelf import NotForSale

__all__ = [
    "CartLine",
    "Charged",
    "Coupon",
    "CouponNotApplicable",
    "CouponsGone",
    "Declined",
    "EmbeddedProvider",
    "Fault",
    "IdempotencyKeyReused",
    "Line",
    "NotForSale",
    "NotRefundable",
    "NotReturnable",
    "Offer",
    "OfferUnknown",
    "OneShopPerOrder",
    "Order",
    "OrderLine",
    "OrderNotCancellable",
    "OrderNotDeliverable",
    "OrderNotPayable",
    "OrderNotShippable",
    "OrderUnknown",
    "Outcome",
    "OutcomeContradicts",
    "Payment",
    "PaymentPending",
    "PaymentProvider",
    "PaymentRequest",
    "PaymentUnknown",
    "ProviderTimeout",
    "Reconciled",
    "ReturnUnknown",
    "Scan",
    "ScanStatus",
    "Shipment",
    "ShipmentUnknown",
    "add_to_cart",
    "cancel_order",
    "cart",
    "claim_coupon",
    "coupons_of",
    "create_coupon_offer",
    "create_full_reduction",
    "deliver",
    "offer",
    "order",
    "orders_of",
    "pay",
    "place_order",
    "receive_return",
    "reconcile",
    "refund",
    "remove_from_cart",
    "request_payment",
    "request_return",
    "scan",
    "scans",
    "settle_payment",
    "ship",
    "shipment",
]
