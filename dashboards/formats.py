"""Numbers, money, days and changes as a reader of zh or en expects them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal
from zoneinfo import ZoneInfo

Language = Literal["zh", "en"]
Direction = Literal["up", "down", "flat"]

MISSING: Final = "–"
FLAT_BELOW: Final = Decimal("0.0005")
SHORT_FROM: Final = 10_000
STEPS: Final[dict[Language, tuple[tuple[int, str, int], ...]]] = {
    "zh": ((10**4, "万", 1), (10**8, "亿", 2)),
    "en": ((10**3, "K", 1), (10**6, "M", 2), (10**9, "B", 2)),
}
SYMBOLS: Final = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "HKD": "HK$"}
MINOR_DIGITS: Final = {"JPY": 0, "KRW": 0, "VND": 0, "BHD": 3, "KWD": 3}  # ISO 4217; others: 2


@dataclass(frozen=True)
class Change:
    """A difference in words: ``text`` is ready to show, ``direction`` picks the arrow."""

    text: str
    direction: Direction


def exact(count: int | None) -> str:
    """Every digit, grouped by thousands: ``1,234,567``."""
    return MISSING if count is None else _signed(Decimal(count), 0)


def short(count: int | None, language: Language) -> str:
    """At most a few digits, for cards: ``1,590.1万``, ``15.90M``; exact below 10,000."""
    return MISSING if count is None else _shortened(Decimal(count), language, digits=0)


def major(amount_minor: int, currency: str) -> Decimal:
    """An amount in the currency's main unit."""
    return Decimal(amount_minor).scaleb(-MINOR_DIGITS.get(currency, 2))


def money(amount_minor: int | None, currency: str | None) -> str:
    """An exact amount with its currency: ``¥43,317.23``; zero needs no currency."""
    if not amount_minor or currency is None:
        return _no_amount(amount_minor, currency)
    digits = MINOR_DIGITS.get(currency, 2)
    return _with_symbol(_signed(major(amount_minor, currency), digits), currency)


def short_money(amount_minor: int | None, currency: str | None, language: Language) -> str:
    """An amount for a card: ``¥4.3万``, ``$65.9K``; exact below 10,000 main units."""
    if not amount_minor or currency is None:
        return _no_amount(amount_minor, currency)
    digits = MINOR_DIGITS.get(currency, 2)
    amount = _shortened(major(amount_minor, currency), language, digits)
    return _with_symbol(amount, currency)


def percent(share: float | None) -> str:
    """A rate with two decimals: ``8.12%``."""
    return MISSING if share is None else _signed(Decimal(str(share)) * 100, 2) + "%"


def change(now: int | None, before: int | None, language: Language) -> Change | None:
    """The relative change of a count or an amount; None where there is nothing to compare."""
    if now is None or not before:
        return None
    ratio = Decimal(now - before) / Decimal(before)
    return _change(ratio, f"{_signed(abs(ratio) * 100, 1)}%", language)


def points(now: float | None, before: float | None, language: Language) -> Change | None:
    """The change of a rate, in percentage points."""
    if now is None or before is None:
        return None
    difference = Decimal(str(now)) - Decimal(str(before))
    unit = "个百分点" if language == "zh" else " pp"
    return _change(difference, f"{_signed(abs(difference) * 100, 2)}{unit}", language)


def ratio(part: int | None, whole: int | None) -> float | None:
    """``part / whole``; None where the denominator is missing or zero."""
    return part / whole if part is not None and whole else None


def day(value: date | None) -> str:
    """A calendar day: ``2026-08-31``."""
    return MISSING if value is None else value.isoformat()


def day_range(first: date, last: date) -> str:
    """A span of days, the year named once where it is the same."""
    if first == last:
        return first.isoformat()
    end = f"{last:%m-%d}" if first.year == last.year else last.isoformat()
    return f"{first.isoformat()} – {end}"


def instant(at: datetime | None, timezone: str) -> str:
    """An instant on the reporting clock, to the minute: ``2026-08-31 06:12``."""
    return MISSING if at is None else f"{at.astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M}"


def clock(at: datetime, timezone: str) -> str:
    """An instant on the reporting clock, to the second: ``08-31 06:12:09``."""
    return f"{at.astimezone(ZoneInfo(timezone)):%m-%d %H:%M:%S}"


def duration(seconds: float | None, language: Language) -> str:
    """A span of time in its largest useful unit: ``42 s``, ``9.5 min``, ``3.2 h``."""
    if seconds is None:
        return MISSING
    units = (("天", " d", 86_400), ("小时", " h", 3_600), ("分钟", " min", 60), ("秒", " s", 1))
    zh, en, size = next((u for u in units if abs(seconds) >= u[2]), units[-1])
    digits = 0 if size == 1 else 1
    return _signed(Decimal(str(seconds)) / size, digits) + (zh if language == "zh" else en)


def _no_amount(amount_minor: int | None, currency: str | None) -> str:
    if amount_minor != 0:
        return MISSING
    return _with_symbol("0", currency) if currency else "0"


def _shortened(value: Decimal, language: Language, digits: int) -> str:
    if abs(value) < SHORT_FROM:
        return _signed(value, digits)
    reached, written = abs(value), ""
    for size, unit, decimals in STEPS[language]:
        if reached < size:
            break
        scaled = _rounded(value / size, decimals)
        reached, written = abs(scaled) * size, _signed(scaled, decimals) + unit
    return written


def _change(difference: Decimal, size: str, language: Language) -> Change:
    if abs(difference) < FLAT_BELOW:
        return Change("持平" if language == "zh" else "flat", "flat")
    sign, direction = ("+", "up") if difference > 0 else ("−", "down")
    return Change(f"{sign}{size}", "up" if direction == "up" else "down")


def _with_symbol(amount: str, currency: str) -> str:
    symbol = SYMBOLS.get(currency, f"{currency} ")
    return f"−{symbol}{amount[1:]}" if amount.startswith("−") else f"{symbol}{amount}"


def _signed(value: Decimal, digits: int) -> str:
    rounded = _rounded(value, digits)
    return f"−{-rounded:,}" if rounded < 0 else f"{abs(rounded):,}"


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
