"""Auctions: who wins, what a click will cost, and that budgets last the day."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
import sqlalchemy as sa

from platform_core import ads, brands, notes
from platform_core.ads import AuctionBook
from platform_core.ads.auction import RESERVE_MINOR, rank
from platform_core.outbox import NOBODY, Origin
from platform_core.tables.ads import ad_charges
from platform_core.tables.brands import brands as brand_table
from platform_core.work import begin
from tests.platform_core.press import NOW, TIMEZONE, Press


@pytest.fixture
def press(engine: sa.Engine) -> Press:
    return Press(engine)


def ranked(
    bids: Sequence[float], rates: Sequence[float], advertisers: Sequence[int], ranks: int = 2
) -> list[tuple[int, int]]:
    """Offer and price of each rank of one auction."""
    ranking = rank(
        np.array([bids], dtype=float),
        np.array([rates], dtype=float),
        np.array(advertisers),
        ranks,
        np.random.default_rng(1),
    )
    return list(zip(ranking.offer[0].tolist(), ranking.price_minor[0].tolist(), strict=True))


@pytest.mark.parametrize(
    ("bids", "rates", "expected"),
    [
        ((100, 60, 40), (0.02, 0.02, 0.02), [(0, 61), (1, 41)]),
        ((100, 60, 40), (0.01, 0.04, 0.01), [(1, 26), (0, 41)]),  # better ads pay less
        ((100, 90), (0.01, 0.02), [(1, 51), (0, RESERVE_MINOR)]),
        ((80, 80), (0.02, 0.02), [(None, 80), (None, RESERVE_MINOR)]),  # never above the bid
        ((100, 0), (0.02, 0.02), [(0, RESERVE_MINOR), (-1, None)]),
        ((RESERVE_MINOR, RESERVE_MINOR - 1), (0.02, 0.9), [(0, RESERVE_MINOR), (-1, None)]),
    ],
)
def test_each_pays_the_least_that_keeps_its_rank(
    bids: Sequence[float], rates: Sequence[float], expected: list[tuple[int | None, int | None]]
) -> None:
    for got, (offer, price) in zip(ranked(bids, rates, range(len(bids))), expected, strict=True):
        assert offer is None or got[0] == offer
        assert price is None or got[1] == price


def test_an_advertiser_has_one_ad_and_does_not_outbid_itself() -> None:
    assert ranked((100, 95, 40), (0.02, 0.02, 0.02), (0, 0, 1)) == [(0, 41), (2, RESERVE_MINOR)]


def slot(position: int = 4, **changes: Any) -> dict[str, Any]:
    row = {
        "request_id": "request_1",
        "position": position,
        "user_id": "user_1",
        "placement": "feed",
        "topics": [],
        "query": None,
    }
    return row | changes


def auction(
    press: Press, *slots: dict[str, Any], now: datetime = NOW, book: AuctionBook | None = None
) -> pl.DataFrame:
    book = book or AuctionBook.load(press.engine, now=now, timezone=TIMEZONE)
    overrides = {"topics": pl.List(pl.String), "query": pl.String}
    return book.auction(pl.DataFrame(slots, schema_overrides=overrides), np.random.default_rng(3))


def test_the_first_slot_goes_to_the_best_ad_at_the_second_price(press: Press) -> None:
    note_id = press.note()
    campaigns = {press.campaign(press.brand(name)): name for name in ("甲", "乙", "丙")}
    for campaign_id, bid in zip(campaigns, (120, 90, 50), strict=True):
        press.unit(campaign_id, bid_minor=bid, note_id=note_id)
    won = auction(press, slot(10), slot(4))
    named = [
        (p, campaigns[c], m) for p, c, m in won["position", "campaign_id", "price_minor"].rows()
    ]
    assert named == [(4, "甲", 91), (10, "乙", 51)]
    assert won["score"].to_list() == pytest.approx([120 * 0.02, 90 * 0.02])


def test_a_well_received_note_wins_against_a_higher_bid_and_pays_less(press: Press) -> None:
    loved, plain = press.note(), press.note()
    press.act("collect", loved, *(press.person() for _ in range(20)))
    cheap = press.unit(press.campaign(press.brand("甲")), bid_minor=80, note_id=loved)
    press.unit(press.campaign(press.brand("乙")), bid_minor=100, note_id=plain)
    won = auction(press, slot())
    assert won["unit_id"].to_list() == [cheap]
    assert won["price_minor"][0] < 80


def test_ads_for_an_interest_are_shown_to_those_who_have_it(press: Press) -> None:
    unit_id = press.unit(
        press.campaign(press.brand("甲")), bid_minor=100, interests=["护肤", "底妆"]
    )
    won = auction(
        press,
        slot(request_id="with", topics=["旅行", "底妆"]),
        slot(request_id="other", topics=["旅行"]),
        slot(request_id="none", topics=None),
    )
    assert won["request_id", "unit_id"].rows() == [("with", unit_id)]


@pytest.mark.parametrize(
    ("query", "wins"),
    [
        ("粉底液", True),
        ("夏天 粉底液 推荐", True),
        ("粉底", False),
        ("SPF50 Sunscreen!", True),
        ("sunscreens", False),
        (None, False),
    ],
)
def test_keywords_bid_on_searches_that_contain_them(
    press: Press, query: str | None, wins: bool
) -> None:
    press.unit(
        press.campaign(press.brand("甲")), bid_minor=100, keywords={"粉底液": 70, "Sunscreen": 80}
    )
    won = auction(press, slot(3, placement="search", query=query))
    assert len(won) == wins
    assert won["keyword_id"].is_not_null().all()


def test_ads_stay_in_their_placement(press: Press) -> None:
    press.unit(press.campaign(press.brand("甲")), bid_minor=100)
    press.unit(press.campaign(press.brand("乙")), bid_minor=100, keywords={"粉底液": 100})
    won = auction(
        press,
        slot(request_id="feed", query="粉底液"),
        slot(request_id="search", placement="search", query="粉底液"),
    )
    assert won["request_id"].to_list() == ["feed", "search"]
    assert won["brand_id"].n_unique() == 2


def test_only_what_runs_and_is_paid_for_takes_part(press: Press) -> None:
    paused, unpaid, early, gone, suspended = (press.brand(name) for name in "甲乙丙丁戊")
    in_pause = press.unit(press.campaign(paused), bid_minor=100)
    press.unit(press.campaign(unpaid, balance_minor=0), bid_minor=100)
    press.unit(press.campaign(early, budget_minor=0), bid_minor=100)
    of_note = press.note()
    press.unit(press.campaign(gone), bid_minor=100, note_id=of_note)
    press.unit(press.campaign(suspended), bid_minor=100)
    assert len(auction(press, slot(4), slot(10), slot(12), slot(14))) == 3
    with begin(press.engine, now=NOW) as work:
        ads.set_status(work, "unit", in_pause, "paused", by=NOBODY)
        notes.remove(work, of_note, by=Origin(press.author))
        brands.suspend(work, suspended, by=NOBODY)
    assert auction(press, slot()).is_empty()


def test_campaigns_run_from_their_first_to_their_last_local_day(press: Press) -> None:
    first = datetime(2026, 1, 5).date()
    brand_id = press.brand("甲")
    with begin(press.engine, now=NOW) as work:
        account_id = ads.open_account(work, brand_id, by=NOBODY)
        ads.top_up(work, account_id, 1000, by=NOBODY)
        campaign_id = ads.create_campaign(
            work,
            account_id,
            name="一天",
            daily_budget_minor=1000,
            starts_on=first,
            ends_on=first,
            by=NOBODY,
        )
    press.unit(campaign_id, bid_minor=100)
    shown = {
        hours: len(auction(press, slot(), now=NOW + timedelta(hours=hours)))
        for hours in (-13, -11, 11, 13)
    }
    assert shown == {-13: 0, -11: 1, 11: 1, 13: 0}


def test_a_bid_is_never_above_what_the_day_leaves(press: Press) -> None:
    note_id = press.note()
    press.unit(press.campaign(press.brand("甲"), budget_minor=40), bid_minor=500, note_id=note_id)
    press.unit(press.campaign(press.brand("乙"), balance_minor=35), bid_minor=500, note_id=note_id)
    won = auction(press, slot(4), slot(10))
    assert won["price_minor"].to_list() == [36, RESERVE_MINOR]


def test_nobody_bids_or_nobody_asks(press: Press) -> None:
    assert auction(press, slot()).is_empty()
    press.unit(press.campaign(press.brand("甲")), bid_minor=100)
    book = AuctionBook.load(press.engine, now=NOW, timezone=TIMEZONE)
    empty = pl.DataFrame([slot()]).clear()
    assert book.auction(empty, np.random.default_rng(1)).is_empty()


def test_a_budget_lasts_the_day(press: Press) -> None:
    """Far more would be clicked than the budget pays; the evening still has its part of it."""
    budget = 12_000
    press.unit(press.campaign(press.brand("甲"), budget_minor=budget), bid_minor=100)
    press.unit(press.campaign(press.brand("乙")), bid_minor=99)
    viewer = press.person()
    midnight = NOW - timedelta(hours=12)
    rng = np.random.default_rng(11)
    spent = []
    for hour in range(0, 24, 2):
        begins = midnight + timedelta(hours=hour)
        spent.append(clicked(press, viewer, begins, requests=1500, click_rate=0.02, rng=rng))
    assert sum(spent) <= budget
    assert sum(spent) > 0.85 * budget
    assert min(spent[1:]) > 0.3 * budget / 12
    assert max(spent) < 3 * budget / 12


def clicked(
    press: Press,
    viewer: str,
    begins: datetime,
    *,
    requests: int,
    click_rate: float,
    rng: np.random.Generator,
) -> int:
    """What two hours of page views and honest clicks cost the first advertiser."""
    book = AuctionBook.load(press.engine, now=begins, timezone=TIMEZONE)
    slots = [
        slot(
            request_id=f"{begins}/{number}",
            user_id=viewer,
            at=begins + timedelta(hours=2 * number / requests),
        )
        for number in range(requests)
    ]
    won = auction(press, *slots, book=book)
    chosen = won.filter(pl.Series(rng.random(len(won)) < click_rate))
    with begin(press.engine, now=begins + timedelta(hours=1)) as work:
        for token in chosen["token"]:
            ads.click(work, token, by=Origin(viewer))
        return sum(amount for name, amount in charges(work.connection, begins) if name == "甲")


def charges(connection: sa.Connection, since: datetime) -> list[tuple[str, int]]:
    of_brand = ad_charges.c.brand_id == brand_table.c.brand_id
    rows = sa.select(brand_table.c.name, ad_charges.c.amount_minor).where(
        of_brand, ad_charges.c.clicked_at >= since
    )
    return [(name, amount) for name, amount in connection.execute(rows)]
