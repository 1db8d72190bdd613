"""What detectors see of a review: literal reviews, orders and texts in, columns out."""

from typing import Any

import pytest

from tests.features.conduct_rows import Given, Row, at, day, rows_of

BRIEF = "没想到这么好用，同事都来问链接，准备囤货"
OTHER = "颜色比照片深一点，尺码正好，客服态度一般"


def review(review_id: str, number: int, who: str, stars: int = 5, **rest: Any) -> Row:
    return {
        "review_id": review_id,
        "event_date": day(number),
        "occurred_at": at(number),
        "actor_id": who,
        "product_id": "p1",
        "stars": stars,
        "text": "",
        "is_verified": False,
        **rest,
    }


def products(*names: str) -> dict[str, list[Row]]:
    """A product ``p1`` of brand ``b1``, and so on."""
    numbers = range(1, 1 + len(names))
    return {
        "silver.product_states": [
            {
                "product_id": f"p{n}",
                "event_date": day(-80),
                "changed_at": at(-80),
                "brand_id": f"b{n}",
                "name": f"{name}面霜",
            }
            for n, name in zip(numbers, names, strict=True)
        ],
        "silver.brand_states": [
            {"brand_id": f"b{n}", "event_date": day(-80), "changed_at": at(-80), "name": name}
            for n, name in zip(numbers, names, strict=True)
        ],
    }


def conduct(given: Given, review_id: str, *columns: str) -> tuple[Any, ...]:
    found = rows_of("features.review_conduct", given)
    (row,) = [r for r in found if r["review_id"] == review_id]
    return tuple(row[name] for name in columns)


def test_the_mean_before_is_of_earlier_days_only() -> None:
    given: Given = {
        **products("甲"),
        "silver.reviews": [
            review("r1", -61, "a", 1),
            review("r2", -2, "b", 4),
            review("r3", -1, "c", 3),
            review("r4", 0, "d", 1),
            review("r5", 0, "e", 5),
        ],
    }
    assert conduct(given, "r5", "prior_reviews", "prior_mean", "deviation") == (2, 3.5, 1.5)


def test_a_burst_is_counted_by_side() -> None:
    given: Given = {
        **products("甲"),
        "silver.reviews": [
            *(review(f"bad-{n}", n - 2, f"x{n}", 1) for n in range(5)),
            *(review(f"good-{n}", -n, f"y{n}", 5) for n in range(20)),
        ],
    }
    columns = ("side", "harmed_id", "brand_reviews_15d", "brand_reviews_before", "unbought_15d")
    assert conduct(given, "bad-2", *columns) == ("against", "b1", 5, 0, 5)
    assert conduct(given, "good-0", "gains_id", "brand_reviews_before") == ("b1", 12)


def test_who_bought_of_the_brand_is_told_from_who_did_not() -> None:
    given: Given = {
        **products("甲", "乙"),
        "silver.reviews": [review("r1", 0, "ann"), review("r2", 0, "bob", is_verified=True)],
        "silver.orders": [{"order_id": "o1", "event_date": day(-9), "actor_id": "ann"}],
        "silver.order_lines": [
            {
                "order_id": "o1",
                "line_number": 1,
                "event_date": day(-9),
                "product_id": "p9",
                "brand_id": "b1",
            }
        ],
    }
    columns = ("bought_product_60d", "bought_brand_60d", "unbought_15d")
    assert conduct(given, "r1", *columns) == (0, 1, 0)


def test_the_buyers_of_a_bad_batch_send_it_back() -> None:
    orders = [f"o{n}" for n in range(4)]
    given: Given = {
        **products("甲"),
        "silver.reviews": [review("r1", 0, "ann", 1)],
        "silver.order_lines": [
            {"order_id": o, "line_number": 1, "event_date": day(-5), "product_id": "p1"}
            for o in orders
        ],
        "silver.refunds": [
            {"refund_id": o, "order_id": o, "event_date": day(-5), "refunded_on": day(on)}
            for o, on in (("o1", 2), ("o2", 9), ("o3", 10))
        ],
    }
    assert conduct(given, "r1", "buyers_orders_28d", "buyers_refunded_share") == (4, 0.5)


def test_a_review_knows_the_parcel_of_its_order() -> None:
    order = {"order_id": "o1", "event_date": day(-6), "weight_ratio": 0.2, "shop_light_28d": 4}
    given: Given = {
        **products("甲"),
        "silver.reviews": [review("r1", 0, "ann", order_id="o1"), review("r2", 0, "bob")],
        "features.order_conduct": [order],
    }
    columns = ("order_weight_ratio", "order_shop_light_28d")
    assert conduct(given, "r1", *columns) == (0.2, 4)
    assert conduct(given, "r2", *columns) == (None, None)


def test_reviewers_of_one_side_on_one_device_are_counted() -> None:
    seen = [("ann", 0, "tablet"), ("bob", 2, "tablet"), ("cem", 1, "tablet"), ("dan", 0, "tablet")]
    given: Given = {
        **products("甲"),
        "silver.reviews": [
            review("r1", 0, "ann"),
            review("r2", 2, "bob"),
            review("r3", 1, "cem", 1),
        ],
        "silver.identity_days": [
            {"actor_id": who, "event_date": day(n), "device_id": device, "acts": 1}
            for who, n, device in seen
        ],
    }
    assert conduct(given, "r1", "device_reviewers", "address_reviewers") == (2, 0)


def test_peers_word_one_brief_anew_and_copies_are_none() -> None:
    tails = ("配色耐看，赠品齐全，盒子压坏了一角", "冬天偏干，夏天刚好，味道淡得闻不到", OTHER)
    given: Given = {
        **products("甲"),
        "silver.reviews": [
            review("r1", 0, "ann", text=BRIEF + tails[0]),
            review("r2", 3, "bob", 4, text=BRIEF + tails[1], is_verified=True),
            review("r3", -9, "cem", text=tails[2] + BRIEF, is_verified=True),
            review("r4", 0, "dan", text="说明书难懂，电池不耐用"),
            *(review(f"copy-{n}", 0, f"c{n}", text="闭眼入，群里认证") for n in range(3)),
        ],
    }
    told = ("peers", "peers_share", "own_peers", "peers_bought_share", "peers_stars")
    assert conduct(given, "r1", *told) == pytest.approx((3, 3 / 7, 1, 2 / 3, 14 / 3))
    assert conduct(given, "copy-0", "house_share", "peers") == (1, 3)


@pytest.mark.parametrize("table", ["review_conduct", "review_sharing", "reviewer_history"])
def test_a_day_by_itself_is_as_within_a_longer_window(table: str) -> None:
    texts = (BRIEF, OTHER)
    days = range(-40, 30, 2)
    given: Given = {
        **products("甲", "乙"),
        "silver.reviews": [
            review(
                f"r{n}",
                n,
                f"h{n % 5}",
                1 + n % 5,
                text=texts[n % 4 // 2],
                product_id=f"p{1 + n % 3 // 2}",
            )
            for n in days
        ],
        "silver.identity_days": [
            {"actor_id": f"h{n % 5}", "event_date": day(n), "device_id": f"d{n % 2}", "acts": 1}
            for n in days
        ],
    }
    whole = rows_of(f"features.{table}", given, first=-10, last=14)
    assert len(whole) == 13
    for number in (-10, 0, 14):
        alone = rows_of(f"features.{table}", given, first=number, last=number)
        assert alone == [r for r in whole if r["event_date"] == day(number)]
