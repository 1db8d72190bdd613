"""What was sold and came back, with what people decided about it; shops, cohorts, new buyers."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from pipelines.defs.house import House
from pipelines.warehouse.lake import Window
from platform_core.settings import Settings
from tests.events import event, viewed
from tests.warehouse.acts import carted, line, local, paid, placed
from tests.warehouse.nightly import contents, deliver, narrowed, night, read
from tests.warehouse.shop_acts import (
    cancelled,
    delivered,
    in_shop,
    refunded,
    ruled,
    shipped,
)

MONDAY, TUESDAY, WEDNESDAY = "2026-07-06", "2026-07-07", "2026-07-08"
MORNING = local(f"{MONDAY} 09:00:00")
NOON = local(f"{MONDAY} 12:00:00")
LATER = local("2026-07-20 12:00:00")


def bought(
    order: str, time: str, *lines: dict[str, Any], actor: str = "ann", shop: str = "h1"
) -> list[dict[str, Any]]:
    """An order of a shop, paid an hour later."""
    hour_later = time.replace(time[11:13], f"{int(time[11:13]) + 1:02}", 1)
    return [
        in_shop(placed(order, time, *lines, actor=actor), shop),
        paid(order, hour_later, placed_at=time),
    ]


def stock(id_: str, sku: str, clock: str, on_hand: int, reserved: int) -> dict[str, Any]:
    return event(
        "stock.moved",
        id_,
        local(clock),
        move_id=id_,
        sku_id=sku,
        kind="corrected",
        quantity=0,
        on_hand=on_hand,
        reserved=reserved,
    )


CATALOG = [
    event(
        "shop.changed", "h", MORNING, shop_id="h1", brand_id="s", name="", status="open", level=1
    ),
    event(
        "product.changed",
        "p",
        MORNING,
        product_id="s-p1",
        brand_id="s",
        shop_id="h1",
        name="tea",
        price_minor=1200,
        currency="CNY",
        status="listed",
    ),
    *(
        event(
            "sku.changed",
            sku,
            MORNING,
            sku_id=sku,
            product_id="s-p1",
            name=sku,
            price_minor=1200,
            currency="CNY",
        )
        for sku in ("k1", "k2")
    ),
]
STOCK = [
    stock("m1", "k1", f"{MONDAY} 09:00:00", 1, 0),
    stock("m2", "k2", f"{MONDAY} 09:00:00", 1, 0),
    stock("m3", "k1", f"{MONDAY} 10:00:00", 1, 1),
    stock("m4", "k2", f"{MONDAY} 11:00:00", 1, 1),
    stock("m5", "k1", f"{TUESDAY} 12:00:00", 2, 1),
]
SHOP = [
    *CATALOG,
    *STOCK,
    viewed("s1", local(f"{MONDAY} 10:30:00"), brand="s"),
    viewed("s2", local(f"{MONDAY} 11:30:00"), brand="s"),
    viewed("s3", local(f"{MONDAY} 12:30:00"), brand="s"),
    viewed("s4", local(f"{TUESDAY} 09:00:00"), brand="s"),
    viewed("s5", local(f"{TUESDAY} 13:00:00"), brand="s"),
    event("product_card.impressed", "i1", NOON, product_id="s-p1", surface="shop", position=1),
    event("product_card.impressed", "i2", NOON, product_id="s-p1", surface="shop", position=1),
    event("product_card.clicked", "i3", NOON, product_id="s-p1", surface="shop", position=1),
    *bought("so1", MORNING, line("s")),
    *bought("so2", MORNING, line("s2", price=500), actor="bob"),
    in_shop(placed("so3", MORNING, line("s2"), actor="cat"), "h1"),
    cancelled("so3", local(f"{WEDNESDAY} 09:00:00")),
    shipped("so1", local(f"{TUESDAY} 10:00:00")),
    shipped("so2", local(f"{TUESDAY} 16:00:00")),
    delivered("so1", local("2026-07-09 10:00:00")),
    event(
        "review.posted",
        "w1",
        LATER,
        review_id="w1",
        product_id="s-p1",
        stars=4,
        text="好",
        is_verified=True,
    ),
]
JUDGED = [
    viewed("e1", NOON, actor="eve", brand="v"),
    viewed("e2", NOON, actor="eve", brand="v"),
    viewed("e3", NOON, actor="ann", brand="v"),
    carted("e4", NOON, actor="eve", brand="v"),
    *bought("vo1", NOON, line("v", price=1000), actor="eve", shop="h2"),
    *bought("vo2", NOON, line("v", price=2000), actor="ann", shop="h2"),
    *bought("vo3", NOON, line("v", price=3000), actor="bob", shop="h2"),
    *bought("vo4", NOON, line("v", price=4000), actor="eve", shop="h2"),
]
COHORTS = [
    *bought("c1", local("2026-05-31 22:59:59"), line("c"), actor="ann", shop="h2"),
    *bought("c2", local("2026-06-01 00:00:00"), line("c"), actor="bob", shop="h2"),
    *bought("c3", local("2026-06-15 12:00:00"), line("c", price=700), actor="ann", shop="h2"),
    *bought("n1", local("2026-07-01 09:00:00"), line("n"), actor="ann", shop="h2"),
    *bought("n2", local("2026-07-01 12:00:00"), line("n"), actor="ann", shop="h2"),
    *bought("n3", local("2026-07-08 12:00:00"), line("n"), actor="ann", shop="h2"),
    *bought("n4", local("2026-07-08 12:00:00"), line("n"), actor="bob", shop="h2"),
    *bought("n5", local("2026-07-10 12:00:00"), line("n"), actor="cat", shop="h2"),
    *bought("n6", local("2026-07-10 13:00:00"), line("n"), actor="dan", shop="h2"),
]
DOUBLE = bought("d1", NOON, line("d1"), line("d2", price=500), shop="h2")


TABLES = [
    f"gold.{name}"
    for name in (
        "brand_daily",
        "cohort_retention",
        "new_to_brand",
        "product_daily",
        "product_funnel_daily",
        "repurchase",
        "shop_ops_daily",
        "shop_refund_reasons_daily",
        "stockouts_daily",
    )
]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One night with what was sold, and a second one with refunds and decisions."""
    home = tmp_path_factory.mktemp("town")
    meadow = House(
        Settings(
            home=home,
            max_quarantine_rate=1.0,
            parameters={"new_to_brand_lookback_days": 7},
            _env_file=None,
        )
    )
    vars(meadow)["catalog"] = narrowed(meadow.catalog, TABLES)
    deliver(meadow, *SHOP, *JUDGED, *COHORTS, *DOUBLE)
    night(meadow, "r1")
    (eve,) = read(meadow, "SELECT actor_id FROM silver.orders WHERE order_id = 'shop:vo1'")[0]
    deliver(
        meadow,
        refunded("q1", LATER, "so1", placed_at=MORNING, amount=600, reason="damaged"),
        refunded("q2", LATER, "vo2", placed_at=NOON, amount=300),
        refunded("q3", LATER, "d1", placed_at=NOON, amount=1000),
        ruled("r1", LATER, "confirmed", "user", eve, days=[MONDAY]),
        ruled("r2", LATER, "confirmed", "order", "shop:vo2", days=[MONDAY], kind="givt"),
        ruled("r3", LATER, "dismissed", "order", "shop:vo4", days=[MONDAY]),
    )
    night(meadow, "r2")
    yield meadow
    meadow.platform.dispose()


def daily(town: House, columns: str, table: str, where: str) -> list[tuple[Any, ...]]:
    return read(town, f"SELECT {columns} FROM gold.{table} WHERE {where} ORDER BY event_date")


def test_a_decision_on_a_user_or_an_order_takes_its_facts_out_of_net(town: House) -> None:
    columns = (
        "visitors, product_views, product_views_sivt, cart_adds, cart_adds_sivt, "
        "orders_placed, orders, orders_givt, orders_sivt, orders_pending"
    )
    assert daily(town, columns, "brand_daily", "brand_id = 'v'") == [(2, 3, 2, 1, 1, 4, 4, 1, 1, 0)]


def test_money_of_invalid_orders_and_their_refunds_stand_beside_gross(town: House) -> None:
    columns = (
        "gmv_minor, gmv_minor_givt, gmv_minor_sivt, "
        "refunded_orders, refunds_minor, refunds_minor_givt, refunds_minor_sivt, currency"
    )
    found = daily(town, columns, "brand_daily", "brand_id = 'v'")
    assert found == [(10000, 2000, 1000, 1, 300, 300, 0, "CNY")]


def test_a_refund_is_divided_by_what_the_lines_cost_to_the_last_unit(town: House) -> None:
    found = read(
        town,
        "SELECT brand_id, refunds_minor FROM gold.brand_daily "
        "WHERE brand_id IN ('d1', 'd2') ORDER BY 1",
    )
    assert found == [("d1", 666), ("d2", 334)]


def test_an_order_that_is_not_paid_is_placed_and_no_more(town: House) -> None:
    found = daily(town, "orders_placed, orders, gmv_minor", "brand_daily", "brand_id = 's2'")
    assert found == [(2, 1, 500)]


def test_a_product_goes_from_its_card_to_payment(town: House) -> None:
    columns = (
        "card_impressions, card_clicks, viewers, product_views, orderers, orders_placed, "
        "buyers, orders, gmv_minor"
    )
    where = f"product_id = 's-p1' AND brand_id = 's' AND event_date = DATE '{MONDAY}'"
    assert daily(town, columns, "product_funnel_daily", where) == [(2, 1, 1, 3, 1, 1, 1, 1, 1000)]


def test_the_funnel_of_a_product_holds_invalid_orders_apart(town: House) -> None:
    found = daily(
        town,
        "orders, orders_givt, orders_sivt, gmv_minor, gmv_minor_givt, gmv_minor_sivt",
        "product_funnel_daily",
        "product_id = 'v-p1'",
    )
    assert found == [(4, 1, 1, 10000, 2000, 1000)]


def test_a_products_day_has_its_price_refunds_and_reviews(town: House) -> None:
    columns = "orders, refunded_orders, refunds_minor, reviews, stars, price_minor"
    found = daily(town, columns, "product_daily", "product_id = 's-p1'")
    assert found == [(1, 1, 600, 0, 0, 1200), (0, 0, 0, 0, 0, 1200), (0, 0, 0, 1, 4, 1200)]


def test_a_product_is_out_while_none_of_its_variants_is_available(town: House) -> None:
    found = daily(
        town,
        "brand_id, shop_id, skus_out, skus_ran_out, views_while_out, lost_gmv_minor",
        "stockouts_daily",
        f"event_date <= DATE '{WEDNESDAY}'",
    )
    assert found == [
        ("s", "h1", 2, 2, 2, 800),
        ("s", "h1", 1, 0, 1, 240),
        ("s", "h1", 1, 0, 0, 0),
    ]


def test_a_shops_day_counts_orders_refunds_parcels_and_stock(town: House) -> None:
    found = daily(
        town,
        "brand_id, orders_placed, orders_paid, paid_minor, refunded_orders, refunds_minor, "
        "orders_cancelled, lost_gmv_minor",
        "shop_ops_daily",
        f"shop_id = 'h1' AND event_date <= DATE '{WEDNESDAY}'",
    )
    assert found == [
        ("s", 3, 2, 1500, 1, 600, 0, 800),
        ("s", 0, 0, 0, 0, 0, 0, 240),
        ("s", 0, 0, 0, 0, 0, 1, 0),
    ]


def test_hours_count_on_the_day_of_the_step_that_ends_them(town: House) -> None:
    found = daily(
        town,
        "CAST(event_date AS VARCHAR), parcels_shipped, seconds_to_ship, median_hours_to_ship, "
        "parcels_delivered, seconds_to_deliver, median_hours_to_deliver",
        "shop_ops_daily",
        "shop_id = 'h1' AND parcels_shipped + parcels_delivered > 0",
    )
    hour = 3600
    assert found == [
        (TUESDAY, 2, 54 * hour, 27.0, 0, 0, None),
        ("2026-07-09", 0, 0, None, 1, 48 * hour, 48.0),
    ]


def test_refunds_of_a_shop_have_their_reasons_on_the_orders_day(town: House) -> None:
    found = read(
        town,
        "SELECT shop_id, CAST(event_date AS VARCHAR), reason, refunds, refunded_orders, "
        "refunds_minor FROM gold.shop_refund_reasons_daily ORDER BY shop_id",
    )
    assert found == [
        ("h1", MONDAY, "damaged", 1, 1, 600),
        ("h2", MONDAY, "size", 2, 2, 1300),
    ]


def test_a_cohort_is_of_the_local_month_and_blank_until_a_month_is_over(town: House) -> None:
    found = read(
        town,
        "SELECT CAST(cohort_month AS VARCHAR), months_since, cohort_buyers, active_buyers, "
        "orders, gmv_minor FROM gold.cohort_retention WHERE brand_id = 'c' ORDER BY 1, 2",
    )
    assert found == [
        ("2026-05-01", 0, 1, 1, 1, 1000),
        ("2026-05-01", 1, 1, 1, 1, 700),
        ("2026-05-01", 2, 1, None, None, None),
        ("2026-06-01", 0, 1, 1, 1, 1000),
        ("2026-06-01", 1, 1, None, None, None),
    ]


def test_repurchase_is_blank_until_every_buyer_has_lived_the_days(town: House) -> None:
    found = read(
        town,
        "SELECT CAST(cohort_month AS VARCHAR), within_days, cohort_buyers, repurchasers "
        "FROM gold.repurchase WHERE brand_id = 'c' AND within_days <= 60 ORDER BY 1, 2",
    )
    assert found == [
        ("2026-05-01", 30, 1, 1),
        ("2026-05-01", 60, 1, None),
        ("2026-06-01", 30, 1, 0),
        ("2026-06-01", 60, 1, None),
    ]


def test_a_buyer_is_new_until_the_lookback_holds_an_order(town: House) -> None:
    found = daily(
        town,
        "CAST(event_date AS VARCHAR), new_orders, new_buyers, new_gmv_minor, "
        "returning_orders, returning_buyers, returning_gmv_minor",
        "new_to_brand",
        "brand_id = 'n'",
    )
    assert found == [
        ("2026-07-01", 2, 1, 2000, 0, 0, 0),
        ("2026-07-08", 1, 1, 1000, 1, 1, 1000),
        ("2026-07-10", 2, 2, 2000, 0, 0, 0),
    ]


def test_orders_of_new_people_are_held_apart_when_invalid(town: House) -> None:
    found = daily(
        town,
        "new_orders, new_orders_givt, new_orders_sivt, new_gmv_minor_givt, new_gmv_minor_sivt",
        "new_to_brand",
        "brand_id = 'v'",
    )
    assert found == [(4, 1, 1, 2000, 1000)]


def test_what_two_nights_made_a_rebuild_makes_again(town: House) -> None:
    made = contents(town)
    night(town, "r3", again=Window(date(2026, 5, 31), date(2026, 7, 20)))
    again = contents(town)
    assert {name for name in made if made[name] != again[name]} == set()
