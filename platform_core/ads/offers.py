"""What can win an auction now: running creatives of running units, with the money to pay."""

from datetime import date
from typing import Any, Final

import polars as pl
import sqlalchemy as sa

from platform_core.appeal import DISFAVOUR, FAVOUR, quality
from platform_core.tables.ads import (
    ad_accounts,
    campaign_days,
    campaigns,
    creatives,
    keywords,
    units,
)
from platform_core.tables.brands import brands
from platform_core.tables.engagement import note_counts
from platform_core.tables.notes import notes

READY: Final = ("verified", "certified")
"""Brands in these states advertise; a suspended one's ads stop."""
SCHEMA: Final = pl.Schema(
    {
        "creative_id": pl.String(),
        "note_id": pl.String(),
        "unit_id": pl.String(),
        "campaign_id": pl.String(),
        "account_id": pl.String(),
        "brand_id": pl.String(),
        "placement": pl.String(),
        "interests": pl.List(pl.String()),
        "topics": pl.List(pl.String()),
        "keyword_id": pl.String(),
        "keyword": pl.String(),
        "bid_minor": pl.Int64(),
        "currency": pl.String(),
        "daily_budget_minor": pl.Int64(),
        "balance_minor": pl.Int64(),
        "spent_minor": pl.Int64(),
        **dict.fromkeys((*FAVOUR, *DISFAVOUR), pl.Int64()),
    }
)


def offers(connection: sa.Connection, day: date) -> pl.DataFrame:
    """One row a creative in the feed, or creative and keyword in search, that may win on this day.

    Columns of ``SCHEMA`` and ``quality``; a bid is never above what the day and the account leave.
    """
    rows = connection.execute(_statement(day)).all()
    found = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    left = pl.col("daily_budget_minor") - pl.col("spent_minor")
    bid = pl.min_horizontal("bid_minor", left, "balance_minor")
    return found.with_columns(
        bid.clip(lower_bound=0).alias("bid_minor"), pl.Series("quality", quality(found))
    ).sort("creative_id", "keyword_id", nulls_last=False)


def _statement(day: date) -> sa.Select[Any]:
    spent = (campaign_days.c.campaign_id == campaigns.c.campaign_id) & (
        campaign_days.c.budget_day == day
    )
    bids_on = (keywords.c.unit_id == units.c.unit_id) & (keywords.c.status == "active")
    tables = (
        creatives.join(units)
        .join(campaigns)
        .join(ad_accounts, ad_accounts.c.account_id == campaigns.c.account_id)
        .join(brands, brands.c.brand_id == campaigns.c.brand_id)
        .join(notes, notes.c.note_id == creatives.c.note_id)
        .outerjoin(keywords, bids_on)
        .outerjoin(campaign_days, spent)
        .outerjoin(note_counts, note_counts.c.note_id == creatives.c.note_id)
    )
    columns: list[Any] = _columns()
    return sa.select(*columns).select_from(tables).where(*_is_running(day))


def _columns() -> list[sa.ColumnElement[object]]:
    return [
        *creatives.c["creative_id", "note_id"],
        *units.c["unit_id", "campaign_id"],
        *campaigns.c["account_id", "brand_id"],
        *units.c["placement", "interests"],
        notes.c.topics,
        *keywords.c["keyword_id", "keyword"],
        sa.func.coalesce(keywords.c.bid_minor, units.c.bid_minor),
        *campaigns.c["currency", "daily_budget_minor"],
        ad_accounts.c.balance_minor,
        sa.func.coalesce(campaign_days.c.spent_minor, 0),
        *(note_counts.c[name] for name in (*FAVOUR, *DISFAVOUR)),
    ]


def _is_running(day: date) -> list[sa.ColumnElement[bool]]:
    running = [table.c.status == "active" for table in (campaigns, units, creatives)]
    placed = (units.c.placement == "feed") | keywords.c.keyword_id.is_not(None)
    ends_on = campaigns.c.ends_on
    return [
        *running,
        placed,
        campaigns.c.starts_on <= day,
        ends_on.is_(None) | (ends_on >= day),
        ad_accounts.c.balance_minor > 0,
        brands.c.status.in_(READY),
        notes.c.status == "published",
    ]
