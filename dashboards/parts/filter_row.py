"""The one row of filters on a brand's page; its state is the page's address."""

from datetime import date
from typing import get_args

import streamlit as st

from dashboards.address import Filters, filters
from dashboards.brand.maturity import Coverage
from dashboards.periods import COMPARISONS, PERIOD_DAYS, Comparison
from dashboards.visit import Visit

PICKER_WIDTH = 150


def query() -> dict[str, list[str]]:
    """The address's query with every value of every name."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def brand_choice(visit: Visit, brand_id: str, names: dict[str, str]) -> str:
    """The brand to show, among the account's own."""
    ids = list(visit.identity.brand_ids)
    if len(ids) < 2:
        return brand_id
    chosen = st.selectbox(
        visit.say("brand"),
        ids,
        index=ids.index(brand_id),
        format_func=lambda one: names.get(one, one),
        width=180,
        key="brand",
    )
    return chosen if chosen in ids else brand_id


def filter_choices(visit: Visit, covered: Coverage) -> Filters:
    """Period, last day and comparison, starting from what the address says."""
    asked, say = filters(query()), visit.say
    period = st.segmented_control(
        say("period"),
        PERIOD_DAYS,
        default=asked.period_days,
        required=True,
        format_func=lambda days: say(f"period.{days}"),
        key="period",
    )
    end = st.date_input(
        say("end"),
        _within(asked.end or covered.last, covered),
        min_value=covered.first,
        max_value=covered.last,
        format="YYYY-MM-DD",
        width=PICKER_WIDTH,
        key=f"end_{covered.first}_{covered.last}",
    )
    comparison = st.segmented_control(
        say("compare"),
        COMPARISONS,
        default=asked.comparison,
        required=True,
        format_func=lambda code: say(f"compare.{code}"),
        key="compare",
    )
    last = end if isinstance(end, date) and end != covered.last else None
    return Filters(int(period), _comparison(comparison), last)


def keep_in_address(codes: dict[str, str]) -> None:
    """Write the codes into the address, if they are not there yet."""
    if st.query_params.to_dict() != codes:
        st.query_params.from_dict(codes)


def _within(day: date, covered: Coverage) -> date:
    return min(max(day, covered.first), covered.last)


def _comparison(code: str) -> Comparison:
    return next(known for known in get_args(Comparison) if known == code)
