"""What detectors see of an ad click: how it came about, what it led to, and who else was there."""

from typing import Any

from tests.features.literal_conduct import Rows, at, day, one, rows_of


def click(id_: str, clock: str, **rest: Any) -> dict[str, Any]:
    moment = at(clock)
    return {
        "click_id": id_,
        "event_date": day(int(clock[:2])),
        "occurred_at": moment,
        "actor_id": "ann",
        "device_id": "phone",
        "address": "home",
        "address_block": "10.0.0",
        "campaign_id": "c1",
        "brand_id": "b1",
        "creative_id": "ad1",
        "request_id": "r1",
        "session_id": "s1",
        "placement": "feed",
        **rest,
    }


def conduct(clicks: Rows, first: int = 3, **tables: Rows) -> list[dict[str, Any]]:
    given = {f"{name.replace('__', '.')}": rows for name, rows in tables.items()}
    return rows_of("features.click_conduct", {"silver.ad_clicks": clicks, **given}, first)


def outcomes(clicks: Rows, first: int = 3, **tables: Rows) -> list[dict[str, Any]]:
    given = {f"silver.{name}": rows for name, rows in tables.items()}
    return rows_of("features.ad_click_outcomes", {"silver.ad_clicks": clicks, **given}, first)


def test_a_window_of_an_hour_holds_its_first_second_and_no_more() -> None:
    found = conduct(
        [click("k1", "03 10:00:00"), click("k2", "03 11:00:00"), click("k3", "03 12:00:01")]
    )
    assert [one(found, click_id=f"k{n}")["user_clicks_1h"] for n in (1, 2, 3)] == [1, 2, 1]
    assert [one(found, click_id=f"k{n}")["user_clicks_1d"] for n in (1, 2, 3)] == [1, 2, 3]


def test_velocity_crosses_midnight_and_is_counted_by_whom_and_where() -> None:
    before = click("k0", "02 23:59:00", actor_id="bob")
    (found,) = conduct([before, click("k1", "03 00:01:00")])
    assert (found["user_clicks_1h"], found["device_clicks_1h"], found["address_clicks_1h"]) == (
        (1, 2, 2)
    )
    assert found["campaign_clicks_1h"] == 2


def test_even_gaps_vary_by_nothing_and_two_gaps_say_nothing() -> None:
    even = [click(f"k{n}", f"03 10:0{n}:00") for n in range(4)]
    found = conduct(even)
    assert one(found, click_id="k3")["gap_variation"] == 0
    assert one(found, click_id="k2")["gap_variation"] is None
    assert one(found, click_id="k1")["gap_seconds"] == 60


def test_a_click_is_at_night_by_the_reporting_clock() -> None:
    found = conduct([click("k1", "03 05:59:59"), click("k2", "03 06:00:00")])
    assert [one(found, click_id=k)["is_night"] for k in ("k1", "k2")] == [True, False]


def test_hosted_machines_are_known_by_their_block() -> None:
    hosted = [{"address_block": "198.18.3", "event_date": day(3), "operator": "host"}]
    found = conduct(
        [click("k1", "03 10:00:00", address_block="198.18.3"), click("k2", "03 10:00:00")],
        features__hosted_blocks_daily=hosted,
    )
    assert [one(found, click_id=k)["is_datacentre"] for k in ("k1", "k2")] == [True, False]


def test_networks_of_hosted_machines_end_where_they_end() -> None:
    blocks = ["198.18.0", "198.18.127", "198.18.128", "198.19.63", "2001:db8:1", "10.0.0"]
    seen = [{"address_block": block, "event_date": day(3)} for block in blocks]
    found = rows_of("features.hosted_blocks_daily", {"silver.identity_days": seen}, 3)
    assert sorted(row["address_block"] for row in found) == ["198.18.0", "198.18.127", "198.19.63"]


def test_a_hosted_block_is_known_however_its_groups_are_written_and_where_nobody_signed_in() -> (
    None
):
    blocks = ["2001:DB8:8000", "2001:db8:ffff", "2001:db8:7fff", "2001:db8:f", "10.0.9", "10.0.10"]
    clicks = [click(f"k{n}", "03 10:00:00", address_block=b) for n, b in enumerate(blocks)]
    bounds = ["late,2001:0db8,8000,ffff", "early,2001:0db8,ffff,ffff", "early,10.0,009,009"]
    found = rows_of(
        "features.hosted_blocks_daily",
        {"silver.ad_clicks": [*clicks, click("unknown", "03 10:00:00", address_block=None)]},
        3,
        datacentre_blocks="|".join(bounds),
    )
    assert {row["address_block"]: row["operator"] for row in found} == {
        "2001:DB8:8000": "late",
        "2001:db8:ffff": "early",
        "10.0.9": "early",
    }
    assert len(found) == 3


def test_rates_reach_a_week_ahead_and_four_weeks_back() -> None:
    days = [
        {"kind": "user", "thing": "ann", "event_date": day(n), "impressions": 10, "clicks": n}
        | {"search_clicks": 0, "night_clicks": 0}
        for n in (3, 10, 11)
    ]
    (found,) = conduct([click("k1", "03 10:00:00")], features__ad_days=days)
    assert (found["ads_near"], found["clicks_near"]) == (20, 13)
    assert found["click_rate_near"] == 13 / 30


def test_clicks_are_counted_since_one_led_to_a_cart() -> None:
    clicks = [click(f"k{n}", f"03 10:0{n}:00") for n in range(4)]
    led = [
        {"click_id": f"k{n}", "event_date": day(3), "carts_brand_1d": int(n == 1)}
        | {"orders_brand_1d": 0}
        for n in range(4)
    ]
    found = conduct(clicks, features__ad_click_outcomes=led)
    assert [one(found, click_id=f"k{n}")["clicks_since_cart"] for n in range(4)] == [1, 0, 1, 2]


def test_a_profile_counts_as_it_was_on_the_day() -> None:
    states = [
        {"user_id": "ann", "event_date": day(1), "registered_on": day(1), "has_avatar": False},
        {"user_id": "ann", "event_date": day(4), "registered_on": day(1), "has_avatar": True},
    ]
    (found,) = conduct([click("k1", "03 10:00:00")], silver__user_states=states)
    assert (found["account_age_days"], found["has_avatar"]) == (2, False)


def test_a_click_without_a_rendered_ad_has_no_seconds_since() -> None:
    seen = [
        {"impression_id": "i1", "event_date": day(3), "occurred_at": at("03 09:59:58.500")}
        | {"actor_id": "ann", "request_id": "r1", "creative_id": "ad1", "position": 4}
    ]
    found = outcomes(
        [click("k1", "03 10:00:00"), click("k2", "03 10:00:00", request_id="r2")],
        ad_impressions=seen,
    )
    assert [one(found, click_id=k)["seconds_since_impression"] for k in ("k1", "k2")] == [1.5, None]
    assert one(found, click_id="k1")["position"] == 4


def test_what_follows_a_click_is_told_by_brand_and_time() -> None:
    views = [
        {
            "event_date": day(3),
            "occurred_at": at("03 10:00:30"),
            "actor_id": "ann",
            "brand_id": "b1",
        },
        {
            "event_date": day(3),
            "occurred_at": at("03 10:30:00"),
            "actor_id": "ann",
            "brand_id": "b2",
        },
        {
            "event_date": day(4),
            "occurred_at": at("04 09:59:00"),
            "actor_id": "ann",
            "brand_id": "b1",
        },
        {
            "event_date": day(4),
            "occurred_at": at("04 10:00:01"),
            "actor_id": "ann",
            "brand_id": "b1",
        },
        {
            "event_date": day(3),
            "occurred_at": at("03 10:00:01"),
            "actor_id": "bob",
            "brand_id": "b1",
        },
    ]
    (found,) = outcomes([click("k1", "03 10:00:00")], product_views=views)
    assert (found["views_brand_1d"], found["views_other_1h"], found["seconds_to_view"]) == (
        2,
        1,
        30,
    )


def test_the_dwell_is_that_of_the_ads_own_note() -> None:
    creatives = [{"creative_id": "ad1", "event_date": day(1), "note_id": "n1"}]
    reads = [
        {"event_date": day(3), "occurred_at": at("03 10:00:09"), "actor_id": "ann"}
        | {"request_id": "r1", "note_id": note, "dwell_ms": dwell, "session_id": "s1"}
        for note, dwell in (("n1", 7000), ("n2", 50))
    ]
    (found,) = outcomes([click("k1", "03 10:00:00")], creative_states=creatives, note_reads=reads)
    assert (found["dwell_ms"], found["visit_reads"], found["visit_clicks"]) == (7000, 2, 1)
