"""Advertising: what advertisers set up, what was clicked and what it cost."""

from typing import Annotated, Literal

from pydantic import Field

from platform_core.contract.events.behaviour import Placement
from platform_core.contract.events.model import EventData
from platform_core.contract.fields import AmountMinor, Currency, Day, EntityId, Instant, Text

Running = Literal["active", "paused", "ended"]


class AdClicked(EventData):
    """A person clicked an ad; ``placement`` is where it stood."""

    type = "ad.clicked"
    campaign_id: EntityId
    brand_id: Annotated[EntityId, Field(description="the advertiser")]
    placement: EntityId
    device_model: EntityId | None = None
    os: EntityId | None = None
    unit_id: EntityId | None = None
    creative_id: EntityId | None = None
    keyword_id: EntityId | None = None
    request_id: Annotated[EntityId | None, Field(description="the request that served it")] = None


class AdCharged(EventData):
    """An advertiser pays for a click."""

    type = "ad.charged"
    charge_id: EntityId
    click_id: Annotated[EntityId, Field(description="id of the ad.clicked event")]
    clicked_at: Instant
    campaign_id: EntityId
    unit_id: EntityId
    brand_id: EntityId
    amount_minor: AmountMinor
    currency: Currency
    budget_day: Annotated[Day | None, Field(description="the day whose budget pays")] = None


class AdCredited(EventData):
    """An advertiser gets the price of a click back."""

    type = "ad.credited"
    credit_id: EntityId
    charge_id: EntityId
    click_id: EntityId
    clicked_at: Instant
    campaign_id: EntityId
    brand_id: EntityId
    amount_minor: AmountMinor
    currency: Currency
    reason: EntityId
    case_id: EntityId | None = None


class AdConverted(EventData):
    """What the advertiser paid for happened; it belongs to one click."""

    type = "ad.converted"
    click_id: Annotated[EntityId, Field(description="id of the ad.clicked event")]
    clicked_at: Instant
    campaign_id: EntityId
    brand_id: EntityId
    goal: Literal["install", "order"]
    order_id: EntityId | None = None


class AdAccountChanged(EventData):
    """The full new state of an advertiser's account."""

    type = "ad_account.changed"
    account_id: EntityId
    brand_id: EntityId
    balance_minor: Annotated[AmountMinor, Field(description="paid in and not yet spent")]
    currency: Currency


class CampaignChanged(EventData):
    """The full new state of a campaign."""

    type = "campaign.changed"
    campaign_id: EntityId
    account_id: EntityId
    brand_id: EntityId
    name: Text
    status: Running
    daily_budget_minor: AmountMinor
    currency: Currency
    starts_on: Day
    ends_on: Day | None = None


class UnitChanged(EventData):
    """The full new state of an ad unit: whom it is shown to, where, and for how much."""

    type = "unit.changed"
    unit_id: EntityId
    campaign_id: EntityId
    name: Text
    status: Running
    placement: Placement
    bid_minor: Annotated[AmountMinor, Field(description="the most that a click may cost")]
    currency: Currency
    interests: Annotated[list[EntityId], Field(description="topics; empty: everybody")]


class CreativeChanged(EventData):
    """The full new state of a creative: the note that is shown as an ad."""

    type = "creative.changed"
    creative_id: EntityId
    unit_id: EntityId
    note_id: EntityId
    product_id: EntityId | None = None
    status: Running


class KeywordChanged(EventData):
    """The full new state of a keyword that a search unit bids on."""

    type = "keyword.changed"
    keyword_id: EntityId
    unit_id: EntityId
    keyword: Text
    bid_minor: AmountMinor
    currency: Currency
    status: Running


ADS = (
    AdClicked,
    AdCharged,
    AdCredited,
    AdConverted,
    AdAccountChanged,
    CampaignChanged,
    UnitChanged,
    CreativeChanged,
    KeywordChanged,
)
