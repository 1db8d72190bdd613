"""Ads by account, campaign, unit, creative, keyword and placement: each level adds up to silver."""

from typing import Any

import pytest

from tests.events import clicked, event
from tests.warehouse.acts import converted, decided, local
from tests.warehouse.conftest import Compute, Query

MONDAY = "2026-08-03"
LEVELS = ("account", "campaign", "unit", "creative", "keyword", "placement")
FEED = {"placement": "feed", "unit_id": "u1", "creative_id": "v1"}
SEARCH = {"placement": "search", "unit_id": "u2", "creative_id": "v2"}


def at(clock: str) -> str:
    return local(f"{MONDAY} {clock}")


def seen(id_: str, *, actor: str = "ann", ad: dict[str, str] = FEED) -> dict[str, Any]:
    return event(
        "ad.impressed",
        id_,
        at("09:00:00"),
        actorid=actor,
        request_id=id_,
        position=1,
        campaign_id="c1",
        brand_id="b1",
        **ad,
    )


def money(type_: str, id_: str, click: dict[str, Any], amount: int, **rest: Any) -> dict[str, Any]:
    facts = {"click_id": click["id"], "clicked_at": click["time"], "campaign_id": "c1"}
    paid = {"brand_id": "b1", "amount_minor": amount, "currency": "CNY", "charge_id": click["id"]}
    return event(type_, id_, at("20:00:00"), **facts, **paid, **rest)


def campaign(id_: str, clock: str, account: str) -> dict[str, Any]:
    return event(
        "campaign.changed",
        id_,
        local(clock),
        campaign_id="c1",
        account_id=account,
        brand_id="b1",
        name="夏天",
        status="active",
        daily_budget_minor=900,
        currency="CNY",
        starts_on=MONDAY,
    )


FEED_CLICK = clicked("k1", at("10:00:00"), ip="198.51.100.1", **FEED)
SEARCH_CLICK = clicked("k2", at("11:00:00"), ip="198.51.100.2", **SEARCH, keyword_id="w1")
BAD_CLICK = clicked("k3", at("12:00:00"), ip="198.51.100.3", **SEARCH, keyword_id="w2")
BARE_CLICK = clicked("k4", at("13:00:00"), ip="198.51.100.4", campaign="c2")


@pytest.fixture(scope="module")
def ads(compute: Compute) -> Query:
    return compute(
        campaign("s1", "2026-08-01 09:00:00", "x1"),
        campaign("s2", "2026-08-04 09:00:00", "x2"),
        seen("i1"),
        seen("i2", actor="bob"),
        seen("i3", ad=SEARCH),
        FEED_CLICK,
        SEARCH_CLICK,
        BAD_CLICK,
        BARE_CLICK,
        converted("w1", local("2026-08-05 09:00:00"), SEARCH_CLICK),
        converted("w2", local("2026-08-05 09:00:00"), BAD_CLICK),
        money("ad.charged", "g1", FEED_CLICK, 100, unit_id="u1"),
        money("ad.charged", "g2", SEARCH_CLICK, 70, unit_id="u2"),
        money("ad.charged", "g3", BAD_CLICK, 50, unit_id="u2"),
        money("ad.credited", "m3", BAD_CLICK, 50, credit_id="m3", reason="invalid"),
        decided(
            "d1", local("2026-08-09 09:00:00"), "confirmed", BAD_CLICK, days=[MONDAY], kind="sivt"
        ),
    )


def rows(ads: Query, level: str, *columns: str) -> list[tuple[Any, ...]]:
    return ads(
        f"SELECT entity_id, {', '.join(columns)} FROM gold.ad_daily "
        "WHERE level = $level ORDER BY entity_id",
        level=level,
    )


@pytest.mark.parametrize("level", [level for level in LEVELS if level != "keyword"])
def test_every_level_but_the_keywords_holds_all_facts(ads: Query, level: str) -> None:
    found = ads(
        "SELECT sum(impressions), sum(ad_clicks), sum(conversions), sum(cost_minor), "
        "sum(credits_minor) FROM gold.ad_daily WHERE level = $level",
        level=level,
    )
    assert found == [(3, 4, 2, 220, 50)]


def test_an_invalid_click_takes_what_hangs_on_it_along(ads: Query) -> None:
    for level, entity in (("campaign", "c1"), ("creative", "v2"), ("placement", "search")):
        found = ads(
            "SELECT ad_clicks_sivt, conversions_sivt, cost_minor_sivt, credits_minor_sivt "
            "FROM gold.ad_daily WHERE level = $level AND entity_id = $entity",
            level=level,
            entity=entity,
        )
        assert found == [(1, 1, 50, 50)], level


def test_an_account_is_the_one_that_paid_on_the_day(ads: Query) -> None:
    assert rows(ads, "account", "ad_clicks") == [("(unknown)", 1), ("x1", 3)]


def test_what_the_source_does_not_say_is_unknown_within_its_campaign(ads: Query) -> None:
    found = rows(ads, "unit", "campaign_id", "ad_clicks")
    assert found == [("(unknown)", "c2", 1), ("u1", "c1", 1), ("u2", "c1", 2)]


def test_a_keyword_has_clicks_and_cost_and_no_impressions(ads: Query) -> None:
    found = rows(ads, "keyword", "impressions", "ad_clicks", "conversions", "cost_minor")
    assert found == [("w1", None, 1, 1, 70), ("w2", None, 1, 1, 50)]


def test_a_campaigns_row_is_that_of_its_level(ads: Query) -> None:
    found = ads(
        "SELECT campaign_id, impressions, ad_clicks, cost_minor, credits_minor, currency "
        "FROM gold.campaign_daily ORDER BY campaign_id"
    )
    assert found == [("c1", 3, 3, 220, 50, "CNY"), ("c2", 0, 1, 0, 0, None)]
