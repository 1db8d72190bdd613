"""The brand's page, from the account's brands down to the last table."""

import streamlit as st

from dashboards.address import BrandRefused, Filters, brand
from dashboards.brand import queries
from dashboards.brand.cards import ad_cards, chosen, shop_cards
from dashboards.brand.maturity import Coverage, merged
from dashboards.brand.report import (
    ADS,
    SHOP,
    AdReport,
    Period,
    ShopReport,
    ad_report,
    covered_days,
    shop_report,
)
from dashboards.brand.restatement import Restatement, ads_restated, shop_restated
from dashboards.formats import day_range, instant
from dashboards.parts import brand_sections as sections
from dashboards.parts.empty_state import empty_state
from dashboards.parts.filter_row import (
    brand_choice,
    filter_choices,
    keep_in_address,
    query,
)
from dashboards.parts.header import header
from dashboards.parts.restatement_notice import restatement_notice
from dashboards.periods import Window, compared, ending
from dashboards.reading import BrandRows, baseline
from dashboards.sessions import utc_now
from dashboards.visit import Visit
from pipelines.warehouse import release as releases
from pipelines.warehouse.release import Release
from platform_core.access import record


def show(visit: Visit) -> None:
    """Draw the page for the brand that the address names."""
    try:
        brand_id = brand(query(), visit.identity.brand_ids)
    except BrandRefused:
        _refuse(visit)
        return
    release = releases.latest(visit.lake)
    if release is None or brand_id is None:
        header(visit, "Meadow")
        empty_state(visit.say("no_release"), visit.say("no_release_help"))
        return
    _show_brand(visit, release, brand_id)


def _refuse(visit: Visit) -> None:
    """Another brand's name was in the address: nothing is read, and it is noted."""
    asked = query()
    if st.session_state.get("refused") != asked:
        st.session_state["refused"] = asked
        record(
            visit.platform,
            actor=visit.identity.login,
            action="brand.refused",
            subject=visit.identity.login,
            detail={"query": asked},
            at=utc_now(),
        )
    header(visit, "Meadow")
    way_out = (visit.say("refused_back"), st.query_params.clear)
    empty_state(visit.say("refused"), visit.say("refused_help"), ":material/lock:", way_out)


def _show_brand(visit: Visit, release: Release, brand_id: str) -> None:
    rows = BrandRows(visit.lake, release, brand_id)
    known = (release.watermarks, release.timezone)
    shop_days = covered_days(rows, SHOP, *known)
    ad_days = covered_days(rows, ADS, *known)
    covered = merged([days for days in (shop_days, ad_days) if days])
    header(visit, _name(rows), release, covered)
    if covered is None:
        _choose_brand(visit, release, brand_id)
        published = instant(release.created_at, release.timezone)
        empty_state(visit.say("empty"), visit.say("empty_help", published=published))
        return
    chosen_filters = _filter_row(visit, release, brand_id, covered)
    window = ending(chosen_filters.end or covered.last, chosen_filters.period_days)
    against = compared(window, chosen_filters.comparison)
    shop = shop_report(rows, Period(window, against, shop_days)) if shop_days else None
    ads = ad_report(rows, Period(window, against, ad_days)) if ad_days else None
    _comparison_line(visit, window, against, shop or ads, release.timezone)
    _notice(visit, rows, release, window, shop)
    if not (shop or ads):
        words = visit.say("empty_period_help", covered=day_range(covered.first, covered.last))
        shown = day_range(window.first, window.last)
        empty_state(visit.say("empty_period", window=shown), words)
        return
    _sections(visit, rows, brand_id, shop, ads, chosen_filters)


def _filter_row(visit: Visit, release: Release, brand_id: str, covered: Coverage) -> Filters:
    with st.container(horizontal=True, vertical_alignment="top"):
        _choose_brand(visit, release, brand_id)
        chosen_filters = filter_choices(visit, covered)
    several = len(visit.identity.brand_ids) > 1
    keep_in_address(({"brand": brand_id} if several else {}) | chosen_filters.codes())
    return chosen_filters


def _choose_brand(visit: Visit, release: Release, brand_id: str) -> None:
    ids = visit.identity.brand_ids
    names = {one: _name(BrandRows(visit.lake, release, one)) for one in ids}
    picked = brand_choice(visit, brand_id, names)
    if picked != brand_id:
        st.query_params.from_dict({"brand": picked})
        st.rerun()


def _name(rows: BrandRows) -> str:
    if not rows.has("silver.brands"):
        return rows.brand_id
    found = rows.all(queries.BRAND_NAME)["name"].to_list()
    return str(found[0]) if found and found[0] else rows.brand_id


def _comparison_line(
    visit: Visit,
    window: Window,
    against: Window,
    report: ShopReport | AdReport | None,
    timezone: str,
) -> None:
    """Which days are on show, and what they are compared with or why they are not."""
    shown = day_range(window.first, window.last)
    other = day_range(against.first, against.last)
    if report is None:
        return
    if report.withheld is None:
        st.caption(f"{shown} · {visit.say('compared_with', against=other)}")
        return
    covered = report.period.covered
    reason = visit.say(
        f"withheld.{report.withheld}",
        against=other,
        first=covered.first,
        last=covered.last,
        watermark=instant(covered.watermark, timezone),
    )
    st.caption(f"{shown} · {visit.say('withheld')}{reason}")


def _sections(
    visit: Visit,
    rows: BrandRows,
    brand_id: str,
    shop: ShopReport | None,
    ads: AdReport | None,
    filters: Filters,
) -> None:
    language = visit.language
    shops = shop_cards(shop.now, shop.before, language) if shop else []
    adverts = ad_cards(ads.now, ads.before, language) if ads else []
    sections.card_row(visit, chosen(shops, adverts), filters.comparison)
    if shop:
        if ads:
            st.header(visit.say("shop"), anchor=False)
        sections.shop_section(visit, shop, brand_id)
        products = rows.between(queries.PRODUCTS, shop.period.window)
        sections.products_section(visit, products, shop, brand_id)
    if ads:
        if shop:
            st.header(visit.say("ads"), anchor=False)
        sections.ads_section(visit, ads, brand_id)
        sections.campaigns_section(visit, ads, brand_id)


def _notice(
    visit: Visit, rows: BrandRows, release: Release, window: Window, shop: ShopReport | None
) -> None:
    older = baseline(visit.lake, release)
    if older is None:
        return
    before = BrandRows(visit.lake, older, rows.brand_id)
    changed = _restated(before, rows, older, window)
    restatement_notice(visit, changed, older, shop.now.currency if shop else None)


def _restated(
    before: BrandRows, rows: BrandRows, older: Release, window: Window
) -> list[Restatement]:
    """Restatements inside the window, on days that the older release had in full."""
    found: list[Restatement] = []
    for table, sql, compare in (
        (ADS, queries.CAMPAIGN_DAYS, ads_restated),
        (SHOP, queries.SHOP_DAYS, shop_restated),
    ):
        covered = covered_days(before, table, older.watermarks, older.timezone)
        if covered and rows.has(table):
            old, new = before.between(sql, window), rows.between(sql, window)
            found += compare(old, new, covered.settled)
    return found
