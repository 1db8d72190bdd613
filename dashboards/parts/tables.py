"""The tables of a brand's page: exact numbers, sortable, formatted by column."""

from typing import Any

import polars as pl
import streamlit as st

from dashboards.brand.ranking import MOST_ROWS
from dashboards.definitions import definition, label
from dashboards.formats import MINOR_DIGITS, SYMBOLS, exact
from dashboards.inks import inks
from dashboards.visit import Visit

COUNT = "%,d"
ROW_HEIGHT = 34
MOST_HEIGHT = 10 * ROW_HEIGHT + 38


def product_table(visit: Visit, rows: pl.DataFrame, currency: str) -> None:
    """Products: views, carts, orders, units and GMV in main units."""
    say = visit.say
    symbol = SYMBOLS.get(currency, f"{currency} ")
    amount = f"{symbol}%,.{MINOR_DIGITS.get(currency, 2)}f"
    _table(
        visit,
        rows.with_columns(pl.col("name").fill_null(say("unnamed"))),
        {
            "name": st.column_config.TextColumn(say("product")),
            "product_id": st.column_config.TextColumn(say("product_id"), width="small"),
            "product_views": _registered(visit, "product_views"),
            "cart_adds": _registered(visit, "cart_adds"),
            "orders": _registered(visit, "orders"),
            "units": st.column_config.NumberColumn(say("units"), format=COUNT),
            "gmv": _registered(visit, "gmv", amount),
        },
        alt=say("products"),
    )


def campaign_table(visit: Visit, rows: pl.DataFrame) -> None:
    """Campaigns: gross, net and pending clicks, what was removed, conversions."""
    say = visit.say
    clicks, conversions = (label(m, visit.language) for m in ("ad_clicks", "conversions"))
    share = st.column_config.ProgressColumn(
        say("removed_share"),
        format="percent",
        min_value=0,
        max_value=1,
        color=inks(visit.dark).removed,
    )
    _table(
        visit,
        rows,
        {
            "campaign_id": st.column_config.TextColumn(say("campaign"), width="medium"),
            "ad_clicks": st.column_config.NumberColumn(
                say("gross"), format=COUNT, help=definition("ad_clicks", visit.language)
            ),
            "net_ad_clicks": _count(say("net_of", metric=clicks)),
            "ad_clicks_pending": _count(say("pending")),
            "removed_share": share,
            "conversions": _registered(visit, "conversions"),
            "net_conversions": _count(say("net_of", metric=conversions)),
        },
        alt=say("campaigns"),
    )


def _table(visit: Visit, rows: pl.DataFrame, columns: dict[str, Any], alt: str) -> None:
    shown = rows.head(MOST_ROWS)
    st.dataframe(
        shown,
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=min(MOST_HEIGHT, (shown.height + 1) * ROW_HEIGHT + 4),
        alt=alt,
    )
    if shown.height < rows.height:
        st.caption(visit.say("table_of", shown=exact(shown.height), total=exact(rows.height)))


def _count(title: str) -> Any:
    return st.column_config.NumberColumn(title, format=COUNT)


def _registered(visit: Visit, name: str, form: str = COUNT) -> Any:
    return st.column_config.NumberColumn(
        label(name, visit.language), format=form, help=definition(name, visit.language)
    )
