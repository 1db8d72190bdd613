"""What detectors see of an order: literal orders, views, parcels and payments in, columns out."""

from typing import Any

import pytest

from tests.features.conduct_rows import Given, Row, at, day, rows_of

SHOP = "s1"


def order(order_id: str, number: int, buyer: str, clock: str = "04:00:00", **rest: Any) -> Row:
    return {
        "order_id": order_id,
        "event_date": day(number),
        "placed_at": at(number, clock),
        "actor_id": buyer,
        "total_minor": 10_000,
        "currency": "CNY",
        "shop_id": SHOP,
        "discount_minor": 0,
        "ship_to": f"home of {buyer}",
        **rest,
    }


def line(order_id: str, number: int, product: str = "p1", quantity: int = 1, **rest: Any) -> Row:
    return {
        "order_id": order_id,
        "line_number": 1,
        "event_date": day(number),
        "product_id": product,
        "brand_id": "b1",
        "quantity": quantity,
        "unit_price_minor": 10_000,
        "amount_minor": 10_000 * quantity,
        **rest,
    }


def parcel(order_id: str, number: int, grams: int) -> Row:
    return {
        "shipment_id": f"parcel of {order_id}",
        "order_id": order_id,
        "step": "shipped",
        "event_date": day(number),
        "occurred_at": at(number),
        "weight_grams": grams,
    }


def paid(order_id: str, number: int, card: str) -> Row:
    return {
        "payment_id": f"payment of {order_id}",
        "step": "requested",
        "event_date": day(number),
        "occurred_at": at(number),
        "order_id": order_id,
        "instrument": card,
    }


def view(number: int, clock: str, buyer: str, product: str = "p1", brand: str = "b1") -> Row:
    return {
        "event_id": f"{buyer}-{product}-{number}-{clock}",
        "event_date": day(number),
        "occurred_at": at(number, clock),
        "actor_id": buyer,
        "product_id": product,
        "brand_id": brand,
    }


def conduct(given: Given, order_id: str, *columns: str, number: int = 0) -> tuple[Any, ...]:
    (row,) = [
        r
        for r in rows_of("features.order_conduct", given, first=number, last=number)
        if r["order_id"] == order_id
    ]
    return tuple(row[name] for name in columns)


def test_an_empty_parcel_is_light_beside_what_the_product_usually_weighs() -> None:
    names = [f"o{n}" for n in range(5)]
    given: Given = {
        "silver.orders": [order(o, 0, f"buyer {o}") for o in names],
        "silver.order_lines": [line(o, 0, quantity=2 if o == "o4" else 1) for o in names],
        "silver.shipments": [
            parcel("o0", 1, 500),
            parcel("o1", 1, 500),
            parcel("o2", 1, 100),
            parcel("o3", 1, 100),
            parcel("o4", 1, 1000),
        ],
    }
    found = {r["order_id"]: r for r in rows_of("features.order_conduct", given)}
    assert found["o0"]["weight_ratio"] == pytest.approx(1, abs=0.05)
    assert found["o2"]["weight_ratio"] == pytest.approx(0.2, abs=0.01)
    assert found["o4"]["weight_ratio"] == pytest.approx(1, abs=0.05)
    assert found["o0"]["shop_light_28d"] == 2
    assert found["o0"]["shop_light_share"] == pytest.approx(0.4)
    assert found["o0"]["product_light_28d"] == 2
    assert found["o0"]["product_light_share"] == pytest.approx(0.4)


def test_a_parcel_that_was_not_sent_yet_has_no_weight() -> None:
    given: Given = {
        "silver.orders": [order("o1", 0, "ann")],
        "silver.order_lines": [line("o1", 0)],
        "silver.shipments": [parcel("o1", 15, 500)],
    }
    assert conduct(given, "o1", "weight_grams", "weight_ratio") == (None, None)


def test_an_order_without_a_view_is_browse_less() -> None:
    given: Given = {
        "silver.orders": [order("o1", 0, "ann"), order("o2", 0, "bob")],
        "silver.order_lines": [line("o1", 0), line("o2", 0)],
        "silver.product_views": [
            view(0, "03:58:20", "ann"),
            view(0, "03:59:20", "ann"),
            view(0, "03:50:00", "ann", "p9", "b9"),
            view(-1, "03:50:00", "ann", "p8", "b8"),
            view(0, "05:00:00", "bob"),
        ],
    }
    columns = ("views_before", "first_view_seconds", "last_view_seconds", "other_brands_1d")
    assert conduct(given, "o1", *columns) == (2, 100, 40, 1)
    assert conduct(given, "o2", *columns) == (0, None, None, 0)


def test_buyers_who_share_a_door_or_a_card_are_counted_once_each() -> None:
    given: Given = {
        "silver.orders": [
            order("o1", 0, "ann", ship_to="door"),
            order("o2", 3, "bob", ship_to="door"),
            order("o3", 4, "bob", ship_to="door"),
            order("o4", -20, "cem", ship_to="door", shop_id="s2"),
            order("o5", -29, "dan", ship_to="door"),
            order("o6", 15, "eve", ship_to="door"),
        ],
        "silver.payments": [paid("o1", 0, "card"), paid("o2", 3, "card"), paid("o4", -20, "other")],
    }
    columns = ("ship_to_buyers", "shop_ship_to_buyers", "instrument_buyers", "door_orders_28d")
    assert conduct(given, "o1", *columns) == (3, 2, 2, 3)


def test_people_on_one_device_or_behind_one_address_are_counted_among_the_buyers() -> None:
    def seen(person: str, number: int, device: str, address: str) -> Row:
        who = {"actor_id": person, "event_date": day(number), "acts": 1}
        return {**who, "device_id": device, "address": address, "address_block": address}

    given: Given = {
        "silver.orders": [
            order("o1", 0, "ann"),
            order("o2", 1, "bob"),
            order("o3", 2, "cem", shop_id="s2"),
        ],
        "silver.identity_days": [
            seen("ann", 0, "tablet", "home"),
            seen("ann", 0, "phone", "office"),
            seen("bob", 1, "tablet", "home"),
            seen("cem", 2, "tablet", "cafe"),
            seen("dan", 0, "tablet", "home"),
        ],
    }
    columns = ("device_buyers", "shop_device_buyers", "address_buyers", "shop_address_buyers")
    assert conduct(given, "o1", *columns) == (3, 2, 2, 2)


def test_a_refund_counts_if_it_came_within_fourteen_days() -> None:
    def refund(order_id: str, number: int) -> Row:
        return {
            "refund_id": f"refund of {order_id}",
            "order_id": order_id,
            "event_date": day(0),
            "refunded_at": at(number),
            "refunded_on": day(number),
            "amount_minor": 5_000,
            "return_id": "back",
        }

    given: Given = {
        "silver.orders": [order("o1", 0, "ann"), order("o2", 0, "bob")],
        "silver.refunds": [refund("o1", 14), refund("o2", 15)],
    }
    columns = ("refunded_share", "refund_days", "is_returned")
    assert conduct(given, "o1", *columns) == (0.5, 14, True)
    assert conduct(given, "o2", *columns) == (0, None, False)


def test_what_is_paid_with_one_card_says_whether_it_tests_the_till() -> None:
    names = ["o1", "o2", "o3", "o4"]
    given: Given = {
        "silver.orders": [order(o, 0, f"buyer {o}") for o in names],
        "silver.order_lines": [line(o, 0, quantity=2) for o in names],
        "silver.payments": [paid(o, 0, "card") for o in names],
        "silver.cancellations": [
            {
                "order_id": "o2",
                "event_date": day(1),
                "occurred_at": at(1),
                "reason": "changed_mind",
            },
            {"order_id": "o3", "event_date": day(0), "occurred_at": at(0), "reason": "unpaid"},
        ],
    }
    columns = ("card_orders_28d", "card_cancelled_share", "card_pieces", "is_cancelled")
    assert conduct(given, "o1", *columns) == (4, 0.25, 2, False)
    assert conduct(given, "o2", "is_cancelled") == (True,)


def test_nobody_is_older_than_the_source_says() -> None:
    given: Given = {
        "silver.orders": [order("o1", 0, "ann")],
        "silver.user_states": [
            {
                "user_id": "ann",
                "event_date": day(number),
                "registered_on": day(-5),
                "has_avatar": avatar,
                "has_bio": False,
            }
            for number, avatar in ((-5, False), (-1, True), (3, False))
        ],
    }
    assert conduct(given, "o1", "account_age_days", "profile_gaps") == (5, 1)


@pytest.mark.parametrize(
    "table",
    [
        *("order_conduct", "order_parcels", "order_approach", "order_sharing", "buyer_history"),
        "product_parcels_daily",
    ],
)
def test_a_day_by_itself_is_as_within_a_longer_window(table: str) -> None:
    numbers = range(-75, 40, 3)
    given: Given = {
        "silver.orders": [
            order(f"o{n}", n, f"buyer {n % 4}", ship_to=f"door {n % 3}", shop_id=f"s{n % 2}")
            for n in numbers
        ],
        "silver.order_lines": [line(f"o{n}", n, f"p{n % 2}") for n in numbers],
        "silver.shipments": [parcel(f"o{n}", n + 1 + n % 14, 100 + 50 * (n % 5)) for n in numbers],
        "silver.payments": [paid(f"o{n}", n, f"card {n % 2}") for n in numbers],
        "silver.cancellations": [
            {"order_id": f"o{n}", "event_date": day(n + n % 16), "reason": "changed_mind"}
            for n in numbers
        ],
        "silver.product_views": [
            view(n - n % 8, "03:00:00", f"buyer {n % 4}", f"p{n % 2}") for n in numbers
        ],
    }
    whole = rows_of(f"features.{table}", given, first=-10, last=14)
    for on in {r["event_date"] for r in whole[::2]}:
        number = (on - day(0)).days
        alone = rows_of(f"features.{table}", given, first=number, last=number)
        assert alone == [r for r in whole if r["event_date"] == on]
