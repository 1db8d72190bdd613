from datetime import date, timedelta
from typing import Any

from dashboards.brand import queries
from dashboards.brand.cards import ad_cards, chosen, shop_cards
from dashboards.brand.fates import FATES, fates_frame
from dashboards.brand.funnel import STEPS, funnel_frame
from dashboards.brand.maturity import Coverage
from dashboards.brand.ranking import campaigns, in_main_units
from dashboards.brand.report import ADS, SHOP, Period, ad_report, covered_days, shop_report
from dashboards.brand.verdicts import Verdicts
from dashboards.formats import Change
from dashboards.periods import Window
from tests.dashboards.literal_rows import WATERMARKS, LiteralRows

LAST = date(2026, 8, 30)
WINDOW = Window(LAST - timedelta(days=6), LAST)
AGAINST = WINDOW.earlier(7)
PERIOD = Period(WINDOW, AGAINST, Coverage(date(2026, 8, 1), LAST))


def shop_day(day: date, **columns: Any) -> dict[str, Any]:
    return {"event_date": day, "currency": "CNY", **columns}


def funnel(day: date, view: int, cart: int, order: int, payment: int) -> dict[str, Any]:
    reached = {"view": view, "cart": cart, "order": order, "payment": payment}
    steps = {f"reached_{step}": count for step, count in reached.items()}
    return {"event_date": day, "period_days": 7, **steps}


def shop_rows(*days: dict[str, Any], funnels: tuple[dict[str, Any], ...] = ()) -> LiteralRows:
    return LiteralRows({SHOP: list(days), "gold.brand_funnel_daily": list(funnels)})


def ad_rows(*days: dict[str, Any]) -> LiteralRows:
    return LiteralRows({ADS: [{"campaign_id": "c1", **day} for day in days]})


def values(cards: list[Any]) -> dict[str, str]:
    return {card.key: card.value for card in cards}


def test_a_shops_cards_sum_what_may_be_summed_and_take_people_from_the_funnel() -> None:
    rows = shop_rows(
        shop_day(LAST, visitors=40, product_views=90, orders=3, gmv_minor=29_900),
        shop_day(LAST - timedelta(days=1), visitors=40, product_views=60, orders=1, gmv_minor=100),
        funnels=(funnel(LAST, 50, 10, 5, 4),),
    )
    report = shop_report(rows, PERIOD)
    assert report is not None
    shown = values(shop_cards(report.now, report.before, "en"))
    assert shown["gmv"] == "¥300.00"
    assert shown["orders"] == "4"
    assert shown["product_views"] == "150"
    assert shown["people"] == "50"
    assert shown["conversion_rate"] == "8.00%"


def test_a_shop_is_compared_with_the_period_before() -> None:
    rows = shop_rows(
        shop_day(LAST, orders=11, gmv_minor=1_100),
        shop_day(AGAINST.last, orders=10, gmv_minor=1_000),
        shop_day(AGAINST.first - timedelta(days=1), orders=99, gmv_minor=9_900),
    )
    report = shop_report(rows, PERIOD)
    assert report is not None
    gmv, orders, *_ = shop_cards(report.now, report.before, "en")
    assert gmv.change == orders.change == Change("+10.0%", "up")


def test_amounts_in_several_currencies_are_not_added_up() -> None:
    rows = shop_rows(
        shop_day(LAST, gmv_minor=100),
        shop_day(WINDOW.first, gmv_minor=100) | {"currency": "USD"},
    )
    report = shop_report(rows, PERIOD)
    assert report is not None
    assert values(shop_cards(report.now, None, "en"))["gmv"] == "–"


def test_a_shop_that_sold_nothing_shows_zero_not_missing() -> None:
    report = shop_report(shop_rows(shop_day(LAST, product_views=3) | {"currency": None}), PERIOD)
    assert report is not None
    assert values(shop_cards(report.now, None, "en"))["gmv"] == "0"


def test_ads_show_net_first_and_removed_and_pending_beside_it() -> None:
    rows = ad_rows(
        {
            "event_date": LAST,
            "ad_clicks": 200,
            "ad_clicks_givt": 10,
            "ad_clicks_sivt": 10,
            "ad_clicks_pending": 4,
            "conversions": 10,
            "conversions_sivt": 1,
        }
    )
    report = ad_report(rows, PERIOD)
    assert report is not None
    assert values(ad_cards(report.now, report.before, "en")) == {
        "ad_clicks": "180",
        "ad_clicks_gross": "200",
        "conversions": "9",
        "ad_conversion_rate": "5.00%",
        "ad_clicks_removed_share": "10.00%",
        "ad_clicks_pending": "4",
    }


def test_ads_that_are_pending_above_five_percent_withhold_their_comparison() -> None:
    rows = ad_rows(
        {"event_date": LAST, "ad_clicks": 100, "ad_clicks_pending": 6},
        {"event_date": AGAINST.last, "ad_clicks": 100},
    )
    report = ad_report(rows, PERIOD)
    assert report is not None
    assert report.withheld == "pending"
    assert all(card.change is None for card in ad_cards(report.now, report.before, "en"))


def test_a_window_without_rows_has_no_report() -> None:
    assert shop_report(shop_rows(shop_day(AGAINST.last, orders=1)), PERIOD) is None
    assert ad_report(ad_rows({"event_date": AGAINST.last}), PERIOD) is None


def test_a_brand_without_rows_is_not_covered() -> None:
    assert covered_days(shop_rows(), SHOP, WATERMARKS, "Asia/Shanghai") is None
    assert covered_days(shop_rows(), ADS, WATERMARKS, "Asia/Shanghai") is None
    covered = covered_days(shop_rows(shop_day(LAST)), SHOP, WATERMARKS, "Asia/Shanghai")
    assert covered == Coverage(LAST, LAST, WATERMARKS["shop"])


def test_a_shop_and_ads_share_six_cards() -> None:
    shop = shop_report(shop_rows(shop_day(LAST, orders=1)), PERIOD)
    ads = ad_report(ad_rows({"event_date": LAST, "ad_clicks": 1}), PERIOD)
    assert shop is not None
    assert ads is not None
    shops, adverts = shop_cards(shop.now, None, "zh"), ad_cards(ads.now, None, "zh")
    keys = [card.key for card in chosen(shops, adverts)]
    assert keys == [
        *("gmv", "orders", "conversion_rate"),
        *("ad_clicks", "conversions", "ad_conversion_rate"),
    ]
    assert chosen(shops, []) == shops
    assert len(chosen([], adverts)) == 6


def test_each_funnel_bar_is_the_share_that_the_step_before_passed_on() -> None:
    now = dict(zip(STEPS, (50, 10, 5, 0), strict=True))
    before = dict(zip(STEPS, (40, 10, 0, 0), strict=True))
    drawn = funnel_frame(now, before, {step: step for step in STEPS}, "en")
    assert drawn["share"].to_list() == [1.0, 0.2, 0.5, 0.0]
    assert drawn["previous_share"].to_list() == [1.0, 0.25, 0.0, None]
    assert drawn["text"].to_list() == ["50", "10 · 20.00%", "5 · 50.00%", "0 · 0.00%"]


def test_the_fates_of_clicks_add_up_to_gross() -> None:
    clicks = Verdicts(gross=200, givt=10, sivt=10, pending=4)
    drawn = fates_frame(clicks, None, {fate: fate for fate in FATES}, "en")
    assert drawn["share"].to_list() == [0.88, 0.02, 0.05, 0.05]
    assert drawn["text"].to_list()[0] == "176 · 88.00%"


def test_campaigns_rank_by_net_clicks() -> None:
    days = ad_rows(
        {"event_date": LAST, "campaign_id": "bought", "ad_clicks": 100, "ad_clicks_sivt": 90},
        {"event_date": LAST, "campaign_id": "honest", "ad_clicks": 20, "conversions": 2},
        {"event_date": WINDOW.first, "campaign_id": "honest", "ad_clicks": 5},
    ).between(queries.CAMPAIGN_DAYS, WINDOW)
    ranked = campaigns(days).select("campaign_id", "ad_clicks", "net_ad_clicks", "removed_share")
    assert ranked.rows() == [("honest", 25, 25, 0.0), ("bought", 100, 10, 0.9)]


def test_products_rank_by_gmv_and_keep_those_without_a_name() -> None:
    rows = LiteralRows(
        {
            "gold.product_funnel_daily": [
                {"event_date": LAST, "product_id": "p1", "orders": 1, "gmv_minor": 100},
                {"event_date": LAST, "product_id": "p2", "orders": 1, "gmv_minor": 150},
                {"event_date": WINDOW.first, "product_id": "p1", "orders": 1, "gmv_minor": 100},
                {"event_date": AGAINST.last, "product_id": "p2", "gmv_minor": 900},
            ],
            "silver.products": [{"product_id": "p1", "name": "面霜"}],
        }
    )
    ranked = in_main_units(rows.between(queries.PRODUCTS, WINDOW), "CNY")
    assert ranked.select("product_id", "name", "orders", "gmv").rows() == [
        ("p1", "面霜", 2, 2.0),
        ("p2", None, 1, 1.5),
    ]
