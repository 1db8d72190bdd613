"""What led to an order: paths of touches, and the credit that five models give to them."""

from typing import Any

import pytest

from tests.events import clicked, event
from tests.warehouse.acts import decided, line, local, paid, placed
from tests.warehouse.conftest import Compute, Query

MODELS = ("decay", "first", "last", "linear", "position")
ORDERED = local("2026-08-20 12:00:00")


def august(clock: str) -> str:
    return local(f"2026-08-{clock}")


def read(id_: str, clock: str, note: str = "n1", **rest: Any) -> dict[str, Any]:
    facts = {"note_id": note, "surface": "feed", "dwell_ms": 4000, "actorid": "ann"}
    return event("note.read", id_, august(clock), **{**facts, **rest})


def card(id_: str, clock: str, **rest: Any) -> dict[str, Any]:
    facts = {"product_id": "b1-p1", "surface": "search", "position": 1, "actorid": "ann"}
    return event("product_card.clicked", id_, august(clock), **{**facts, **rest})


def page(id_: str, clock: str, brand: str = "b1") -> dict[str, Any]:
    return event(
        "brand_page.viewed", id_, august(clock), brand_id=brand, surface="search", actorid="ann"
    )


def note(id_: str, clock: str, *brands: str) -> dict[str, Any]:
    return event(
        "note.changed",
        f"{id_}-{clock}",
        august(clock),
        note_id=id_,
        creator_id="cho",
        status="published",
        title="乌龙",
        text="好喝",
        topics=["tea"],
        products=[{"product_id": f"{brand}-p1", "brand_id": brand} for brand in brands],
        mentions=[],
        is_disclosed_ad=False,
    )


def bought(order: str, *lines: dict[str, Any], actor: str = "ann") -> list[dict[str, Any]]:
    ordered = placed(order, ORDERED, *lines, actor=actor)
    return [ordered, paid(order, august("20 12:05:00"), placed_at=ORDERED)]


def refunded(order: str, amount: int) -> dict[str, Any]:
    return event(
        "order.refunded",
        f"{order}-refunded",
        august("25 09:00:00"),
        refund_id=f"{order}-r",
        order_id=order,
        placed_at=ORDERED,
        amount_minor=amount,
        currency="CNY",
        reason="return",
    )


AD = clicked(
    "ad",
    august("18 12:00:00"),
    actorid="ann",
    creative_id="v1",
    request_id="r1",
    sessionid="s1",
)
BOB_AD = clicked("bob-ad", august("19 12:00:00"), ip="198.51.100.9", actorid="bob")
BOTH = (line("b1", price=667), line("b2", price=334))


@pytest.fixture(scope="module")
def marts(compute: Compute) -> Query:
    return compute(
        event(
            "creative.changed",
            "s1",
            august("01 09:00:00"),
            creative_id="v1",
            unit_id="u1",
            note_id="n2",
            status="active",
        ),
        event(
            "product.changed",
            "s2",
            august("01 09:00:00"),
            product_id="b1-p1",
            brand_id="b1",
            name="茶",
        ),
        note("n1", "01 09:00:00", "b1"),
        note("n1", "19 09:00:00", "b3"),
        note("n2", "01 09:00:00", "b1", "b2"),
        read("too-old", "01 11:00:00", "n1", actorid="cat"),
        read("early", "10 12:00:00", "n1"),
        AD,
        read("of-the-ad", "18 12:01:00", "n2", request_id="r1", sessionid="s1"),
        card("in-the-ad", "18 12:00:30", note_id="n2", surface="note", sessionid="s1"),
        read("read", "18 13:00:00", "n2", sessionid="s2", request_id="r2"),
        card("in-the-note", "18 12:59:58", note_id="n2", surface="note", sessionid="s2"),
        card("from-search", "19 12:00:00"),
        read("other-brand-by-now", "19 13:00:00", "n1"),
        page("page", "20 11:59:00"),
        page("after", "20 12:01:00"),
        page("rival", "20 11:58:00", brand="b9"),
        *bought("o1", *BOTH),
        refunded("o1", 100),
        BOB_AD,
        *bought("o2", line("b1", price=500), actor="bob"),
        placed("unpaid", ORDERED, line("b1"), actor="ann"),
        decided(
            "d1",
            august("26 09:00:00"),
            "confirmed",
            BOB_AD,
            days=["2026-08-19"],
            kind="sivt",
        ),
    )


def path(marts: Query, order: str, brand: str) -> list[tuple[Any, ...]]:
    return marts(
        "SELECT touch_id, channel, step, steps FROM gold.touchpoints "
        "WHERE order_id = $order AND brand_id = $brand ORDER BY step",
        order=f"shop:{order}",
        brand=brand,
    )


def test_a_path_holds_the_buyers_touches_with_the_brand_before_the_order(marts: Query) -> None:
    assert path(marts, "o1", "b1") == [
        ("shop:early", "note", 1, 5),
        ("shop:ad", "feed_ad", 2, 5),
        ("shop:read", "note", 3, 5),
        ("shop:from-search", "search", 4, 5),
        ("shop:page", "brand_page", 5, 5),
    ]


def test_what_an_ad_or_a_note_opens_is_part_of_it(marts: Query) -> None:
    found = marts("SELECT touch_id FROM gold.touchpoints WHERE note_id = 'n2' AND brand_id = 'b1'")
    assert sorted(found) == [("shop:ad",), ("shop:read",)]


def test_each_brand_of_an_order_has_a_path_of_its_own(marts: Query) -> None:
    assert path(marts, "o1", "b2") == [
        ("shop:of-the-ad", "note", 1, 2),
        ("shop:read", "note", 2, 2),
    ]


def test_an_order_that_nobody_paid_for_has_no_path(marts: Query) -> None:
    assert path(marts, "unpaid", "b1") == []


def test_brands_share_what_the_buyer_owed_and_what_went_back(marts: Query) -> None:
    found = marts(
        "SELECT brand_id, revenue_minor, refunded_minor FROM gold.touchpoints "
        "WHERE order_id = 'shop:o1' AND step = 1 ORDER BY brand_id"
    )
    assert found == [("b1", 667, 66), ("b2", 334, 34)]


def test_hours_run_from_the_touch_to_the_order(marts: Query) -> None:
    found = marts("SELECT hours_to_order FROM gold.touchpoints WHERE touch_id = 'shop:from-search'")
    assert found == [(24.0,)]


def credit(marts: Query, model: str) -> list[tuple[Any, ...]]:
    return marts(
        "SELECT channel, CAST(event_date AS VARCHAR), credited_orders, revenue_minor "
        "FROM gold.attribution WHERE model = $model AND brand_id = 'b1' AND revenue_minor_sivt = 0 "
        "ORDER BY event_date, channel",
        model=model,
    )


def test_the_first_touch_takes_it_all(marts: Query) -> None:
    assert credit(marts, "first") == [("note", "2026-08-10", 1.0, 667)]


def test_the_last_touch_takes_it_all(marts: Query) -> None:
    assert credit(marts, "last") == [("brand_page", "2026-08-20", 1.0, 667)]


def test_equal_shares_are_whole_and_the_last_touch_has_the_rest(marts: Query) -> None:
    assert credit(marts, "linear") == [
        ("note", "2026-08-10", 0.2, 133),
        ("feed_ad", "2026-08-18", 0.2, 133),
        ("note", "2026-08-18", 0.2, 133),
        ("search", "2026-08-19", 0.2, 133),
        ("brand_page", "2026-08-20", 0.2, 135),
    ]


def test_the_ends_of_a_path_share_most_of_it(marts: Query) -> None:
    assert [row[3] for row in credit(marts, "position")] == [266, 44, 44, 44, 269]


def test_a_touch_a_week_older_has_half_the_weight(compute: Compute) -> None:
    marts = compute(
        note("n1", "01 09:00:00", "b1"),
        read("week-before", "06 12:00:04"),
        read("of-the-day", "13 12:00:04"),
        *bought("o", line("b1", price=1000)),
    )
    assert [row[3] for row in credit(marts, "decay")] == [333, 667]


@pytest.mark.parametrize("model", MODELS)
def test_credit_adds_up_to_the_orders_to_the_minor_unit(marts: Query, model: str) -> None:
    credited = marts(
        "SELECT brand_id, sum(revenue_minor), sum(refunded_minor), round(sum(credited_orders), 6) "
        "FROM gold.attribution WHERE model = $model GROUP BY brand_id ORDER BY brand_id",
        model=model,
    )
    bought = marts(
        "SELECT brand_id, sum(revenue_minor), sum(refunded_minor), count(*) FROM gold.touchpoints "
        "WHERE step = 1 GROUP BY brand_id ORDER BY brand_id"
    )
    assert credited == bought == [("b1", 1167, 66, 2), ("b2", 334, 34, 1)]


@pytest.mark.parametrize("model", MODELS)
def test_an_invalid_click_takes_its_credit_along(marts: Query, model: str) -> None:
    found = marts(
        "SELECT campaign_id, credited_orders, credited_orders_sivt, revenue_minor, "
        "revenue_minor_sivt FROM gold.attribution "
        "WHERE model = $model AND event_date = DATE '2026-08-19' AND channel = 'feed_ad'",
        model=model,
    )
    assert found == [("c1", 1.0, 1.0, 500, 500)]


def test_revenue_long_after_the_touch_is_not_in_its_return(compute: Compute) -> None:
    marts = compute(
        note("n1", "01 09:00:00", "b1"),
        read("long-before", "04 12:00:00"),
        read("just-before", "19 12:00:00"),
        *bought("o", line("b1", price=1000)),
        refunded("o", 400),
    )
    found = marts(
        "SELECT model, revenue_minor, roi_revenue_minor FROM gold.attribution "
        "WHERE model IN ('first', 'last') ORDER BY model"
    )
    assert found == [("first", 1000, 0), ("last", 1000, 600)]
