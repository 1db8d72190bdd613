"""What advertisers set up, and what they change of it."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from platform_core import ads
from platform_core.brands import BrandNotReady, BrandUnknown, apply
from platform_core.outbox import NOBODY
from platform_core.work import Work, begin
from tests.platform_core.press import NOW, STARTED_ON, Press
from tests.platform_core.told import told


@pytest.fixture
def press(engine: sa.Engine) -> Press:
    return Press(engine)


@pytest.fixture
def brand_id(press: Press) -> str:
    return press.brand("青屿记")


def test_an_account_is_opened_once_by_a_brand_that_is_verified(press: Press, brand_id: str) -> None:
    with begin(press.engine, now=NOW) as work:
        opened = {ads.open_account(work, brand_id, by=NOBODY) for _ in range(2)}
        assert len(opened) == 1
        with pytest.raises(BrandUnknown):
            ads.open_account(work, "brand_0", by=NOBODY)
        applied = apply(work, name="新来的", category="美妆", by=NOBODY)
        with pytest.raises(BrandNotReady):
            ads.open_account(work, applied, by=NOBODY)
        with pytest.raises(ValueError, match="at least 1"):
            ads.top_up(work, opened.pop(), 0, by=NOBODY)
    assert len(press.told("ad_account.changed")) == 1


def test_an_account_holds_what_was_paid_in(press: Press, brand_id: str) -> None:
    with begin(press.engine, now=NOW) as work:
        account_id = ads.open_account(work, brand_id, by=NOBODY)
        assert ads.top_up(work, account_id, 300, by=NOBODY) == 300
        assert ads.top_up(work, account_id, 200, by=NOBODY) == 500
    assert press.balance(brand_id) == 500
    states = [event["data"]["balance_minor"] for event in press.told("ad_account.changed")]
    assert states == [0, 300, 500]


def test_every_change_of_what_is_set_up_is_told_in_full_and_once(
    press: Press, brand_id: str
) -> None:
    campaign_id = press.campaign(brand_id)
    unit_id = press.unit(campaign_id, bid_minor=50, keywords={"粉底液": 70})
    with begin(press.engine, now=NOW) as work:
        for _ in range(2):
            ads.set_status(work, "campaign", campaign_id, "paused", by=NOBODY)
            ads.set_bid(work, "unit", unit_id, 60, by=NOBODY)
    last = press.told("campaign.changed")[-1]["data"]
    assert (last["status"], last["starts_on"]) == ("paused", STARTED_ON.isoformat())
    assert [e["data"]["bid_minor"] for e in press.told("unit.changed")] == [50, 60]
    assert len(press.told("campaign.changed")) == 2


def test_what_has_ended_stays_ended(press: Press, brand_id: str) -> None:
    campaign_id = press.campaign(brand_id)
    with begin(press.engine, now=NOW) as work:
        for _ in range(2):
            ads.set_status(work, "campaign", campaign_id, "ended", by=NOBODY)
        with pytest.raises(ads.HasEnded):
            ads.set_status(work, "campaign", campaign_id, "active", by=NOBODY)
        with pytest.raises(ads.HasEnded):
            ads.set_daily_budget(work, campaign_id, 5, by=NOBODY)


def test_what_makes_no_sense_is_refused_and_changes_nothing(press: Press, brand_id: str) -> None:
    campaign_id = press.campaign(brand_id)
    feed_unit = press.unit(campaign_id, bid_minor=50)
    search_unit = press.unit(campaign_id, bid_minor=50, keywords={"粉底液": 70})
    before = len(told(press.engine))
    refused: list[tuple[type[Exception], Callable[[Work], object]]] = [
        (ads.AdAccountUnknown, lambda w: ads.top_up(w, "ad_account_0", 5, by=NOBODY)),
        (ads.NotSetUp, lambda w: ads.set_bid(w, "keyword", "keyword_0", 5, by=NOBODY)),
        (ads.UnitUnknown, lambda w: ads.create_creative(w, "unit_0", "note_0", by=NOBODY)),
        (ads.NoteNotPublished, lambda w: ads.create_creative(w, feed_unit, "note_0", by=NOBODY)),
        (ads.NotASearchUnit, lambda w: keyword(w, feed_unit, "口红")),
        (ads.KeywordTaken, lambda w: keyword(w, search_unit, " 粉底液！")),
        (ads.UnitUnknown, lambda w: keyword(w, "unit_0", "口红")),
        (ValueError, lambda w: keyword(w, search_unit, "！！")),
        (ValueError, lambda w: keyword(w, search_unit, "口红", bid_minor=-1)),
        (ValueError, lambda w: ads.set_bid(w, "unit", feed_unit, -5, by=NOBODY)),
        (ValueError, lambda w: ads.set_daily_budget(w, campaign_id, -5, by=NOBODY)),
    ]
    for kind, call in refused:
        with begin(press.engine, now=NOW) as work, pytest.raises(kind):
            call(work)
    assert len(told(press.engine)) == before


def keyword(work: Work, unit_id: str, word: str, bid_minor: int = 50) -> str:
    return ads.create_keyword(work, unit_id, word, bid_minor=bid_minor, by=NOBODY)
