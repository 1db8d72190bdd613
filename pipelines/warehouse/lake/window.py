"""Closed ranges of days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


class EmptyWindow(ValueError):
    """A window without a day."""


@dataclass(frozen=True, order=True)
class Window:
    """The days from ``from_date`` to ``to_date``, both included."""

    from_date: date
    to_date: date

    def __post_init__(self) -> None:
        if self.from_date > self.to_date:
            raise EmptyWindow(f"window {self} is empty: it ends before it begins")

    def __contains__(self, day: date) -> bool:
        return self.from_date <= day <= self.to_date

    def __str__(self) -> str:
        return f"{self.from_date}..{self.to_date}"

    def days(self) -> list[date]:
        span = (self.to_date - self.from_date).days
        return [self.from_date + timedelta(days=n) for n in range(span + 1)]

    def widened(self, before: int, after: int) -> "Window":
        """The window with ``before`` days in front of it and ``after`` behind it."""
        return Window(self.from_date - timedelta(days=before), self.to_date + timedelta(days=after))


def ranges(days: Iterable[date], *, bridge: int = 0) -> list[Window]:
    """The fewest windows that hold these days, and no others but gaps of ``bridge`` days."""
    windows: list[Window] = []
    for day in sorted(set(days)):
        if windows and day - windows[-1].to_date <= timedelta(days=1 + bridge):
            windows[-1] = Window(windows[-1].from_date, day)
        else:
            windows.append(Window(day, day))
    return windows
