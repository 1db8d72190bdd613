"""How a purchase begins once somebody decides to buy: the order, its payment, second thoughts."""

import json
from datetime import timedelta
from functools import partial
from typing import Any, Final

from platform_core.commerce import (
    Charged,
    CouponNotApplicable,
    Line,
    Order,
    Outcome,
    PaymentRequest,
    ProviderTimeout,
    cancel_order,
    place_order,
    request_payment,
    settle_payment,
)
from platform_core.outbox import NOBODY
from platform_core.simulation.acts.cast import Cast, Deed, Purchase
from platform_core.simulation.acts.parcels import send
from platform_core.work import Work

GIFT: Final = 0.04
"""Of orders, those sent to somebody else."""
ABANDONED: Final = 0.06
"""Of orders, those that nobody pays for."""
REGRETTED: Final = 0.015
"""Of paid orders, those that are cancelled soon after."""
PAYS_AGAIN: Final = 0.7
"""Of refused payments, those that are tried with another instrument."""
UNPAID_FOR: Final = timedelta(minutes=30)
PAY_S: Final = 9.0
ANSWER_S: Final = 1.6
CALL_BACK_S: Final = 150.0
TRY_AGAIN_S: Final = 25.0
REGRET_S: Final = 400.0


def order(work: Work, deed: Deed, scene: Cast) -> None:
    """Place an order; its payment follows, or its end if nobody pays."""
    options = json.loads(deed.text) if deed.text else {}
    bought = Purchase(deed, _place(work, deed, scene, options), options)
    _note_effect(bought, scene)
    if scene.likely(ABANDONED):
        unpaid = partial(_give_up, bought=bought)
        scene.agenda.add(work.now + UNPAID_FOR, unpaid, deed.cause)
    else:
        instrument = _instrument(bought, scene)
        _follow(work, bought, scene, PAY_S, partial(_pay, instrument=instrument))


def _place(work: Work, deed: Deed, scene: Cast, options: dict[str, Any]) -> Order:
    sku_id = scene.sku(deed)
    ordered = partial(
        place_order,
        user_id=deed.user_id,
        lines=[Line(sku_id, options.get("quantity") or deed.value or 1, deed.link)],
        ship_to=_destination(deed, scene, options),
        idempotency_key=f"{deed.by.session_id}.{deed.place[1]}.{sku_id}",
        by=deed.by,
    )
    coupon = deed.user_id, scene.lore.products.offer_of(sku_id)
    if coupon not in scene.coupons:
        return ordered(work)
    try:
        with work.attempt() as attempt:
            placed = ordered(attempt, coupon_id=scene.coupons[coupon])
    except CouponNotApplicable:
        return ordered(work)
    del scene.coupons[coupon]
    return placed


def _destination(deed: Deed, scene: Cast, options: dict[str, Any]) -> str:
    if named := options.get("ship_to"):
        return scene.opaque("address", str(named))
    is_gift = scene.likely(GIFT)
    return scene.address(scene.draw.randrange(len(scene.households)) if is_gift else deed.person)


def _instrument(bought: Purchase, scene: Cast) -> str:
    named = bought.options.get("instrument")
    return scene.opaque("instrument", str(named)) if named else scene.instrument(bought.deed.person)


def _note_effect(bought: Purchase, scene: Cast) -> None:
    effect = scene.wishes.effects.pop(bought.deed.place, None)
    if effect is not None:
        scene.truth.affected(
            **effect,
            user_id=bought.deed.user_id,
            order_id=bought.order_id,
            product_id=bought.order.lines[0].product_id,
            bought_at=bought.deed.at,
        )


def _follow(work: Work, bought: Purchase, scene: Cast, median_s: float, task: Any) -> None:
    """A task of the purchase comes next."""
    at = scene.after(work.now, median_s)
    scene.agenda.add(at, partial(task, bought=bought, scene=scene), bought.deed.cause)


def _give_up(work: Work, bought: Purchase) -> None:
    cancel_order(work, bought.order_id, reason="unpaid", by=NOBODY)


def _pay(work: Work, bought: Purchase, scene: Cast, instrument: str) -> None:
    request = request_payment(work, bought.order_id, instrument, by=bought.deed.by)
    try:
        outcome = scene.provider.charge(request)
    except ProviderTimeout:
        _follow(work, bought, scene, CALL_BACK_S, partial(_reconcile, request=request))
    else:
        _follow(work, bought, scene, ANSWER_S, partial(_settle, outcome=outcome, by_buyer=True))
    while scene.provider.callbacks:
        told = partial(settle_payment, outcome=scene.provider.callbacks.popleft())
        scene.agenda.add(scene.after(work.now, CALL_BACK_S), told, bought.deed.cause)


def _reconcile(work: Work, bought: Purchase, scene: Cast, request: PaymentRequest) -> None:
    """The provider is asked what became of a payment that it did not answer."""
    try:
        outcome = scene.provider.look_up(request.idempotency_key) or scene.provider.charge(request)
    except ProviderTimeout:
        _follow(work, bought, scene, CALL_BACK_S, partial(_reconcile, request=request))
    else:
        _settle(work, bought, scene, outcome, by_buyer=False)


def _settle(work: Work, bought: Purchase, scene: Cast, outcome: Outcome, by_buyer: bool) -> None:
    settle_payment(work, outcome, by=bought.deed.by if by_buyer else NOBODY)
    if isinstance(outcome, Charged):
        _paid(work, bought, scene)
    elif scene.likely(PAYS_AGAIN):
        other = scene.opaque("instrument", f"other/{bought.deed.person}")
        _follow(work, bought, scene, TRY_AGAIN_S, partial(_pay, instrument=other))
    else:
        unpaid = partial(_give_up, bought=bought)
        scene.agenda.add(work.now + UNPAID_FOR, unpaid, bought.deed.cause)


def _paid(work: Work, bought: Purchase, scene: Cast) -> None:
    if bought.options.get("cancel") or scene.likely(REGRETTED):
        _follow(work, bought, scene, REGRET_S, _regret)
    else:
        send(work, bought, scene)


def _regret(work: Work, bought: Purchase, scene: Cast) -> None:
    cancel_order(work, bought.order_id, reason="changed_mind", by=bought.deed.by)
