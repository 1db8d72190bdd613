from datetime import date

import polars as pl

from dashboards.brand.daily import band_frame, line_frame, trend
from dashboards.brand.maturity import Coverage
from dashboards.periods import Window
from tests.dashboards.literal_rows import frame

FIRST, LAST = date(2026, 8, 26), date(2026, 8, 28)
WINDOW, AGAINST = Window(FIRST, LAST), Window(FIRST, LAST).earlier(3)
COVERED = Coverage(date(2026, 8, 1), LAST)


def shop(**orders: int) -> pl.DataFrame:
    rows = [
        {"event_date": date(2026, 8, int(day[1:])), "orders": count}
        for day, count in orders.items()
    ]
    return frame("gold.brand_daily", rows)


def test_a_day_without_rows_is_zero_and_a_day_before_any_data_is_missing() -> None:
    covered = Coverage(date(2026, 8, 27), LAST)
    drawn = line_frame(shop(d27=3), None, WINDOW, AGAINST, covered, "orders")
    assert drawn["net"].to_list() == [None, 3, 0]


def test_the_compared_day_stands_beside_the_day() -> None:
    drawn = line_frame(shop(d26=3, d28=5), shop(d23=2, d24=9), WINDOW, AGAINST, COVERED, "orders")
    assert drawn.select("net", "previous").rows() == [(3, 2), (0, 9), (5, 0)]


def test_a_withheld_comparison_draws_no_previous_line() -> None:
    drawn = line_frame(shop(d26=3), None, WINDOW, AGAINST, COVERED, "orders")
    assert drawn["previous"].to_list() == [None, None, None]


def test_the_arriving_day_is_preliminary_and_not_compared() -> None:
    covered = Coverage(COVERED.first, LAST, arriving=LAST)
    drawn = line_frame(shop(d28=5), shop(d25=7), WINDOW, AGAINST, covered, "orders")
    assert drawn["preliminary"].to_list() == [False, False, True]
    assert drawn["previous"].to_list() == [0, 0, None]


def test_bands_lie_between_gross_net_and_what_is_settled() -> None:
    day = {
        "event_date": LAST,
        "ad_clicks": 100,
        "ad_clicks_givt": 6,
        "ad_clicks_sivt": 4,
        "ad_clicks_pending": 5,
    }
    rows = frame("gold.campaign_daily", [day])
    drawn = band_frame(rows, None, Window(LAST, LAST), AGAINST, COVERED, "ad_clicks")
    assert drawn.select("gross", "net", "settled", "pending", "removed").row(0) == (
        100,
        90,
        85,
        5,
        10,
    )
    assert drawn["preliminary"].to_list() == [False]


def test_a_day_with_more_than_five_percent_pending_is_preliminary() -> None:
    rows = frame(
        "gold.campaign_daily",
        [{"event_date": LAST, "ad_clicks": 100, "ad_clicks_pending": 6}],
    )
    drawn = band_frame(rows, None, Window(LAST, LAST), AGAINST, COVERED, "ad_clicks")
    assert drawn["preliminary"].to_list() == [True]


def test_a_sparkline_needs_three_known_days() -> None:
    assert trend(pl.DataFrame({"net": [1, None, 2]})) == ()
    assert trend(pl.DataFrame({"net": [1, 5, 2]})) == (1.0, 5.0, 2.0)
