"""Literal events that only the warehouse's tests need; times are given as the clock in Shanghai."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.events import event

ZONE = "Asia/Shanghai"
Event = dict[str, Any]


def local(clock: str) -> str:
    """A reporting-local time such as ``2026-08-03 23:50:00`` as the contract writes it."""
    at = datetime.fromisoformat(clock).replace(tzinfo=ZoneInfo(ZONE))
    return at.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def carted(id_: str, time: str, *, actor: str = "ann", brand: str = "b1", **rest: Any) -> Event:
    """One piece of the brand's first product was put into a cart."""
    data = {"product_id": f"{brand}-p1", "brand_id": brand, "quantity": 1}
    return event("cart.added", id_, time, actorid=actor, **{**data, **rest})


def line(
    brand: str | None = "b1", *, pieces: int = 1, price: int = 1000, product: str = ""
) -> Event:
    """One line of an order."""
    named = {"brand_id": brand} if brand else {}
    product_id = product or f"{brand or 'plain'}-p1"
    return {"product_id": product_id, **named, "quantity": pieces, "unit_price_minor": price}


def placed(
    order: str, time: str, *lines: Event, actor: str = "ann", id_: str = "", currency: str = "CNY"
) -> Event:
    """An order of these lines, of one piece of ``b1`` without any."""
    bought = list(lines) or [line()]
    total = sum(item["quantity"] * item["unit_price_minor"] for item in bought)
    return event(
        "order.placed",
        id_ or f"{order}-placed",
        time,
        actorid=actor,
        order_id=order,
        lines=bought,
        total_minor=total,
        currency=currency,
    )


def paid(order: str, time: str, *, placed_at: str, id_: str = "") -> Event:
    """The order that was placed then was paid in full."""
    return event(
        "order.paid",
        id_ or f"{order}-paid",
        time,
        actorid="ann",
        order_id=order,
        placed_at=placed_at,
        amount_minor=1000,
        currency="CNY",
    )


def converted(id_: str, time: str, click: Event) -> Event:
    """An install that belongs to ``click``."""
    return event(
        "ad.converted",
        id_,
        time,
        click_id=click["id"],
        clicked_at=click["time"],
        campaign_id=click["data"]["campaign_id"],
        brand_id=click["data"]["brand_id"],
        goal="install",
    )


def decided(
    decision: str,
    time: str,
    verdict: str,
    *clicks: Event,
    days: list[str],
    case: str = "case-1",
    version: int = 1,
    kind: str = "givt",
) -> Event:
    """A reviewer's decision on these clicks, which happened on these reporting-local days."""
    return event(
        "moderation.decided",
        decision,
        time,
        source="platform",
        decision_id=decision,
        case_id=case,
        case_version=version,
        verdict=verdict,
        kind=kind,
        reason_code="repeat",
        reviewer_id="rita",
        subject_type="ad_click",
        subjects=[f"{click['source']}:{click['id']}" for click in clicks],
        subject_dates=days,
        subject_timezone=ZONE,
    )
