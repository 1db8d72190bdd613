"""Advertisers pay for clicks: once, never more than they have, and get back what was invalid."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
import sqlalchemy as sa

from platform_core import ads
from platform_core.ads import AuctionBook
from platform_core.outbox import NOBODY, Origin
from platform_core.tables.ads import ad_charges, ad_conversions, ad_credits, campaign_days
from platform_core.work import begin
from tests.platform_core.press import NOW, TIMEZONE, Press

Token = Callable[..., str]


@pytest.fixture
def press(engine: sa.Engine) -> Press:
    return Press(engine)


@pytest.fixture
def brand_id(press: Press) -> str:
    return press.brand("青屿记")


@pytest.fixture
def reader(press: Press) -> Origin:
    return Origin(press.person(), device_id="device_1")


@pytest.fixture
def token(press: Press, brand_id: str, reader: Origin) -> Token:
    """``token(bid_minor=50, balance_minor=..., budget_minor=...)`` of an ad served to them."""

    def serve(bid_minor: int = 50, **money: int) -> str:
        press.unit(press.campaign(brand_id, **money), bid_minor=bid_minor)
        competitor = press.campaign(press.brand("白棠里"))
        press.unit(competitor, bid_minor=bid_minor - 1)
        return served(press, reader)

    return serve


def served(press: Press, reader: Origin, request_id: str = "request_1") -> str:
    book = AuctionBook.load(press.engine, now=NOW, timezone=TIMEZONE)
    row = {
        "request_id": request_id,
        "position": 4,
        "user_id": reader.actor_id,
        "placement": "feed",
        "topics": [],
        "query": None,
    }
    overrides = {"topics": pl.List(pl.String), "query": pl.String}
    slots = pl.DataFrame([row], schema_overrides=overrides)
    won = book.auction(slots, np.random.default_rng(1))
    return str(won["token"][0])


def click(press: Press, token: str, by: Origin, **when: float) -> str:
    with begin(press.engine, now=NOW + timedelta(**when)) as work:
        return ads.click(work, token, by=by, device_model="vivo V2307A", os="Android")


def rows(press: Press, table: sa.Table) -> list[dict[str, Any]]:
    with press.engine.connect() as connection:
        return [dict(row) for row in connection.execute(sa.select(table)).mappings()]


def test_a_click_costs_the_price_of_its_token(
    press: Press, brand_id: str, reader: Origin, token: Token
) -> None:
    click_id = click(press, token(balance_minor=1000), reader)
    clicked, charged = press.told("ad.clicked", "ad.charged")
    assert clicked["id"] == charged["data"]["click_id"] == click_id
    assert (clicked["actorid"], clicked["deviceid"]) == (reader.actor_id, "device_1")
    assert clicked["data"]["request_id"] == "request_1"
    assert charged["data"]["amount_minor"] == 50
    assert charged["data"]["budget_day"] == "2026-01-05"
    assert press.balance(brand_id) == 950
    assert [row["spent_minor"] for row in rows(press, campaign_days)] == [50]


def test_every_repeat_is_charged_until_the_days_budget_is_spent(
    press: Press, brand_id: str, reader: Origin, token: Token
) -> None:
    served_token = token(budget_minor=120, balance_minor=1000)
    for second in range(4):
        click(press, served_token, reader, seconds=second)
    assert len(press.told("ad.clicked")) == 4
    assert [row["amount_minor"] for row in rows(press, ad_charges)] == [50, 50]
    assert press.balance(brand_id) == 900


def test_clicks_are_free_once_the_balance_is_spent(
    press: Press, brand_id: str, reader: Origin, token: Token
) -> None:
    served_token = token(balance_minor=70)
    for second in range(3):
        click(press, served_token, reader, seconds=second)
    assert len(press.told("ad.clicked")) == 3
    assert len(press.told("ad.charged")) == 1
    assert press.balance(brand_id) == 20


def test_clicks_at_the_same_time_spend_no_more_than_the_budget(
    press: Press, brand_id: str, reader: Origin, token: Token
) -> None:
    served_token = token(budget_minor=130, balance_minor=1000)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: click(press, served_token, reader), range(8)))
    assert [row["spent_minor"] for row in rows(press, campaign_days)] == [100]
    assert len(press.told("ad.clicked")) == 8
    assert press.balance(brand_id) == 900


def test_a_budget_that_is_raised_pays_again_and_one_that_is_lowered_does_not(
    press: Press, reader: Origin, token: Token
) -> None:
    served_token = token(budget_minor=50)
    campaign_id = press.told("campaign.changed")[0]["data"]["campaign_id"]
    spent = []
    for budget in (50, 110, 60):
        with begin(press.engine, now=NOW) as work:
            ads.set_daily_budget(work, campaign_id, budget, by=NOBODY)
        click(press, served_token, reader)
        spent.append(rows(press, campaign_days)[0]["spent_minor"])
    assert spent == [50, 100, 100]


@pytest.mark.parametrize("forge", ["price", "signature", "nonsense", "empty"])
def test_a_forged_or_altered_token_is_refused(
    press: Press, reader: Origin, token: Token, forge: str
) -> None:
    text, _, signature = token().partition(".")
    facts = json.loads(urlsafe_b64decode(text)) | {"price_minor": 1}
    cheaper = urlsafe_b64encode(json.dumps(facts).encode()).decode()
    forged = {
        "price": f"{cheaper}.{signature}",
        "signature": f"{text}.{signature[:-4]}AAA=",
        "nonsense": "ünsinn.ünsinn",
        "empty": "",
    }
    with pytest.raises(ads.TokenRefused):
        click(press, forged[forge], reader)
    assert press.told("ad.clicked") == []


def test_a_token_is_its_readers_and_lives_a_day(press: Press, reader: Origin, token: Token) -> None:
    served_token = token()
    with pytest.raises(ads.TokenRefused, match="another person"):
        click(press, served_token, Origin(press.person()))
    with pytest.raises(ads.TokenRefused, match="another person"):
        click(press, served_token, NOBODY)
    with pytest.raises(ads.TokenRefused, match="2026-01-05"):
        click(press, served_token, reader, hours=25)
    click(press, served_token, reader, hours=23)


def test_a_late_click_is_paid_from_the_day_it_was_served_on(
    press: Press, reader: Origin, token: Token
) -> None:
    click(press, token(), reader, hours=20)
    assert [row["budget_day"].isoformat() for row in rows(press, campaign_days)] == ["2026-01-05"]


def test_a_charge_is_credited_at_most_once(
    press: Press, brand_id: str, reader: Origin, token: Token
) -> None:
    click(press, token(balance_minor=1000), reader)
    charge_id = rows(press, ad_charges)[0]["charge_id"]

    def credit(_: int) -> str:
        with begin(press.engine, now=NOW) as work:
            return ads.credit(work, charge_id, reason="invalid", case_id="case_1", by=NOBODY)

    with ThreadPoolExecutor(4) as pool:
        credits = set(pool.map(credit, range(4)))
    assert len(credits) == 1
    (event,) = press.told("ad.credited")
    assert event["data"]["amount_minor"] == 50
    assert event["data"]["case_id"] == "case_1"
    assert len(rows(press, ad_credits)) == 1
    assert press.balance(brand_id) == 1000
    with begin(press.engine, now=NOW) as work, pytest.raises(ads.ChargeUnknown):
        ads.credit(work, "charge_0", reason="invalid", by=NOBODY)


def convert(press: Press, user_id: str | None, brand_ids: list[str], **later: float) -> None:
    with begin(press.engine, now=NOW + timedelta(**later)) as work:
        ads.convert(work, user_id=user_id or "", brand_ids=brand_ids, order_id="order_1")


def test_an_order_belongs_to_the_last_click_of_its_brand(
    press: Press, brand_id: str, reader: Origin, token: Token
) -> None:
    served_token = token()
    click(press, served_token, reader)
    last = click(press, served_token, reader, hours=1)
    for _ in range(2):
        convert(press, reader.actor_id, [brand_id, "brand_other"], days=6)
    (event,) = press.told("ad.converted")
    assert (event["data"]["click_id"], event["data"]["order_id"]) == (last, "order_1")
    assert event["data"]["goal"] == "order"
    assert len(rows(press, ad_conversions)) == 1


@pytest.mark.parametrize(
    ("brands", "later"), [(["brand_other"], {"days": 1}), (None, {"days": 8}), (None, {"days": -1})]
)
def test_an_order_of_another_brand_or_time_belongs_to_no_click(
    press: Press,
    brand_id: str,
    reader: Origin,
    token: Token,
    brands: list[str] | None,
    later: dict[str, float],
) -> None:
    click(press, token(), reader)
    convert(press, reader.actor_id, brands or [brand_id], **later)
    convert(press, press.person(), [brand_id])
    assert press.told("ad.converted") == []
