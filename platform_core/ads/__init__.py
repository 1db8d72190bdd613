"""Ads: who may advertise, what is shown at which price, and what a click costs."""

from platform_core.ads.accounts import (
    AdAccount,
    AdAccountUnknown,
    account,
    open_account,
    top_up,
)
from platform_core.ads.book import AuctionBook
from platform_core.ads.campaigns import (
    CampaignUnknown,
    KeywordTaken,
    NotASearchUnit,
    NoteNotPublished,
    UnitUnknown,
    create_campaign,
    create_creative,
    create_keyword,
    create_unit,
)
from platform_core.ads.changes import HasEnded, NotSetUp, set_bid, set_daily_budget, set_status
from platform_core.ads.clicking import click
from platform_core.ads.conversions import convert
from platform_core.ads.credits import ChargeUnknown, credit
from platform_core.ads.tokens import TokenRefused

__all__ = [
    "AdAccount",
    "AdAccountUnknown",
    "AuctionBook",
    "CampaignUnknown",
    "ChargeUnknown",
    "HasEnded",
    "KeywordTaken",
    "NotASearchUnit",
    "NotSetUp",
    "NoteNotPublished",
    "TokenRefused",
    "UnitUnknown",
    "account",
    "click",
    "convert",
    "create_campaign",
    "create_creative",
    "create_keyword",
    "create_unit",
    "credit",
    "open_account",
    "set_bid",
    "set_daily_budget",
    "set_status",
    "top_up",
]
