from datetime import UTC, date, datetime

from dashboards.brand.maturity import Coverage, coverage, merged, withheld
from dashboards.periods import Window

FIRST, LAST = date(2026, 8, 1), date(2026, 8, 30)
WINDOW = Window(date(2026, 8, 24), LAST)
AGAINST = WINDOW.earlier(7)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 8, day, hour, minute, tzinfo=UTC)


def test_a_last_day_whose_end_has_not_come_is_still_arriving() -> None:
    covered = coverage(FIRST, LAST, {"shop": at(30, 6)}, "Asia/Shanghai")
    assert covered == Coverage(FIRST, LAST, at(30, 6), arriving=LAST)
    assert covered.settled == date(2026, 8, 29)


def test_a_day_is_over_within_an_hour_of_its_end_on_the_reporting_clock() -> None:
    watermarks = {"shop": at(30, 15, 30)}
    assert coverage(FIRST, LAST, watermarks, "Asia/Shanghai").arriving is None
    assert coverage(FIRST, LAST, watermarks, "UTC").arriving == LAST


def test_the_source_furthest_behind_decides_and_decisions_or_old_sources_do_not() -> None:
    watermarks = {"a": at(30, 6), "b": at(31, 6), "old": at(2, 6), "platform": at(30, 1)}
    assert coverage(FIRST, LAST, watermarks, "Asia/Shanghai").watermark == at(30, 6)


def test_a_window_is_not_compared_with_days_before_there_was_data() -> None:
    assert withheld(WINDOW, AGAINST, Coverage(FIRST, LAST)) is None
    assert withheld(WINDOW, AGAINST, Coverage(date(2026, 8, 18), LAST)) == "no_history"


def test_a_window_with_an_arriving_day_is_not_compared() -> None:
    covered = Coverage(FIRST, LAST, at(30, 6), arriving=LAST)
    assert withheld(WINDOW, AGAINST, covered) == "arriving"
    assert withheld(WINDOW.earlier(1), AGAINST.earlier(1), covered) is None


def test_a_number_that_is_pending_above_five_percent_is_not_compared() -> None:
    covered = Coverage(FIRST, LAST)
    assert withheld(WINDOW, AGAINST, covered, pending_share=0.05) is None
    assert withheld(WINDOW, AGAINST, covered, pending_share=0.051) == "pending"


def test_a_brand_with_a_shop_and_ads_is_covered_by_both() -> None:
    shop, ads = Coverage(FIRST, date(2026, 8, 20)), Coverage(date(2026, 8, 5), LAST, at(30, 6))
    assert merged([shop, ads]) == Coverage(FIRST, LAST, at(30, 6))
    assert merged([]) is None
