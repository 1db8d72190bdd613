from datetime import date
from typing import Any

import polars as pl

from dashboards.brand.restatement import Restatement, ads_restated, shop_restated
from dashboards.brand.verdicts import Verdicts
from tests.dashboards.literal_rows import frame

MONDAY, TUESDAY, WEDNESDAY = date(2026, 8, 24), date(2026, 8, 25), date(2026, 8, 26)


def ads(*rows: dict[str, Any]) -> pl.DataFrame:
    return frame("gold.campaign_daily", list(rows))


def clicks(day: date, gross: int, *, campaign: str = "c1", **parts: int) -> dict[str, Any]:
    verdicts = {f"ad_clicks_{part}": count for part, count in parts.items()}
    return {"event_date": day, "campaign_id": campaign, "ad_clicks": gross, **verdicts}


def test_equal_releases_restate_nothing() -> None:
    rows = ads(clicks(MONDAY, 100, pending=5))
    assert ads_restated(rows, rows, WEDNESDAY) == []


def test_a_confirmed_case_lowers_net_keeps_gross_and_is_a_review_decision() -> None:
    old = ads(clicks(MONDAY, 100, pending=5), clicks(TUESDAY, 80, pending=2))
    new = ads(clicks(MONDAY, 100, givt=5), clicks(TUESDAY, 80, givt=2))
    assert ads_restated(old, new, WEDNESDAY) == [
        Restatement(
            "ad_clicks",
            "review_decision",
            MONDAY,
            TUESDAY,
            Verdicts(gross=180, pending=7),
            Verdicts(gross=180, givt=7),
        )
    ]


def test_a_dismissed_case_is_a_review_decision_that_moves_pending_only() -> None:
    [found] = ads_restated(ads(clicks(MONDAY, 100, pending=5)), ads(clicks(MONDAY, 100)), WEDNESDAY)
    assert found.cause == "review_decision"
    assert (found.old.net, found.new.net) == (100, 100)


def test_clicks_that_a_detector_flagged_since_are_not_called_a_decision() -> None:
    [found] = ads_restated(ads(clicks(MONDAY, 100)), ads(clicks(MONDAY, 100, pending=5)), WEDNESDAY)
    assert found.cause == "flagged"


def test_a_changed_gross_is_late_data_told_apart_from_decisions_on_other_days() -> None:
    old = ads(clicks(MONDAY, 100), clicks(TUESDAY, 80, pending=2))
    new = ads(clicks(MONDAY, 103, pending=1), clicks(TUESDAY, 80, givt=2))
    causes = {found.cause: found for found in ads_restated(old, new, WEDNESDAY)}
    assert causes.keys() == {"review_decision", "late_data"}
    assert causes["late_data"].old == Verdicts(gross=100)
    assert causes["late_data"].new == Verdicts(gross=103, pending=1)
    assert causes["late_data"].first == causes["late_data"].last == MONDAY


def test_a_campaign_that_appeared_late_on_an_old_day_is_late_data() -> None:
    old = ads(clicks(MONDAY, 100))
    new = ads(clicks(MONDAY, 100), clicks(MONDAY, 7, campaign="c2"))
    [found] = ads_restated(old, new, WEDNESDAY)
    assert (found.cause, found.old.gross, found.new.gross) == ("late_data", 0, 7)


def test_days_that_the_older_release_did_not_have_in_full_are_growth_not_restatement() -> None:
    old = ads(clicks(MONDAY, 100), clicks(TUESDAY, 40))
    new = ads(clicks(MONDAY, 100), clicks(TUESDAY, 80), clicks(WEDNESDAY, 90))
    assert ads_restated(old, new, through=MONDAY) == []


def test_a_shop_day_restates_by_late_data_only() -> None:
    old = frame("gold.brand_daily", [{"event_date": MONDAY, "orders": 4, "gmv_minor": 900}])
    new = frame("gold.brand_daily", [{"event_date": MONDAY, "orders": 5, "gmv_minor": 1_100}])
    found = shop_restated(old, new, MONDAY)
    assert [(one.metric, one.cause, one.old.gross, one.new.gross) for one in found] == [
        ("orders", "late_data", 4, 5),
        ("gmv_minor", "late_data", 900, 1_100),
    ]
