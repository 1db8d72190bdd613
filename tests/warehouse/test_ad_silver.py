"""What advertisers set up, what was shown and what it cost: events in, rows of silver out."""

from typing import Any

import pytest

from tests.events import clicked, event
from tests.warehouse.acts import local
from tests.warehouse.conftest import Compute, Query

MONDAY, TUESDAY = "2026-08-03", "2026-08-04"
BEFORE_MIDNIGHT = local(f"{MONDAY} 23:59:30")
AFTER_MIDNIGHT = local(f"{TUESDAY} 00:00:10")
AD = {"placement": "feed", "creative_id": "v1", "unit_id": "u1", "campaign_id": "c1"}
MONEY = {"amount_minor": 120, "currency": "CNY"}


def seen(id_: str, time: str, *, actor: str = "ann", request: str = "r1") -> dict[str, Any]:
    return event(
        "ad.impressed",
        id_,
        time,
        actorid=actor,
        request_id=request,
        position=3,
        brand_id="b1",
        **AD,
    )


def paid_for(type_: str, id_: str, time: str, **rest: Any) -> dict[str, Any]:
    """A charge or a credit of the click before midnight."""
    clicked_at = {"click_id": "k1", "clicked_at": BEFORE_MIDNIGHT, "campaign_id": "c1"}
    return event(type_, id_, time, brand_id="b1", **clicked_at, **MONEY, **rest)


def changed(entity: str, id_: str, time: str, **state: Any) -> dict[str, Any]:
    return event(f"{entity}.changed", id_, time, **state)


def bid(id_: str, time: str, amount: int) -> dict[str, Any]:
    return changed(
        "unit",
        id_,
        time,
        unit_id="u1",
        campaign_id="c1",
        name="晚间",
        status="active",
        placement="feed",
        bid_minor=amount,
        currency="CNY",
        interests=["tea"],
    )


@pytest.fixture(scope="module")
def silver(compute: Compute) -> Query:
    return compute(
        seen("i2", local(f"{MONDAY} 10:00:05")),
        seen("i1", local(f"{MONDAY} 10:00:00")),
        seen("i3", local(f"{MONDAY} 10:00:09"), request="r2"),
        seen("i4", local(f"{MONDAY} 10:00:09"), actor="bob"),
        clicked("k1", BEFORE_MIDNIGHT, actorid="ann", deviceid="d1", unit_id="u1"),
        event(
            "ad.converted",
            "w1",
            AFTER_MIDNIGHT,
            click_id="k1",
            clicked_at=BEFORE_MIDNIGHT,
            campaign_id="c1",
            brand_id="b1",
            goal="order",
            order_id="o1",
        ),
        paid_for("ad.charged", "g1", AFTER_MIDNIGHT, charge_id="g", unit_id="u1"),
        paid_for("ad.charged", "g2", AFTER_MIDNIGHT, charge_id="g", unit_id="u1"),
        paid_for("ad.credited", "m1", local("2026-08-20 10:00:00"), charge_id="g", credit_id="m",
                 reason="repeat", case_id="case-1"),
        bid("s1", local(f"{MONDAY} 09:00:00"), 50),
        bid("s2", local(f"{MONDAY} 23:00:00"), 70),
        bid("s3", local(f"{TUESDAY} 09:00:00"), 90),
        changed("creative", "s4", local(f"{MONDAY} 09:00:00"), creative_id="v1", unit_id="u1",
                note_id="n1", status="active"),
        changed("keyword", "s5", local(f"{MONDAY} 09:00:00"), keyword_id="w1", unit_id="u2",
                keyword="乌龙茶", bid_minor=40, currency="CNY", status="active"),
        changed("campaign", "s6", local(f"{MONDAY} 09:00:00"), campaign_id="c1", account_id="x1",
                brand_id="b1", name="夏天", status="active", daily_budget_minor=900,
                currency="CNY", starts_on=MONDAY),
        changed("ad_account", "s7", local(f"{MONDAY} 09:00:00"), account_id="x1", brand_id="b1",
                balance_minor=5000, currency="CNY"),
    )  # fmt: skip


def test_an_ad_that_is_rendered_again_in_one_answer_was_seen_once(silver: Query) -> None:
    found = silver(
        "SELECT impression_id, position, placement, creative_id FROM silver.ad_impressions "
        "ORDER BY impression_id"
    )
    assert found == [(f"shop:{i}", 3, "feed", "v1") for i in ("i1", "i3", "i4")]


def test_a_click_keeps_what_served_it(silver: Query) -> None:
    found = silver("SELECT unit_id, creative_id, device_id IS NULL FROM silver.ad_clicks")
    assert found == [("u1", None, False)]


def test_a_charge_and_its_credit_count_on_the_day_of_the_click(silver: Query) -> None:
    charges = silver(
        "SELECT charge_id, click_id, CAST(event_date AS VARCHAR), amount_minor "
        "FROM silver.ad_charges"
    )
    credits = silver(
        "SELECT credit_id, charge_id, click_id, CAST(event_date AS VARCHAR), case_id "
        "FROM silver.ad_credits"
    )
    assert charges == [("shop:g", "shop:k1", MONDAY, 120)]
    assert credits == [("shop:m", "shop:g", "shop:k1", MONDAY, "case-1")]


def test_a_conversion_names_its_order(silver: Query) -> None:
    assert silver("SELECT order_id FROM silver.ad_conversions") == [("shop:o1",)]


def test_a_day_keeps_the_state_at_its_end(silver: Query) -> None:
    found = silver(
        "SELECT CAST(event_date AS VARCHAR), bid_minor, interests FROM silver.unit_states "
        "ORDER BY event_date"
    )
    assert found == [(MONDAY, 70, ["tea"]), (TUESDAY, 90, ["tea"])]


@pytest.mark.parametrize(
    ("table", "columns", "row"),
    [
        ("ad_accounts", "account_id, brand_id, balance_minor", ("x1", "b1", 5000)),
        ("campaigns", "campaign_id, account_id, ends_on", ("c1", "x1", None)),
        ("units", "unit_id, campaign_id, bid_minor", ("u1", "c1", 90)),
        ("creatives", "creative_id, unit_id, note_id, product_id", ("v1", "u1", "n1", None)),
        ("keywords", "keyword_id, unit_id, keyword", ("w1", "u2", "乌龙茶")),
    ],
)
def test_the_latest_state_is_what_an_entity_is(
    silver: Query, table: str, columns: str, row: tuple[Any, ...]
) -> None:
    assert silver(f"SELECT {columns} FROM silver.{table}") == [row]
