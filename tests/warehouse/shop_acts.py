"""Literal events of what comes after an order, and people's decisions on orders and users."""

from typing import Any

from tests.events import event
from tests.warehouse.acts import ZONE, Event


def refunded(
    refund: str,
    time: str,
    order: str,
    *,
    placed_at: str,
    amount: int = 1000,
    reason: str = "size",
    id_: str = "",
    currency: str = "CNY",
) -> Event:
    """Money of the order that was placed then went back."""
    return event(
        "order.refunded",
        id_ or f"{refund}-refunded",
        time,
        refund_id=refund,
        order_id=order,
        placed_at=placed_at,
        amount_minor=amount,
        currency=currency,
        reason=reason,
    )


def shipped(order: str, time: str) -> Event:
    """The order's one parcel left the shop."""
    return event(
        "order.shipped",
        f"{order}-s",
        time,
        order_id=order,
        shipment_id=f"{order}-parcel",
        carrier="swift",
        weight_grams=300,
    )


def delivered(order: str, time: str) -> Event:
    """The order's one parcel arrived."""
    return event(
        "order.delivered", f"{order}-d", time, order_id=order, shipment_id=f"{order}-parcel"
    )


def cancelled(order: str, time: str, *, reason: str = "unpaid", id_: str = "") -> Event:
    """The order ended before it was shipped."""
    return event("order.cancelled", id_ or f"{order}-c", time, order_id=order, reason=reason)


def in_shop(order: Event, shop: str, **rest: Any) -> Event:
    """The same order, placed in a shop, with what else the shop says of it."""
    return {**order, "data": {**order["data"], "shop_id": shop, **rest}}


def ruled(
    decision: str,
    time: str,
    verdict: str,
    subject_type: str,
    *subjects: str,
    days: list[str],
    kind: str = "sivt",
) -> Event:
    """A reviewer's decision on these orders or users, of these reporting-local days."""
    return event(
        "moderation.decided",
        decision,
        time,
        source="platform",
        decision_id=decision,
        case_id=f"case-{decision}",
        case_version=1,
        verdict=verdict,
        kind=kind,
        reason_code="brushing",
        reviewer_id="rita",
        subject_type=subject_type,
        subjects=list(subjects),
        subject_dates=days,
        subject_timezone=ZONE,
    )
