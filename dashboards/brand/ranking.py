"""The rankings of a brand's page: products of its shop, campaigns of its ads."""

import polars as pl

from dashboards.brand.verdicts import AD_METRICS, columns
from dashboards.formats import MINOR_DIGITS

MOST_ROWS = 200


def by_day(campaign_days: pl.DataFrame) -> pl.DataFrame:
    """Campaign days summed over campaigns: one row a day."""
    names = [name for metric in AD_METRICS for name in columns(metric)]
    return campaign_days.group_by("event_date").agg(pl.col(names).sum()).sort("event_date")


def campaigns(campaign_days: pl.DataFrame) -> pl.DataFrame:
    """One row a campaign, most net clicks first.

    Rows: campaign_id, trend (net clicks a day), ad_clicks, net_ad_clicks, ad_clicks_pending,
    removed_share, conversions, net_conversions.
    """
    names = [name for metric in AD_METRICS for name in columns(metric)]
    net = pl.col("ad_clicks") - pl.col("ad_clicks_givt") - pl.col("ad_clicks_sivt")
    converted = pl.col("conversions") - pl.col("conversions_givt") - pl.col("conversions_sivt")
    removed = pl.col("ad_clicks_givt") + pl.col("ad_clicks_sivt")
    share = pl.when(pl.col("ad_clicks") > 0).then(removed / pl.col("ad_clicks"))
    return (
        campaign_days.group_by("campaign_id")
        .agg(pl.col(names).sum())
        .select(
            "campaign_id",
            "ad_clicks",
            net.alias("net_ad_clicks"),
            "ad_clicks_pending",
            share.alias("removed_share"),
            "conversions",
            converted.alias("net_conversions"),
        )
        .sort(["net_ad_clicks", "campaign_id"], descending=[True, False])
    )


def in_main_units(products: pl.DataFrame, currency: str) -> pl.DataFrame:
    """Products with ``gmv`` in the currency's main unit instead of ``gmv_minor``."""
    scale = 10 ** MINOR_DIGITS.get(currency, 2)
    gmv = (pl.col("gmv_minor").cast(pl.Float64) / scale).alias("gmv")
    return products.with_columns(gmv).drop("gmv_minor")
