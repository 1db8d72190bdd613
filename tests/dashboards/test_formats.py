from datetime import UTC, date, datetime

import pytest

from dashboards import formats
from dashboards.formats import Change, Language


@pytest.mark.parametrize(
    ("count", "zh", "en"),
    [
        (None, "–", "–"),
        (0, "0", "0"),
        (9_999, "9,999", "9,999"),
        (10_000, "1.0万", "10.0K"),
        (15_901_000, "1,590.1万", "15.90M"),
        (99_500_000, "9,950.0万", "99.50M"),
        (99_999_999, "1.00亿", "100.00M"),
        (999_960, "100.0万", "1.00M"),
        (2_345_678_901, "23.46亿", "2.35B"),
        (-65_900, "−6.6万", "−65.9K"),
    ],
)
def test_counts_on_cards_are_short_in_the_readers_units(
    count: int | None, zh: str, en: str
) -> None:
    assert formats.short(count, "zh") == zh
    assert formats.short(count, "en") == en


def test_exact_counts_keep_every_digit() -> None:
    assert formats.exact(1_234_567) == "1,234,567"
    assert formats.exact(0) == "0"
    assert formats.exact(None) == "–"


@pytest.mark.parametrize(
    ("amount_minor", "currency", "exact", "short_zh"),
    [
        (4_331_723, "CNY", "¥43,317.23", "¥4.3万"),
        (843_210, "CNY", "¥8,432.10", "¥8,432.10"),
        (843_210, "USD", "$8,432.10", "$8,432.10"),
        (12_345, "JPY", "JP¥12,345", "JP¥1.2万"),
        (12_345, "KWD", "KWD 12.345", "KWD 12.345"),
        (-500, "CNY", "−¥5.00", "−¥5.00"),
        (0, "CNY", "¥0", "¥0"),
        (0, None, "0", "0"),
        (None, "CNY", "–", "–"),
        (500, None, "–", "–"),
    ],
)
def test_money_is_written_from_minor_units_with_its_currency(
    amount_minor: int | None, currency: str | None, exact: str, short_zh: str
) -> None:
    assert formats.money(amount_minor, currency) == exact
    assert formats.short_money(amount_minor, currency, "zh") == short_zh


def test_rates_have_two_decimals() -> None:
    assert formats.percent(0.0812) == "8.12%"
    assert formats.percent(0) == "0.00%"
    assert formats.percent(None) == "–"


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (1_069, 1_000, Change("+6.9%", "up")),
        (900, 1_000, Change("−10.0%", "down")),
        (10_004, 10_000, Change("flat", "flat")),
        (10_005, 10_000, Change("+0.1%", "up")),
        (0, 1_000, Change("−100.0%", "down")),
        (5, 0, None),
        (None, 5, None),
        (5, None, None),
    ],
)
def test_a_change_is_flat_below_a_twentieth_of_a_percent_and_missing_without_a_base(
    now: int | None, before: int | None, expected: Change | None
) -> None:
    assert formats.change(now, before, "en") == expected


@pytest.mark.parametrize(("language", "expected"), [("zh", "+0.46个百分点"), ("en", "+0.46 pp")])
def test_a_changed_rate_is_told_in_percentage_points(language: Language, expected: str) -> None:
    assert formats.points(0.0266, 0.0220, language) == Change(expected, "up")
    assert formats.points(0.0220, None, language) is None


def test_flat_is_said_in_the_readers_language() -> None:
    assert formats.points(0.05, 0.05, "zh") == Change("持平", "flat")


def test_a_ratio_needs_a_denominator() -> None:
    assert formats.ratio(1, 4) == 0.25
    assert formats.ratio(1, 0) is None
    assert formats.ratio(None, 4) is None


def test_a_range_names_the_year_once() -> None:
    day = date(2026, 8, 3)
    assert formats.day_range(day, day) == "2026-08-03"
    assert formats.day_range(day, date(2026, 8, 30)) == "2026-08-03 – 08-30"
    assert formats.day_range(date(2025, 12, 30), day) == "2025-12-30 – 2026-08-03"


def test_instants_are_told_on_the_reporting_clock() -> None:
    at = datetime(2026, 8, 30, 22, 12, 9, tzinfo=UTC)
    assert formats.instant(at, "Asia/Shanghai") == "2026-08-31 06:12"
    assert formats.clock(at, "UTC") == "08-30 22:12:09"


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (None, "–", "–"),
        (7, "7秒", "7 s"),
        (570, "9.5分钟", "9.5 min"),
        (11_520, "3.2小时", "3.2 h"),
        (172_800, "2.0天", "2.0 d"),
    ],
)
def test_durations_use_their_largest_useful_unit(seconds: float | None, zh: str, en: str) -> None:
    assert formats.duration(seconds, "zh") == zh
    assert formats.duration(seconds, "en") == en
