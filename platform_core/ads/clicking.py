"""Clicks on ads, and what they cost: never more than is paid in, never above a day's budget."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from platform_core import keys
from platform_core.ads.accounts import move
from platform_core.ads.tokens import ServedAd, served
from platform_core.contract.events.ads import AdCharged, AdClicked
from platform_core.contract.fields import instant_text
from platform_core.ledger import Entry, post
from platform_core.outbox import Origin
from platform_core.tables.ads import ad_charges, ad_clicks, campaign_days, campaigns
from platform_core.work import Work

_ADD_CLICK: Final = sa.insert(ad_clicks)
_ADD_CHARGE: Final = sa.insert(ad_charges)
_DAY: Final = (campaign_days.c.campaign_id == sa.bindparam("campaign")) & (
    campaign_days.c.budget_day == sa.bindparam("day")
)
_BUDGET: Final = (
    sa.select(campaigns.c.daily_budget_minor)
    .where(campaigns.c.campaign_id == sa.bindparam("campaign"))
    .scalar_subquery()
)
_SPENT: Final = campaign_days.c.spent_minor + sa.bindparam("price")
_SPEND: Final = sa.update(campaign_days).where(_DAY, _SPENT <= _BUDGET).values(spent_minor=_SPENT)


def click(
    work: Work,
    token: str,
    *,
    by: Origin,
    device_model: str | None = None,
    os: str | None = None,
) -> str:
    """A person clicks an ad that was served to them; returns the click's id.

    Every click is charged at the price of its token, repeats too: what is invalid is credited once
    it is found out. A click that no longer fits the day's budget or the balance is free.

    Raises:
        TokenRefused: the token is forged or altered, another person's, or too old.
    """
    key = keys.existing(work.connection, "ad_price")
    ad = served(token, key, user_id=by.actor_id, now=work.now)
    event = AdClicked(
        campaign_id=ad.campaign_id,
        brand_id=ad.brand_id,
        placement=ad.placement,
        device_model=device_model,
        os=os,
        unit_id=ad.unit_id,
        creative_id=ad.creative_id,
        keyword_id=ad.keyword_id,
        request_id=ad.request_id,
    )
    click_id = work.tell(event, by)
    facts = event.model_dump(exclude={"device_model", "os"})
    row = facts | {"click_id": click_id, "clicked_at": work.now, "user_id": by.actor_id}
    work.connection.execute(_ADD_CLICK, row)
    if ad.price_minor and _pay(work, ad):
        _charge(work, ad, click_id)
    return click_id


def _pay(work: Work, ad: ServedAd) -> bool:
    if not move(work, ad.account_id, -ad.price_minor):
        return False
    if _spend(work.connection, ad):
        return True
    move(work, ad.account_id, ad.price_minor)
    return False


def _spend(connection: sa.Connection, ad: ServedAd) -> bool:
    """Take the price from the day's budget, if it fits."""
    spend = {"campaign": ad.campaign_id, "day": ad.budget_day, "price": ad.price_minor}
    if connection.execute(_SPEND, spend).rowcount:
        return True
    first = {"campaign_id": ad.campaign_id, "budget_day": ad.budget_day, "spent_minor": 0}
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(campaign_days).on_conflict_do_nothing(), first)
    return connection.execute(_SPEND, spend).rowcount == 1


def _charge(work: Work, ad: ServedAd, click_id: str) -> None:
    event = AdCharged(
        charge_id=work.ids("charge"),
        click_id=click_id,
        clicked_at=instant_text(work.now),
        campaign_id=ad.campaign_id,
        unit_id=ad.unit_id,
        brand_id=ad.brand_id,
        amount_minor=ad.price_minor,
        currency=ad.currency,
        budget_day=ad.budget_day.isoformat(),
    )
    row = event.model_dump() | {
        "account_id": ad.account_id,
        "clicked_at": work.now,
        "budget_day": ad.budget_day,
    }
    work.connection.execute(_ADD_CHARGE, row)
    work.tell(event)
    entries = [
        Entry(f"advertiser:{ad.brand_id}", "debit", ad.price_minor),
        Entry("revenue:ads", "credit", ad.price_minor),
    ]
    post(work, "ad_charge", event.charge_id, entries, ad.currency)
