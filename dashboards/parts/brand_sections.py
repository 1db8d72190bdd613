"""The sections of a brand's page: cards, daily lines, funnel, rankings."""

from typing import Final, Literal

import polars as pl
import streamlit as st

from dashboards.brand import ranking
from dashboards.brand.cards import Card
from dashboards.brand.fates import FATES, fates_frame
from dashboards.brand.funnel import STEPS, funnel_frame
from dashboards.brand.report import AdReport, Period, ShopReport
from dashboards.charts import band_spec, bars_spec, line_spec
from dashboards.definitions import definition, label
from dashboards.formats import Direction, day_range, exact, major, money
from dashboards.parts.csv_button import csv_button
from dashboards.parts.layout import apart
from dashboards.parts.tables import campaign_table, product_table
from dashboards.visit import Visit

CARD_WIDTH = 150
ARROWS: Final[dict[Direction, Literal["up", "down", "off"]]] = {
    "up": "up",
    "down": "down",
    "flat": "off",
}
SHOP_METRICS = {
    "gmv_minor": "gmv",
    "orders": "orders",
    "visitors": "visitors",
    "product_views": "product_views",
}
AD_METRICS = {"ad_clicks": "ad_clicks", "conversions": "conversions"}
BAND_COLUMNS = ("net", "gross", "removed", "pending", "previous")


def card_row(visit: Visit, cards: list[Card], comparison: str) -> None:
    """At most six numbers of one size."""
    with st.grid(len(cards), min_column_width=CARD_WIDTH):
        for card in cards:
            change = card.change
            st.metric(
                card.label,
                card.value,
                delta=change.text if change else None,
                delta_color="off",
                delta_arrow=ARROWS[change.direction] if change else "off",
                delta_description=visit.say(f"versus.{comparison}") if change else None,
                help=card.help,
                border=True,
                height="stretch",
                chart_data=list(card.trend) or None,
            )


def shop_section(visit: Visit, report: ShopReport, brand_id: str) -> None:
    """Daily lines beside the people funnel, and the products below."""
    wide, narrow = st.columns([2, 1])
    with wide.container(border=True, height="stretch"):
        _shop_daily(visit, report, brand_id)
    with narrow.container(border=True, height="stretch"):
        _funnel(visit, report)


def products_section(
    visit: Visit, products: pl.DataFrame, report: ShopReport, brand_id: str
) -> None:
    """The products of the window, best sellers first."""
    period, say = report.period, visit.say
    currency = report.now.currency or "CNY"
    rows = ranking.in_main_units(products, currency)
    with st.container(border=True):
        headings = [
            *(say("product_id"), say("product"), label("product_views", visit.language)),
            *(label(name, visit.language) for name in ("cart_adds", "orders")),
            *(say("units"), f"{label('gmv', visit.language)} ({currency})"),
        ]
        _titled_with_csv(visit, say("products"), rows, headings, "products", brand_id, period)
        product_table(visit, rows, currency)


def ads_section(visit: Visit, report: AdReport, brand_id: str) -> None:
    """Daily bands beside where the clicks went."""
    wide, narrow = st.columns([2, 1])
    with wide.container(border=True, height="stretch"):
        metric = _metric_choice(visit, list(AD_METRICS), AD_METRICS, "ads_metric", brand_id)
        frame = report.daily(metric)
        _band_chart(visit, frame, metric, report.period)
    with narrow.container(border=True, height="stretch"):
        _fates(visit, report, metric)


def campaigns_section(visit: Visit, report: AdReport, brand_id: str) -> None:
    """The campaigns of the window, most net clicks first."""
    rows, say = ranking.campaigns(report.campaign_days), visit.say
    clicks, conversions = (label(name, visit.language) for name in AD_METRICS)
    with st.container(border=True):
        headings = [
            *(say("campaign"), clicks, say("net_of", metric=clicks)),
            *(say("pending_of", metric=clicks), say("removed_share")),
            *(conversions, say("net_of", metric=conversions)),
        ]
        period = report.period
        _titled_with_csv(visit, say("campaigns"), rows, headings, "campaigns", brand_id, period)
        campaign_table(visit, rows)


def _shop_daily(visit: Visit, report: ShopReport, brand_id: str) -> None:
    choices = [name for name in SHOP_METRICS if name != "gmv_minor" or report.now.currency]
    metric = _metric_choice(visit, choices, SHOP_METRICS, "shop_metric", brand_id)
    frame = report.daily(metric)
    currency = report.now.currency if metric == "gmv_minor" else None
    if currency:
        words = {name: [money(v, currency) for v in frame[name]] for name in ("net", "previous")}
        scale = float(major(1, currency))
        frame = frame.with_columns(pl.col("net") * scale, pl.col("previous") * scale)
    else:
        words = {name: [exact(v) for v in frame[name]] for name in ("net", "previous")}
    spec = line_spec(visit.language, visit.dark)
    _chart(visit, _worded(visit, frame, words), spec, SHOP_METRICS[metric], report.period)


def _band_chart(visit: Visit, frame: pl.DataFrame, metric: str, period: Period) -> None:
    words = {name: [exact(value) for value in frame[name]] for name in BAND_COLUMNS}
    spec = band_spec(visit.language, visit.dark)
    _chart(visit, _worded(visit, frame, words), spec, metric, period)


def _chart(
    visit: Visit, frame: pl.DataFrame, spec: dict[str, object], name: str, period: Period
) -> None:
    window = day_range(period.window.first, period.window.last)
    alt = visit.say("daily_alt", metric=label(name, visit.language), window=window)
    st.vega_lite_chart(frame, spec, theme=None, width="stretch", alt=alt)


def _worded(visit: Visit, frame: pl.DataFrame, words: dict[str, list[str]]) -> pl.DataFrame:
    states = {True: visit.say("preliminary"), False: visit.say("final")}
    return frame.with_columns(
        *(pl.Series(f"{name}_text", texts) for name, texts in words.items()),
        pl.col("event_date").cast(pl.String).alias("day_text"),
        pl.col("event_date").cast(pl.Datetime("ms")).cast(pl.Int64).alias("day_ms"),
        pl.Series("state_text", [states[flag] for flag in frame["preliminary"]]),
    )


def _metric_choice(
    visit: Visit, names: list[str], registry: dict[str, str], key: str, brand_id: str
) -> str:
    """The chart's title and, beside it, which metric it shows."""
    chosen = st.session_state.get(f"{key}_{brand_id}") or names[0]
    say, registered = visit.say, registry[chosen]
    with apart():
        note = say("verdicts_help" if registry is AD_METRICS else "preliminary_help")
        title = say("daily", metric=label(registered, visit.language))
        hover = f"{definition(registered, visit.language)}\n\n{note}"
        st.subheader(title, help=hover, anchor=False, width="content")
        picked = st.segmented_control(
            say("metric"),
            names,
            default=names[0],
            required=True,
            format_func=lambda name: label(registry[name], visit.language),
            label_visibility="collapsed",
            key=f"{key}_{brand_id}",
        )
    return str(picked)


def _funnel(visit: Visit, report: ShopReport) -> None:
    say = visit.say
    window = day_range(report.period.window.first, report.period.window.last)
    hover = say("funnel_help", window=window)
    st.subheader(say("funnel"), help=hover, anchor=False)
    if report.now.people is None:
        st.caption(say("funnel_none"))
        return
    before = report.before.people if report.before else None
    labels = {step: say(step) for step in STEPS}
    frame = funnel_frame(report.now.people, before, labels, visit.language)
    _bars(visit, frame, "funnel_alt")


def _fates(visit: Visit, report: AdReport, metric: str) -> None:
    say = visit.say
    name = label(metric, visit.language)
    window = day_range(report.period.window.first, report.period.window.last)
    hover = say("fates_help", window=window)
    st.subheader(say("fates", metric=name), help=hover, anchor=False)
    now = report.now.of(metric)
    before = report.before.of(metric) if report.before else None
    labels = {fate: say(f"fate.{fate}") for fate in FATES}
    _bars(visit, fates_frame(now, before, labels, visit.language), "fates_alt")


def _bars(visit: Visit, frame: pl.DataFrame, alt: str) -> None:
    steps = "; ".join(f"{row['step']} {row['text']}" for row in frame.to_dicts())
    spec = bars_spec(visit.language, visit.dark)
    st.vega_lite_chart(frame, spec, theme=None, width="stretch", alt=visit.say(alt, steps=steps))


def _titled_with_csv(
    visit: Visit,
    title: str,
    rows: pl.DataFrame,
    headings: list[str],
    name: str,
    brand_id: str,
    period: Period,
) -> None:
    with apart():
        st.subheader(title, anchor=False, width="content")
        span = f"{period.window.first}_{period.window.last}"
        csv_button(visit, rows, headings, name=name, brand_id=brand_id, period=span)
