"""Users sign up, use devices, are suspended and reinstated, and become creators."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from platform_core import engagement, users
from platform_core.outbox import Origin
from platform_core.tables.users import creators, device_links
from platform_core.work import Work, begin
from tests.platform_core.told import told

NOW = datetime(2026, 1, 5, 23, tzinfo=UTC)
STAFF = Origin("account_1")


def signed_up(engine: sa.Engine, **facts: Any) -> str:
    with begin(engine, now=NOW) as work:
        return users.sign_up(work, by=Origin(**facts))


def devices(engine: sa.Engine) -> list[tuple[str, str, str]]:
    with engine.connect() as connection:
        rows = connection.execute(sa.select(*device_links.c["device_id", "model", "os"]))
        return [(row.device_id, row.model, row.os) for row in rows]


def test_who_signs_up_is_an_active_user_from_the_utc_day_on(engine: sa.Engine) -> None:
    with begin(engine, now=NOW) as work:
        user_id = users.sign_up(
            work, city="成都", city_tier=2, gender="female", interests=["露营", "护肤"], by=Origin()
        )
    found = users.user(engine, user_id)
    assert (found.status, found.registered_on.isoformat()) == ("active", "2026-01-05")
    assert (found.city, found.gender, found.interests) == ("成都", "female", ("露营", "护肤"))
    [event] = told(engine)
    assert (event["type"], event["actorid"]) == ("user.changed", user_id)
    assert event["data"]["interests"] == ["露营", "护肤"]


def test_signing_up_on_a_device_links_it(engine: sa.Engine) -> None:
    user_id = signed_up(engine, device_id="device_1")
    assert devices(engine) == [("device_1", "unknown", "unknown")]
    [_, event] = told(engine)
    assert event["type"] == "device.linked"
    assert event["data"]["user_id"] == user_id


def test_a_fact_outside_the_contract_is_refused_before_anything_is_written(
    engine: sa.Engine,
) -> None:
    with pytest.raises(ValueError, match="city_tier"), begin(engine, now=NOW) as work:
        users.sign_up(work, city_tier=0, by=Origin())
    assert told(engine) == []


def test_a_device_is_linked_once_and_can_be_several_peoples(engine: sa.Engine) -> None:
    first, second = signed_up(engine), signed_up(engine)
    tablet = users.Device("device_1", "MatePad 11", "HarmonyOS 4")
    for user_id in (first, second, first):
        with begin(engine, now=NOW) as work:
            users.link_device(work, user_id, tablet, by=Origin(user_id))
    assert devices(engine) == [("device_1", "MatePad 11", "HarmonyOS 4")] * 2
    assert [event["type"] for event in told(engine)[2:]] == ["device.linked"] * 2


def test_an_unlinked_device_is_gone_and_told_of_once(engine: sa.Engine) -> None:
    user_id = signed_up(engine, device_id="device_1")
    for _ in range(2):
        with begin(engine, now=NOW) as work:
            users.unlink_device(work, user_id, "device_1", by=Origin(user_id))
    assert devices(engine) == []
    assert [event["type"] for event in told(engine)[2:]] == ["device.unlinked"]


def test_a_suspended_user_does_nothing_until_reinstated(engine: sa.Engine) -> None:
    user_id = signed_up(engine)
    with begin(engine, now=NOW) as work:
        users.suspend(work, user_id, reason="fake_reviews", by=STAFF)
        users.suspend(work, user_id, reason="fake_reviews", by=STAFF)
    assert users.user(engine, user_id).status_reason == "fake_reviews"
    with pytest.raises(users.UserSuspended, match=user_id), begin(engine, now=NOW) as work:
        users.become_creator(work, user_id, by=Origin(user_id))
    with begin(engine, now=NOW) as work:
        users.reinstate(work, user_id, by=STAFF)
        users.become_creator(work, user_id, by=Origin(user_id))
    states = [event["data"].get("status_reason") for event in told(engine)[:3]]
    assert states == [None, "fake_reviews", None]


@pytest.mark.parametrize("verb", [users.reinstate, users.become_creator])
def test_an_unknown_user_is_refused(engine: sa.Engine, verb: Any) -> None:
    with pytest.raises(users.UserUnknown, match="user_0"), begin(engine, now=NOW) as work:
        verb(work, "user_0", by=STAFF)


def test_a_creator_is_told_of_once(engine: sa.Engine) -> None:
    user_id = signed_up(engine)
    for _ in range(2):
        with begin(engine, now=NOW) as work:
            users.become_creator(work, user_id, by=Origin(user_id))
    [_, event] = told(engine)
    assert event["data"] == {"creator_id": user_id, "tier": "nano", "followers": 0}


@pytest.mark.parametrize(
    ("followers", "tier"),
    [(0, "nano"), (9_999, "nano"), (10_000, "micro"), (50_000, "mid"), (500_000, "macro")],
)
def test_a_tier_goes_by_followers(followers: int, tier: str) -> None:
    assert users.tier(followers) == tier


def test_the_follow_that_crosses_a_border_changes_the_tier_and_back(engine: sa.Engine) -> None:
    creator_id, fan = signed_up(engine), signed_up(engine)
    with begin(engine, now=NOW) as work:
        users.become_creator(work, creator_id, by=Origin(creator_id))
        almost(work, creator_id)
    with begin(engine, now=NOW) as work:
        engagement.follow(work, creator_id, by=Origin(fan))
    with begin(engine, now=NOW) as work:
        engagement.unfollow(work, creator_id, by=Origin(fan))
    assert [(e["type"], e["data"].get("tier")) for e in told(engine)[3:]] == [
        ("creator.followed", None),
        ("creator.changed", "micro"),
        ("creator.unfollowed", None),
        ("creator.changed", "nano"),
    ]


def almost(work: Work, creator_id: str) -> None:
    """One follower short of the next tier."""
    one = creators.c.creator_id == creator_id
    work.connection.execute(sa.update(creators).where(one).values(followers=9_999))
