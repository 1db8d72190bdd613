"""How a paid order goes on: the parcel travels, and the buyer keeps, sends back and reviews it."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from platform_core.commerce import (
    ScanStatus,
    deliver,
    receive_return,
    refund,
    request_return,
    scan,
    ship,
)
from platform_core.outbox import NOBODY
from platform_core.simulation.acts.cast import Cast, Deed, Purchase
from platform_core.simulation.acts.stars import stars as given_stars
from platform_core.simulation.life.wishes import Wish, step
from platform_core.work import Work

CARRIERS: Final = ("carrier_shunda", "carrier_zhongtu", "carrier_yuanfang", "carrier_jidi")
EMPTY_GRAMS: Final = (35, 160)
PACKING_GRAMS: Final = 40
WEIGHT_SIGMA: Final = 0.18
HUBS: Final = 12
SHIP_H: Final = 16.0
TRAVEL: Final[tuple[tuple[ScanStatus, float], ...]] = (
    ("collected", 3.0),
    ("in_transit", 17.0),
    ("out_for_delivery", 14.0),
)
"""Scans on the way and the median hours before each."""
DELIVER_H: Final = 4.0
HOUR_S: Final = 3_600.0
RETURN_DAYS: Final = 1.5
REVIEW_DAYS: Final = 2.0
PARCEL_BACK_H: Final = 70.0
REFUND_H: Final = 18.0
RETURN_REASONS: Final = ("does_not_fit", "not_as_described", "quality", "changed_mind", "too_late")
WRITE_S: Final = 40.0
ASK_S: Final = 25.0
ANNOYED: Final = 1.2
"""How much worse somebody finds what they send back."""


def send(work: Work, bought: Purchase, scene: Cast) -> None:
    """The shop sends the parcel, the carrier brings it, and the buyer makes up their mind."""
    at = scene.after(work.now, SHIP_H * HOUR_S, 0.5)
    scene.agenda.add(at, partial(_ship, bought=bought, scene=scene), bought.deed.cause)


def send_back(work: Work, deed: Deed, scene: Cast) -> None:
    """Ask for a return of an order (``target``); the parcel and then the money follow."""
    reason = deed.text or scene.draw.choice(RETURN_REASONS)
    return_id = request_return(work, deed.target, reason=reason, by=deed.by)
    received = scene.after(work.now, PARCEL_BACK_H * HOUR_S, 0.3)
    scene.agenda.add(received, partial(receive_return, return_id=return_id), deed.cause)
    money = partial(refund, order_id=deed.target, reason=reason, return_id=return_id, by=NOBODY)
    scene.agenda.add(scene.after(received, REFUND_H * HOUR_S), money, deed.cause)


def _ship(work: Work, bought: Purchase, scene: Cast) -> None:
    shipment_id = ship(
        work,
        bought.order_id,
        carrier=scene.draw.choice(CARRIERS),
        weight_grams=_weight(bought, scene),
        by=NOBODY,
    )
    at, hub = work.now, f"hub_{scene.draw.randrange(HUBS):02d}"
    for status, hours in TRAVEL:
        at = scene.after(at, hours * HOUR_S, 0.4)
        seen = partial(scan, shipment_id=shipment_id, place=hub, status=status)
        scene.agenda.add(at, seen, bought.deed.cause)
        hub = f"hub_{scene.draw.randrange(HUBS):02d}"
    arrives = scene.after(at, DELIVER_H * HOUR_S, 0.5)
    arrival = partial(_deliver, bought=bought, scene=scene)
    scene.agenda.add(arrives, arrival, bought.deed.cause)


def _weight(bought: Purchase, scene: Cast) -> int:
    if bought.options.get("empty_parcel"):
        return scene.draw.randint(*EMPTY_GRAMS)
    grams = bought.order.lines[0].quantity * scene.lore.products.grams[_product(bought, scene)]
    return round(grams * scene.draw.lognormvariate(0.0, WEIGHT_SIGMA)) + PACKING_GRAMS


def _deliver(work: Work, bought: Purchase, scene: Cast) -> None:
    deliver(work, bought.order_id)
    days = bought.options.get("refund_after_days")
    returns = days is not None or scene.likely(_return_rate(bought, scene))
    if returns:
        due = _in_days(work.now, float(days or RETURN_DAYS), scene)
        wish(scene, bought.deed, due, step("return_order", ASK_S, target=bought.order_id))
    reviews = scene.likely(scene.lore.traits["review_rate"][bought.deed.person])
    if "review" in bought.options or reviews:
        _wish_review(work, bought, scene, ANNOYED if returns else 0.0)


def _product(bought: Purchase, scene: Cast) -> int:
    return scene.lore.products.index.row_of[bought.order.lines[0].product_id]


def _return_rate(bought: Purchase, scene: Cast) -> float:
    of_product = scene.lore.products.return_rate[_product(bought, scene)]
    return float(scene.lore.traits["return_rate"][bought.deed.person] * of_product)


def _wish_review(work: Work, bought: Purchase, scene: Cast, mood: float) -> None:
    product_id = bought.order.lines[0].product_id
    said: dict[str, Any] = bought.options.get("review") or {}
    content = scene.lore.products.quality[[_product(bought, scene)]] - mood
    stars = said.get("stars") or int(given_stars(content, scene.rng)[0])
    text = said.get("text") or scene.words.review(scene.rng, product_id, stars)
    due = _in_days(work.now, REVIEW_DAYS, scene)
    review = step(
        "review", WRITE_S, target=product_id, text=text, value=stars, link=bought.order_id
    )
    wish(scene, bought.deed, due, review)


def wish(scene: Cast, deed: Deed, due: datetime, *steps: dict[str, Any]) -> None:
    """The person of a deed will take these steps in a visit from ``due`` on."""
    natural = [{**one, "after_s": _natural(one["after_s"], scene)} for one in steps]
    scene.wishes.add(Wish(due, tuple(natural), deed.origin))


def _natural(median_s: float, scene: Cast) -> float:
    return median_s * scene.draw.lognormvariate(0.0, 0.6)


def _in_days(at: datetime, median: float, scene: Cast) -> datetime:
    return at + timedelta(days=median * scene.draw.lognormvariate(0.0, 0.5))
