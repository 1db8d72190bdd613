"""What detectors see of a person's day: engagement, follows, company."""

from typing import Any

import pytest

from tests.features.literal_conduct import Rows, at, day, one, rows_of


def conduct(first: int = 10, last: int | None = None, **features: Rows) -> list[dict[str, Any]]:
    given = {f"{name.replace('__', '.')}": rows for name, rows in features.items()}
    return rows_of("features.user_conduct_daily", given, first, last)


def active(*days: int, who: str = "ann", **rest: Any) -> list[dict[str, Any]]:
    nothing = dict.fromkeys(
        ("acts", "acts_00_03", "acts_03_06", "orders", "reads", "product_views", "searches"), 0
    )
    return [{"user_id": who, "event_date": day(n), **nothing, "acts": 1, **rest} for n in days]


def engaged(note: str, n: int, *, who: str = "ann", **rest: Any) -> dict[str, Any]:
    said = {"creator_id": "cook", "brand_id": None, "note_age_days": 5, "reads": 1, "comments": 0}
    return {"user_id": who, "note_id": note, "event_date": day(n), "dwell_ms": 20_000} | (
        {"engagements": 1} | said | rest
    )


def test_shares_are_shrunk_and_of_seven_days() -> None:
    notes = [engaged(f"n{n}", n) for n in (3, 4, 10)] + [engaged("x", 10, engagements=0)]
    (found,) = conduct(
        features__user_activity_daily=active(3, 4, 10), features__note_acts_daily=notes
    )
    assert (found["engaged_notes_near"], found["reads_near"]) == (2, 3)
    assert found["engaged_share_near"] == 2 / 5
    assert found["engaged_share_before"] == 1 / 3


def test_haste_and_freshness_are_of_engaged_notes_only() -> None:
    notes = [
        engaged("n1", 10, dwell_ms=9_999, note_age_days=1),
        engaged("n2", 10, dwell_ms=10_000, note_age_days=2, engagements=3, comments=1),
        engaged("n3", 10, dwell_ms=1, engagements=0),
    ]
    (found,) = conduct(features__user_activity_daily=active(10), features__note_acts_daily=notes)
    assert (found["hasty_share_near"], found["fresh_share_near"]) == (0.5, 0.5)
    assert (found["engagements_per_note_near"], found["comment_share_near"]) == (2, 0.5)


def test_a_turn_to_one_brand_shows_beside_the_weeks_before() -> None:
    notes = [engaged(f"n{n}", n, brand_id="quiet" if n < 20 else "pushed") for n in (1, 2, 20, 21)]
    (found,) = conduct(
        21, features__user_activity_daily=active(1, 2, 20, 21), features__note_acts_daily=notes
    )
    assert (found["top_brand_id"], found["top_brand_notes_near"]) == ("pushed", 2)
    assert (found["top_brand_share_near"], found["top_brand_share_before"]) == (0.5, 0.0)


def test_creators_are_mutual_if_each_engaged_within_four_weeks() -> None:
    notes = [
        engaged("n1", 10, creator_id="bob"),
        engaged("n2", 9, who="bob", creator_id="ann"),
        engaged("n3", 10, creator_id="cat"),
        engaged("n4", 10, creator_id="ann"),
    ]
    (found,) = conduct(features__user_activity_daily=active(10), features__note_acts_daily=notes)
    assert (found["mutual_creators"], found["mutual_notes_1d"]) == (1, 1)
    assert found["mutual_share"] == pytest.approx(1 / 5)


@pytest.mark.parametrize(("answered_on", "creators"), [(17, 1), (18, 0)])
def test_who_engages_back_within_a_week_is_mutual(answered_on: int, creators: int) -> None:
    notes = [
        engaged("n1", 10, creator_id="bob"),
        engaged("n2", answered_on, who="bob", creator_id="ann"),
    ]
    (found,) = conduct(features__user_activity_daily=active(10), features__note_acts_daily=notes)
    assert found["mutual_creators"] == creators


def circle(*, answered_on: int = 9) -> list[dict[str, Any]]:
    return [
        engaged("n1", 10, creator_id="bob"),
        engaged("n2", 4, creator_id="cat"),
        engaged("n3", 10, creator_id="dan"),
        engaged("n4", 10, who="cat", creator_id="bob"),
        engaged("n5", answered_on, who="bob", creator_id="cat"),
        engaged("n6", 10, who="cat", creator_id="dan"),
    ]


def test_creators_who_engage_with_each_other_are_a_circle_of_whoever_engages_with_both() -> None:
    (found,) = conduct(
        features__user_activity_daily=active(4, 10), features__note_acts_daily=circle()
    )
    assert (found["circle_creators"], found["circle_notes_1d"]) == (2, 1)
    assert found["circle_share"] == pytest.approx(2 / 5)
    assert found["mutual_creators"] == 0


@pytest.mark.parametrize(("answered_on", "creators"), [(17, 2), (18, 0)])
def test_a_circle_is_of_four_weeks_before_and_one_after(answered_on: int, creators: int) -> None:
    notes = circle(answered_on=answered_on)
    (found,) = conduct(features__user_activity_daily=active(10), features__note_acts_daily=notes)
    assert found["circle_creators"] == creators


def test_near_days_are_six_before_and_seven_after() -> None:
    days = (3, 4, 10, 17, 18)
    (found,) = conduct(features__user_activity_daily=active(*days))
    assert found["active_days_near"] == 3


def test_a_crowd_of_new_followers_shows_on_each_who_follows() -> None:
    follows = [
        {"actor_id": who, "creator_id": "cook", "event_date": day(10), "net": 1}
        for who in ("ann", "bob", "cat")
    ]
    states = [
        {"user_id": who, "event_date": day(1), "registered_on": day(1)} for who in ("ann", "bob")
    ]
    (found,) = conduct(
        features__user_activity_daily=active(10),
        silver__follows=follows,
        silver__user_states=states,
    )
    assert (found["follows_near"], found["followed_by_1d"]) == (1, 3)
    assert found["followed_new_share"] == 2 / 5


def test_a_note_counts_for_the_brand_that_it_was_published_with() -> None:
    found = rows_of(
        "features.note_acts_daily",
        {
            "silver.note_states": [
                {"note_id": "n1", "event_date": day(8), "creator_id": "cook", "was_published": True}
                | {"brand_ids": ["b1", "b2"]},
                {"note_id": "n1", "event_date": day(9), "creator_id": "cook", "was_published": True}
                | {"brand_ids": ["b3"]},
            ],
            "silver.note_reads": [
                {"actor_id": "ann", "note_id": "n1", "event_date": day(10), "dwell_ms": 5}
            ],
            "silver.engagements": [
                {
                    "actor_id": "ann",
                    "note_id": "n1",
                    "event_date": day(10),
                    "kind": kind,
                    "net": net,
                }
                | {"comment_id": id_}
                for kind, net, id_ in (
                    ("like", 1, ""),
                    ("comment", 1, "x"),
                    ("comment", 1, "y"),
                    ("hide", 1, ""),
                    ("collect", -1, ""),
                )
            ],
        },
        10,
    )
    (row,) = found
    assert (row["brand_id"], row["note_age_days"]) == ("b1", 2)
    assert (row["engagements"], row["comments"], row["reads"]) == (2, 1, 1)


def test_a_device_is_new_again_after_four_weeks() -> None:
    seen = [
        {"actor_id": "ann", "device_id": device, "address": "home", "event_date": day(n), "acts": 1}
        for device, n in (("old", 1), ("old", 29), ("other", 30))
    ]
    found = rows_of("features.identity_conduct_daily", {"silver.identity_days": seen}, 29, 30)
    assert [one(found, event_date=day(n))["new_devices_7d"] for n in (29, 30)] == [0, 1]
    (again,) = rows_of(
        "features.identity_conduct_daily",
        {"silver.identity_days": [*seen[:1], {**seen[0], "event_date": day(30)}]},
        30,
    )
    assert again["new_devices_7d"] == 1


def test_people_on_the_days_devices_and_addresses_are_counted() -> None:
    seen = [
        {"actor_id": who, "device_id": device, "address": address, "event_date": day(3), "acts": 1}
        for who, device, address in (
            ("ann", "phone", "home"),
            ("ann", "tablet", "cafe"),
            ("bob", "tablet", "cafe"),
            ("cat", "own", "cafe"),
        )
    ]
    found = one(
        rows_of("features.identity_conduct_daily", {"silver.identity_days": seen}, 3), user_id="ann"
    )
    assert (found["device_users_1d"], found["address_users_1d"], found["address_users_least"]) == (
        2,
        3,
        1,
    )


def test_pairs_are_made_of_what_few_did_in_the_same_span() -> None:
    clicks = [
        {
            "actor_id": who,
            "campaign_id": "c1",
            "event_date": day(3),
            "occurred_at": at(f"03 {clock}"),
        }
        for who, clock in (("ann", "08:00:00"), ("bob", "10:59:59"), ("cat", "11:00:00"))
    ]
    acts = rows_of("features.target_acts", {"silver.ad_clicks": clicks}, 3)
    assert {row["user_id"]: row["actors"] for row in acts} == {"ann": 2, "bob": 2, "cat": 1}
    pair = one(
        rows_of("features.co_actions_daily", {"features.target_acts": acts}, 3), user_a="ann"
    )
    assert (pair["user_b"], pair["targets"]) == ("bob", 1)
    assert pair["evidence"] == ["c1@0"]


def test_on_what_everybody_does_nobody_meets() -> None:
    crowd = [
        {"user_id": f"u{n:02}", "act": "engage", "target_id": "hit", "span": 0, "actors": 61}
        | {"event_date": day(3)}
        for n in range(61)
    ]
    assert rows_of("features.co_actions_daily", {"features.target_acts": crowd}, 3) == []
