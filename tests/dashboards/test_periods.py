from datetime import date

from dashboards.periods import Window, compared, ending


def test_a_period_ends_on_the_chosen_day_and_includes_it() -> None:
    assert ending(date(2026, 8, 30), 7) == Window(date(2026, 8, 24), date(2026, 8, 30))
    assert ending(date(2026, 8, 30), 1).dates() == [date(2026, 8, 30)]


def test_the_previous_period_ends_the_day_before() -> None:
    window = ending(date(2026, 8, 30), 28)
    assert compared(window, "previous") == Window(date(2026, 7, 6), date(2026, 8, 2))


def test_last_year_is_364_days_before_so_that_weekdays_match() -> None:
    window = ending(date(2026, 8, 30), 7)
    before = compared(window, "year")
    assert before == Window(date(2025, 8, 25), date(2025, 8, 31))
    assert before.first.weekday() == window.first.weekday()
