"""Clicks, repeats, verdicts and conversions: events in, what the campaign's brand sees out."""

from typing import Any

import pytest

from tests.events import clicked, event
from tests.warehouse.acts import converted, decided, local
from tests.warehouse.conftest import Compute, Query

MONDAY, TUESDAY = "2026-08-03", "2026-08-04"
DECISION_TIME = local("2026-08-20 10:00:00")


def click(id_: str, clock: str, *, campaign: str, **rest: Any) -> dict[str, Any]:
    return clicked(id_, local(f"2026-08-{clock}"), campaign=campaign, **rest)


JUDGED = [click(f"j{n}", f"03 12:0{n}:00", campaign="judged") for n in range(6)]
PERSONAL = click("solo", "03 12:00:00", campaign="solo")
OVER_MIDNIGHT = click("w2", "04 00:01:00", campaign="won")


@pytest.fixture(scope="module")
def ads(compute: Compute) -> Query:
    return compute(
        click("g1", "03 10:00:00", campaign="gaps"),
        click("g2", "03 10:10:00", campaign="gaps"),
        click("g3", "03 10:20:01", campaign="gaps"),
        click("n1", "03 23:55:00", campaign="night"),
        click("n2", "04 00:05:00", campaign="night"),
        click("t2", "03 10:00:00", campaign="ties"),
        click("t1", "03 10:00:00", campaign="ties"),
        click("t3", "03 10:00:00", campaign="ties"),
        click("a1", "03 10:00:00", campaign="actors"),
        click("a2", "03 10:01:00", campaign="actors", ip="198.51.100.1"),
        click("a3", "03 10:02:00", campaign="actors", device_model="m2"),
        click("a4", "03 10:03:00", campaign="actors", os="o2"),
        click("a5", "03 10:04:00", campaign="other"),
        *JUDGED,
        PERSONAL,
        click("w1", "03 23:59:00", campaign="won"),
        OVER_MIDNIGHT,
        converted("i-solo", local("2026-08-09 09:00:00"), PERSONAL),
        converted("i-won", local("2026-08-06 09:00:00"), OVER_MIDNIGHT),
        *(converted(f"i-{c['id']}", local("2026-08-05 09:00:00"), c) for c in JUDGED),
        decided("d1", DECISION_TIME, "confirmed", JUDGED[1], days=[MONDAY], case="c-1"),
        decided("d2", DECISION_TIME, "dismissed", JUDGED[2], days=[MONDAY], case="c-2"),
        decided("d3", DECISION_TIME, "dismissed", JUDGED[3], days=[MONDAY], case="c-3"),
        decided(
            "d4",
            local("2026-08-21 10:00:00"),
            "confirmed",
            JUDGED[3],
            days=[MONDAY],
            case="c-3",
            version=2,
        ),
        decided("d5", DECISION_TIME, "confirmed", PERSONAL, days=[MONDAY], case="c-4", kind="sivt"),
    )


def flagged(ads: Query, campaign: str) -> list[str]:
    found = ads(
        "SELECT click_id FROM risk.click_verdicts "
        "WHERE campaign_id = $c AND detector IS NOT NULL ORDER BY click_id",
        c=campaign,
    )
    return [click_id for (click_id,) in found]


def test_600_seconds_after_the_click_before_is_a_repeat_and_601_is_not(ads: Query) -> None:
    assert flagged(ads, "gaps") == ["shop:g2"]


def test_a_repeat_across_local_midnight_is_flagged_on_its_own_day(ads: Query) -> None:
    found = ads(
        "SELECT click_id, CAST(event_date AS VARCHAR), state, kind, detector, detector_version "
        "FROM risk.click_verdicts WHERE campaign_id = 'night'"
    )
    assert found == [("shop:n2", TUESDAY, "pending", "givt", "impossible_repeat", 1)]


def test_clicks_at_one_instant_are_ordered_by_id(ads: Query) -> None:
    assert flagged(ads, "ties") == ["shop:t2", "shop:t3"]
    before = ads(
        "SELECT click_id, previous_click_id, clicks_before FROM features.click_velocity "
        "WHERE campaign_id = 'ties' ORDER BY click_id"
    )
    assert before == [("shop:t1", None, 0), ("shop:t2", "shop:t1", 1), ("shop:t3", "shop:t2", 2)]


@pytest.mark.parametrize("campaign", ["actors", "other"])
def test_another_address_model_system_or_campaign_is_another_actor(
    ads: Query, campaign: str
) -> None:
    assert flagged(ads, campaign) == []


def test_repeats_of_one_actor_on_one_campaign_share_a_case_key(ads: Query) -> None:
    keys = ads("SELECT DISTINCT case_key FROM risk.click_verdicts WHERE campaign_id = 'judged'")
    assert len(keys) == 1


def test_a_repeat_is_pending_until_the_latest_decision_on_it(ads: Query) -> None:
    states = ads(
        "SELECT click_id, state, case_id FROM risk.click_verdicts "
        "WHERE campaign_id = 'judged' ORDER BY click_id"
    )
    assert states == [
        ("shop:j1", "effective", "c-1"),
        ("shop:j2", "dismissed", "c-2"),
        ("shop:j3", "effective", "c-3"),
        ("shop:j4", "pending", None),
        ("shop:j5", "pending", None),
    ]


def test_a_person_may_decide_on_what_no_rule_flags(ads: Query) -> None:
    found = ads(
        "SELECT detector, case_key, kind, state "
        "FROM risk.click_verdicts WHERE click_id = 'shop:solo'"
    )
    assert found == [(None, None, "sivt", "effective")]


def test_a_conversion_counts_on_the_day_of_its_click(ads: Query) -> None:
    found = ads(
        "SELECT conversion_id, CAST(event_date AS VARCHAR), goal FROM silver.ad_conversions "
        "WHERE campaign_id = 'won'"
    )
    assert found == [("shop:i-won", TUESDAY, "install")]


def daily(ads: Query, campaign: str) -> list[tuple[Any, ...]]:
    return ads(
        "SELECT CAST(event_date AS VARCHAR), "
        "ad_clicks, ad_clicks_givt, ad_clicks_sivt, ad_clicks_pending, "
        "conversions, conversions_givt, conversions_sivt, conversions_pending "
        "FROM gold.campaign_daily WHERE campaign_id = $c ORDER BY 1",
        c=campaign,
    )


def test_a_campaign_counts_gross_invalid_and_pending_and_takes_conversions_along(
    ads: Query,
) -> None:
    assert daily(ads, "judged") == [(MONDAY, 6, 2, 0, 2, 6, 2, 0, 2)]


def test_what_a_person_finds_sophisticated_is_counted_as_such(ads: Query) -> None:
    assert daily(ads, "solo") == [(MONDAY, 1, 0, 1, 0, 1, 0, 1, 0)]


def test_a_pending_click_takes_its_conversion_along_across_midnight(ads: Query) -> None:
    assert daily(ads, "won") == [
        (MONDAY, 1, 0, 0, 0, 0, 0, 0, 0),
        (TUESDAY, 1, 0, 0, 1, 1, 0, 0, 1),
    ]


def test_clicks_of_unknown_clients_are_nobodys_repeats(compute: Compute) -> None:
    unknown = [
        event(
            "ad.clicked",
            f"u{n}",
            local(f"2026-08-03 10:00:0{n}"),
            campaign_id="c1",
            brand_id="b1",
            placement="feed",
        )
        for n in range(2)
    ]
    assert compute(*unknown)("SELECT * FROM risk.click_verdicts") == []


def test_two_sources_may_use_one_id(compute: Compute) -> None:
    ours, theirs = (
        click("same", "03 10:00:00", campaign="c1"),
        converted("won", local("2026-08-03 11:00:00"), click("same", "03 10:00:00", campaign="c1")),
    )
    other = {**click("same", "03 10:00:05", campaign="c1"), "source": "partner"}
    found = compute(ours, theirs, other)(
        "SELECT click_id, conversion_id FROM silver.ad_clicks "
        "LEFT JOIN silver.ad_conversions USING (click_id) ORDER BY click_id"
    )
    assert found == [("partner:same", None), ("shop:same", "shop:won")]
