"""What advertisers set up: campaigns, units, creatives and keywords."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from platform_core.ads.accounts import account
from platform_core.contract.events.ads import (
    CampaignChanged,
    CreativeChanged,
    KeywordChanged,
    UnitChanged,
)
from platform_core.contract.events.behaviour import Placement
from platform_core.outbox import Origin
from platform_core.search.words import normal
from platform_core.tables.ads import campaigns, creatives, keywords, units
from platform_core.tables.notes import notes
from platform_core.work import Refusal, Work


class CampaignUnknown(Refusal):
    """There is no campaign with this id."""


class UnitUnknown(Refusal):
    """There is no ad unit with this id."""


class NoteNotPublished(Refusal):
    """Only a published note can be advertised."""


class KeywordTaken(Refusal):
    """The unit already bids on this keyword."""


class NotASearchUnit(Refusal):
    """Only units that are placed in search bid on keywords."""


def create_campaign(
    work: Work,
    account_id: str,
    *,
    name: str,
    daily_budget_minor: int,
    starts_on: date,
    ends_on: date | None = None,
    by: Origin,
) -> str:
    """A new campaign, active from the reporting-local day ``starts_on`` to ``ends_on`` inclusive.

    Raises:
        AdAccountUnknown: there is no such account.
        ValueError: the budget is negative, or the campaign ends before it starts.
    """
    if ends_on is not None and ends_on < starts_on:
        raise ValueError(f"campaign {name!r} ends on {ends_on}, before it starts on {starts_on}")
    payer = account(work.connection, account_id)
    event = CampaignChanged(
        campaign_id=work.ids("campaign"),
        account_id=account_id,
        brand_id=payer.brand_id,
        name=name,
        status="active",
        daily_budget_minor=daily_budget_minor,
        currency=payer.currency,
        starts_on=starts_on.isoformat(),
        ends_on=ends_on.isoformat() if ends_on else None,
    )
    row = event.model_dump() | {"starts_on": starts_on, "ends_on": ends_on}
    work.connection.execute(sa.insert(campaigns), row)
    work.tell(event, by)
    return event.campaign_id


def create_unit(
    work: Work,
    campaign_id: str,
    *,
    name: str,
    placement: Placement,
    bid_minor: int,
    interests: Sequence[str] = (),
    by: Origin,
) -> str:
    """A new unit, active at once; it bids at most ``bid_minor`` for a click.

    ``interests`` are topics, of which a person must have one; empty: everybody.

    Raises:
        CampaignUnknown: there is no such campaign.
    """
    currency = _one(work, campaigns.c.currency, campaigns.c.campaign_id, campaign_id)
    if currency is None:
        raise CampaignUnknown(f"there is no campaign {campaign_id!r}: create it first")
    event = UnitChanged(
        unit_id=work.ids("unit"),
        campaign_id=campaign_id,
        name=name,
        status="active",
        placement=placement,
        bid_minor=bid_minor,
        currency=currency,
        interests=list(interests),
    )
    work.connection.execute(sa.insert(units), event.model_dump())
    work.tell(event, by)
    return event.unit_id


def create_creative(
    work: Work, unit_id: str, note_id: str, *, product_id: str | None = None, by: Origin
) -> str:
    """The note is shown as an ad of the unit from now on, for as long as it is published.

    Raises:
        UnitUnknown: there is no such unit.
        NoteNotPublished: there is no such note, or it is not published.
    """
    if _one(work, units.c.unit_id, units.c.unit_id, unit_id) is None:
        raise UnitUnknown(f"there is no ad unit {unit_id!r}: create it first")
    if _one(work, notes.c.status, notes.c.note_id, note_id) != "published":
        raise NoteNotPublished(f"note {note_id!r} is not published: publish it first")
    event = CreativeChanged(
        creative_id=work.ids("creative"),
        unit_id=unit_id,
        note_id=note_id,
        product_id=product_id,
        status="active",
    )
    work.connection.execute(sa.insert(creatives), event.model_dump())
    work.tell(event, by)
    return event.creative_id


def create_keyword(work: Work, unit_id: str, keyword: str, *, bid_minor: int, by: Origin) -> str:
    """The unit bids on searches that contain the keyword, in any case and width.

    Raises:
        UnitUnknown: there is no such unit.
        NotASearchUnit: the unit is not placed in search.
        KeywordTaken: the unit bids on this keyword already.
        ValueError: the keyword has neither letters nor digits.
    """
    words = normal(keyword)
    if not words:
        raise ValueError(f"keyword {keyword!r} has neither letters nor digits")
    currency = _check_search_unit(work, unit_id, words)
    event = KeywordChanged(
        keyword_id=work.ids("keyword"),
        unit_id=unit_id,
        keyword=words,
        bid_minor=bid_minor,
        currency=currency,
        status="active",
    )
    work.connection.execute(sa.insert(keywords), event.model_dump())
    work.tell(event, by)
    return event.keyword_id


def _check_search_unit(work: Work, unit_id: str, keyword: str) -> str:
    """The unit's currency; its row is locked, so that no keyword is added twice."""
    of_unit = sa.select(*units.c["placement", "currency"]).where(units.c.unit_id == unit_id)
    unit = work.connection.execute(of_unit.with_for_update()).one_or_none()
    if unit is None:
        raise UnitUnknown(f"there is no ad unit {unit_id!r}: create it first")
    if unit.placement != "search":
        raise NotASearchUnit(f"unit {unit_id!r} is placed in {unit.placement}, not in search")
    taken = (keywords.c.unit_id == unit_id) & (keywords.c.keyword == keyword)
    if work.connection.scalar(sa.select(keywords.c.keyword_id).where(taken)):
        raise KeywordTaken(f"unit {unit_id!r} bids on {keyword!r} already: change that bid")
    return str(unit.currency)


def _one(work: Work, wanted: sa.Column[str], key: sa.Column[str], value: str) -> str | None:
    found: str | None = work.connection.scalar(sa.select(wanted).where(key == value))
    return found
