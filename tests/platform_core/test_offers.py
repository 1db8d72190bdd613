"""Coupons and full reductions."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from platform_core.brands import ShopUnknown
from platform_core.commerce import (
    Coupon,
    CouponNotApplicable,
    CouponsGone,
    Line,
    OfferUnknown,
    Order,
    cancel_order,
    claim_coupon,
    coupons_of,
    create_coupon_offer,
    create_full_reduction,
    offer,
)
from platform_core.database import reading
from platform_core.outbox import NOBODY
from platform_core.work import begin
from tests.platform_core.market import LATER, NOW, Market

WEEK = {"starts_at": NOW, "ends_at": NOW + timedelta(days=7)}
AFTER = NOW + timedelta(days=7)


@pytest.fixture
def market(engine: sa.Engine) -> Market:
    return Market(engine).open()


def coupon_offer(market: Market, threshold: int, reduction: int, **changes: Any) -> str:
    facts = {"threshold_minor": threshold, "reduction_minor": reduction, "by": NOBODY, **WEEK}
    with market.work() as work:
        offer_id = create_coupon_offer(work, "shop_1", **facts | changes)
    market.events()
    return offer_id


def full_reduction(market: Market, threshold: int, reduction: int, **changes: Any) -> str:
    facts = {"threshold_minor": threshold, "reduction_minor": reduction, "by": NOBODY, **WEEK}
    with market.work() as work:
        offer_id = create_full_reduction(work, "shop_1", **facts | changes)
    market.events()
    return offer_id


def claimed(market: Market, offer_id: str) -> str:
    with market.work() as work:
        return claim_coupon(work, offer_id, "user_1", by=market.ann)


def prices(placed: Order) -> tuple[int, int]:
    return placed.total_minor, placed.discount_minor


def test_an_offer_is_told_in_full(market: Market) -> None:
    with market.work() as work:
        create_coupon_offer(
            work, "shop_1", threshold_minor=9_900, reduction_minor=1_000, limit=5, by=NOBODY, **WEEK
        )
    assert market.events() == [
        {
            "type": "offer.changed",
            "actor": None,
            "offer_id": "offer_1",
            "shop_id": "shop_1",
            "kind": "coupon",
            "threshold_minor": 9_900,
            "reduction_minor": 1_000,
            "currency": "CNY",
            "starts_at": "2026-01-05T08:00:00.000000Z",
            "ends_at": "2026-01-12T08:00:00.000000Z",
            "limit": 5,
        }
    ]


@pytest.mark.parametrize(
    ("threshold", "reduction", "ends_at"),
    [(100, 101, AFTER), (100, 0, AFTER), (100, 10, NOW)],
)
def test_an_offer_of_nonsense_is_none(
    market: Market, threshold: int, reduction: int, ends_at: Any
) -> None:
    with pytest.raises(ValueError, match=r"offer would end|reduction of"):
        coupon_offer(market, threshold, reduction, ends_at=ends_at)


def test_only_a_shop_offers(market: Market) -> None:
    with pytest.raises(ShopUnknown), market.work() as work:
        create_full_reduction(
            work, "shop_9", threshold_minor=2, reduction_minor=1, by=NOBODY, **WEEK
        )


def test_the_best_full_reduction_that_the_sum_reaches_comes_off(market: Market) -> None:
    full_reduction(market, 5_000, 500)
    full_reduction(market, 10_000, 1_500)
    full_reduction(market, 20_000, 4_000)
    assert prices(market.place(Line("sku_2", 1))) == (3_000, 0)
    assert prices(market.place(Line("sku_2", 2))) == (5_500, 500)
    assert prices(market.place(Line("sku_1", 1))) == (8_500, 1_500)
    assert prices(market.place(Line("sku_1", 2))) == (16_000, 4_000)
    assert prices(market.place(Line("sku_1", 2), now=AFTER)) == (20_000, 0)


def test_commission_is_on_what_the_buyer_pays(market: Market) -> None:
    full_reduction(market, 10_000, 1_500)
    assert market.place(Line("sku_1", 1)).commission_minor == 425


def test_a_coupon_comes_off_after_the_full_reduction_and_is_told(market: Market) -> None:
    full_reduction(market, 10_000, 1_500)
    coupon_id = claimed(market, coupon_offer(market, 10_000, 1_000))
    assert market.events() == [
        {
            "type": "coupon.claimed",
            "actor": "user_1",
            "coupon_id": "coupon_1",
            "offer_id": "offer_2",
        }
    ]
    placed = market.place(coupon_id=coupon_id)
    assert (prices(placed), placed.coupon_id) == ((7_500, 2_500), "coupon_1")
    assert market.events()[-1] == {
        "type": "coupon.redeemed",
        "actor": "user_1",
        "coupon_id": "coupon_1",
        "offer_id": "offer_2",
        "order_id": "order_1",
        "reduction_minor": 1_000,
        "currency": "CNY",
    }


def test_one_minor_unit_always_stays_to_be_paid(market: Market) -> None:
    full_reduction(market, 3_000, 2_000)
    coupon_id = claimed(market, coupon_offer(market, 3_000, 3_000))
    assert prices(market.place(Line("sku_2", 1), coupon_id=coupon_id)) == (1, 2_999)
    assert market.events()[-1]["reduction_minor"] == 999


def test_everybody_gets_one_coupon_and_the_same_again(market: Market) -> None:
    offer_id = coupon_offer(market, 10_000, 1_000)
    assert claimed(market, offer_id) == claimed(market, offer_id) == "coupon_1"
    assert market.told() == ["coupon.claimed"]
    with reading(market.engine) as connection:
        assert offer(connection, offer_id).claimed == 1
        assert coupons_of(connection, "user_1") == [Coupon("coupon_1", "offer_1", None, NOW)]


def test_eight_people_claim_the_last_five_coupons(engine: sa.Engine) -> None:
    market = Market(engine).open()
    offer_id = coupon_offer(market, 10_000, 1_000, limit=5)
    with market.work() as work:
        people = [market.add_user(work) for _ in range(8)]

    def claim(number: int) -> bool:
        by = people[number]
        try:
            with begin(engine, now=NOW) as work:
                claim_coupon(work, offer_id, str(by.actor_id), by=by)
        except CouponsGone:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(claim, range(8))) == [False] * 3 + [True] * 5
    with reading(engine) as connection:
        assert offer(connection, offer_id).claimed == 5


def test_no_coupon_comes_from_an_offer_of_another_kind_or_time(market: Market) -> None:
    with pytest.raises(CouponsGone, match="gives no coupons"):
        claimed(market, full_reduction(market, 5_000, 500))
    over = coupon_offer(market, 5_000, 500)
    with pytest.raises(CouponsGone, match="gives no coupons"), market.work(AFTER) as work:
        claim_coupon(work, over, "user_1", by=market.ann)
    with pytest.raises(OfferUnknown):
        claimed(market, "offer_9")


def test_a_coupon_holds_for_its_owner_shop_sum_and_time(market: Market) -> None:
    coupon_id = claimed(market, coupon_offer(market, 10_000, 1_000))
    with market.work() as work:
        _, other = market.add_shop(work, "白棠里")
        elsewhere = market.add_sku(work, "skincare", 20_000, 5, shop_id=other)
    market.events()
    for match, lines, changes in (
        ("user 'user_2' has no coupon", [Line("sku_1", 1)], {"by": market.bob}),
        ("shop 'shop_1'", [Line(elsewhere, 1)], {}),
        ("from 10000", [Line("sku_2", 1)], {}),
        ("until", [Line("sku_1", 1)], {"now": AFTER}),
    ):
        with pytest.raises(CouponNotApplicable, match=match):
            market.place(*lines, coupon_id=coupon_id, **changes)
    assert market.told() == []


def test_a_coupon_is_used_once_unless_its_order_is_cancelled(market: Market) -> None:
    coupon_id = claimed(market, coupon_offer(market, 10_000, 1_000))
    market.place(coupon_id=coupon_id)
    with pytest.raises(CouponNotApplicable, match="order_1"):
        market.place(coupon_id=coupon_id)
    market.events()
    with market.work() as work:
        cancel_order(work, "order_1", reason="changed_mind", by=market.ann)
    assert market.events()[-1] == {
        "type": "coupon.returned",
        "actor": "user_1",
        "coupon_id": "coupon_1",
        "offer_id": "offer_1",
        "order_id": "order_1",
    }
    assert prices(market.place(coupon_id=coupon_id, now=LATER)) == (9_000, 1_000)
