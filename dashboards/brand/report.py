"""A brand's period as facts: what its shop did, what its ads did, and before that."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from dashboards.brand import queries
from dashboards.brand.cards import AdTotals, ShopTotals, Trend
from dashboards.brand.daily import band_frame, every_day, line_frame, trend
from dashboards.brand.funnel import people
from dashboards.brand.maturity import Coverage, Withheld, coverage, withheld
from dashboards.brand.ranking import by_day
from dashboards.brand.verdicts import totals
from dashboards.periods import Window
from dashboards.reading import Rows

SHOP = "gold.brand_daily"
ADS = "gold.campaign_daily"
SHOP_METRICS = ("gmv_minor", "orders", "visitors", "product_views", "cart_adds")


@dataclass(frozen=True)
class Period:
    """The window on show, the one it is compared with, and the days with data."""

    window: Window
    against: Window
    covered: Coverage


@dataclass(frozen=True)
class ShopReport:
    """A shop's period; ``before`` is None where the comparison is withheld."""

    period: Period
    withheld: Withheld | None
    days: pl.DataFrame
    days_before: pl.DataFrame | None
    now: ShopTotals
    before: ShopTotals | None

    def daily(self, metric: str) -> pl.DataFrame:
        """The metric's ``line_frame``."""
        window, against, covered = vars(self.period).values()
        return line_frame(self.days, self.days_before, window, against, covered, metric)


@dataclass(frozen=True)
class AdReport:
    """The ads' period; ``before`` is None where the comparison is withheld."""

    period: Period
    withheld: Withheld | None
    campaign_days: pl.DataFrame
    days_before: pl.DataFrame | None
    now: AdTotals
    before: AdTotals | None

    def daily(self, metric: str) -> pl.DataFrame:
        """The metric's ``band_frame``."""
        window, against, covered = vars(self.period).values()
        days = by_day(self.campaign_days)
        return band_frame(days, self.days_before, window, against, covered, metric)


def covered_days(
    rows: Rows, table: str, watermarks: Mapping[str, datetime], timezone: str
) -> Coverage | None:
    """The days for which the table holds rows of the brand; None when it holds none."""
    if not rows.has(table):
        return None
    first, last = rows.all(queries.SPANS.format(table=table)).row(0)
    return None if first is None else coverage(first, last, watermarks, timezone)


def shop_report(rows: Rows, period: Period) -> ShopReport | None:
    """What the shop did; None when nothing happened in the window."""
    days = rows.between(queries.SHOP_DAYS, period.window)
    if days.is_empty():
        return None
    reason = withheld(period.window, period.against, period.covered)
    earlier = None if reason else rows.between(queries.SHOP_DAYS, period.against)
    before = None if earlier is None else shop_totals(rows, earlier, period.against)
    now = shop_totals(rows, days, period.window, _shop_trends(days, period))
    return ShopReport(period, reason, days, earlier, now, before)


def ad_report(rows: Rows, period: Period) -> AdReport | None:
    """What the ads did; None when nothing happened in the window."""
    campaign_days = rows.between(queries.CAMPAIGN_DAYS, period.window)
    if campaign_days.is_empty():
        return None
    days = by_day(campaign_days)
    clicks = totals(days, "ad_clicks")
    reason = withheld(period.window, period.against, period.covered, clicks.pending_share)
    earlier = None if reason else by_day(rows.between(queries.CAMPAIGN_DAYS, period.against))
    before = None if earlier is None else ad_totals(earlier)
    now = ad_totals(days, _ad_trends(days, period))
    return AdReport(period, reason, campaign_days, earlier, now, before)


def shop_totals(
    rows: Rows, days: pl.DataFrame, window: Window, trends: dict[str, Trend] | None = None
) -> ShopTotals:
    """Sums of additive metrics; people come from the funnel, which counts them once."""
    currencies = days["currency"].drop_nulls().unique().to_list()
    one = currencies[0] if len(currencies) == 1 else None
    has_funnel = rows.has("gold.brand_funnel_daily")
    return ShopTotals(
        people=people(rows.between(queries.FUNNEL, window)) if has_funnel else None,
        orders=int(days["orders"].sum()),
        product_views=int(days["product_views"].sum()),
        cart_adds=int(days["cart_adds"].sum()),
        gmv_minor=int(days["gmv_minor"].sum()) if len(currencies) < 2 else None,
        currency=one,
        trends=trends or {},
    )


def ad_totals(days: pl.DataFrame, trends: dict[str, Trend] | None = None) -> AdTotals:
    """Clicks and conversions with their verdicts, summed."""
    return AdTotals(totals(days, "ad_clicks"), totals(days, "conversions"), trends or {})


def _shop_trends(days: pl.DataFrame, period: Period) -> dict[str, Trend]:
    names = [*SHOP_METRICS, "buyers"]
    filled = every_day(days, period.window, period.covered, names).with_columns(
        _share("buyers", "visitors").alias("conversion_rate")
    )
    return {name: trend(filled, name) for name in (*SHOP_METRICS, "conversion_rate")}


def _ad_trends(days: pl.DataFrame, period: Period) -> dict[str, Trend]:
    window, against, covered = vars(period).values()
    clicks = band_frame(days, None, window, against, covered, "ad_clicks")
    conversions = band_frame(days, None, window, against, covered, "conversions")
    rates = clicks.with_columns(
        _share("removed", "gross").alias("removed_share"),
        conversions["net"].alias("converted"),
    ).with_columns(_share("converted", "net").alias("rate"))
    return {
        "ad_clicks": trend(clicks),
        "ad_clicks_gross": trend(clicks, "gross"),
        "conversions": trend(conversions),
        "ad_conversion_rate": trend(rates, "rate"),
        "ad_clicks_removed_share": trend(rates, "removed_share"),
        "ad_clicks_pending": trend(clicks, "pending"),
    }


def _share(part: str, whole: str) -> pl.Expr:
    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole))
