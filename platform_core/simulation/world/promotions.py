"""What the shops promise for the whole run: coupons, and full reductions at the festival."""

from datetime import timedelta
from typing import Any, Final

import polars as pl

from platform_core.commerce import create_coupon_offer, create_full_reduction
from platform_core.outbox import Origin
from platform_core.simulation.people.rhythm import Rhythm
from platform_core.simulation.plan import INSTANT, Plan
from platform_core.simulation.world.shops import Market
from platform_core.simulation.world.staff import origin
from platform_core.work import Work

COUPON: Final = (1.3, 0.10)
"""From how many times the shop's median price on it holds, and what share of that it takes off."""
FESTIVAL_COUPON: Final = (1.6, 0.14)
FULL_REDUCTION: Final = (1.9, 0.15)
COUPONS_PER_USER: Final = 0.10
LEAST_COUPONS: Final = 20
FESTIVAL_DAYS: Final = 3
BEFORE_FESTIVAL: Final = timedelta(days=7)
TEN_YUAN: Final = 1_000
YUAN: Final = 100

OFFERS_SCHEMA: Final = pl.Schema(
    {
        "offer_id": pl.String(),
        "brand_id": pl.String(),
        "shop_id": pl.String(),
        "kind": pl.String(),  # coupon or full_reduction
        "threshold_minor": pl.Int64(),
        "reduction_minor": pl.Int64(),
        "starts_at": INSTANT,
        "ends_at": INSTANT,
    }
)

Row = dict[str, Any]


def promised(
    work: Work, plan: Plan, rhythm: Rhythm, market: Market, staff: pl.DataFrame
) -> pl.DataFrame:
    """The offers of every shop, told on the day before the run (rows of ``OFFERS_SCHEMA``)."""
    then = work.at(plan.starts_at - timedelta(hours=16))
    offers = [
        offer
        for brand, person in zip(
            market.brands.iter_rows(named=True), staff.iter_rows(named=True), strict=True
        )
        for offer in _offers(then, plan, rhythm, market.products, brand, origin(person))
    ]
    return pl.DataFrame(offers, OFFERS_SCHEMA)


def _offers(
    work: Work, plan: Plan, rhythm: Rhythm, products: pl.DataFrame, brand: Row, by: Origin
) -> list[Row]:
    median = products.filter(pl.col("brand_id") == brand["brand_id"])["price_minor"].median()
    usual = float(median or 0)  # type: ignore[arg-type]
    limit = max(LEAST_COUPONS, round(plan.users * COUPONS_PER_USER))
    always: Row = {"starts_at": plan.starts_at, "ends_at": plan.day_starts_at(plan.days)}
    offers = [_offer(work, brand, "coupon", _sums(usual, COUPON), always, limit, by)]
    if rhythm.festival_at is not None:
        ends_at = rhythm.festival_at + timedelta(days=FESTIVAL_DAYS)
        early = {"starts_at": rhythm.festival_at - BEFORE_FESTIVAL, "ends_at": ends_at}
        then = {"starts_at": rhythm.festival_at, "ends_at": ends_at}
        offers += [
            _offer(work, brand, "coupon", _sums(usual, FESTIVAL_COUPON), early, limit, by),
            _offer(work, brand, "full_reduction", _sums(usual, FULL_REDUCTION), then, 0, by),
        ]
    return offers


def _sums(usual: float, terms: tuple[float, float]) -> Row:
    """Threshold and reduction in minor units, round as shops make them."""
    threshold = max(TEN_YUAN, round(usual * terms[0] / TEN_YUAN) * TEN_YUAN)
    reduction = max(YUAN, round(threshold * terms[1] / (5 * YUAN)) * 5 * YUAN)
    return {"threshold_minor": threshold, "reduction_minor": reduction}


def _offer(
    work: Work,
    brand: Row,
    kind: str,
    sums: Row,
    times: Row,
    limit: int,
    by: Origin,
) -> Row:
    if kind == "coupon":
        offer_id = create_coupon_offer(work, brand["shop_id"], **sums, **times, limit=limit, by=by)
    else:
        offer_id = create_full_reduction(work, brand["shop_id"], **sums, **times, by=by)
    ids = {name: brand[name] for name in ("brand_id", "shop_id")}
    return {"offer_id": offer_id, **ids, "kind": kind, **sums, **times}
