"""Periods of whole days, and what a period is compared with."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

Comparison = Literal["previous", "year"]

PERIOD_DAYS: Final = (1, 7, 28, 91)
COMPARISONS: Final[tuple[Comparison, ...]] = ("previous", "year")
DEFAULT_PERIOD_DAYS: Final = 28
YEAR_DAYS: Final = 364  # 52 whole weeks: a Monday is compared with a Monday


@dataclass(frozen=True)
class Window:
    """The days from ``first`` to ``last``, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def dates(self) -> list[date]:
        """Every day of the window, ascending."""
        return [self.first + timedelta(days=n) for n in range(self.days)]

    def earlier(self, days: int) -> "Window":
        """The window of the same length, ``days`` days before."""
        shift = timedelta(days=days)
        return Window(self.first - shift, self.last - shift)


def ending(last: date, days: int) -> Window:
    """The window of ``days`` days that ends on ``last``."""
    return Window(last - timedelta(days=days - 1), last)


def compared(window: Window, comparison: Comparison) -> Window:
    """The window that ``window`` is compared with."""
    return window.earlier(window.days if comparison == "previous" else YEAR_DAYS)
