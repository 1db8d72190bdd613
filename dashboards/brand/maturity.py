"""Which days are final enough to compare, and which are still preliminary."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from dashboards.periods import Window

Withheld = Literal["no_history", "arriving", "pending"]

PENDING_LIMIT: Final = 0.05  # above this share of a number, it may still move too much
DAY_END_SLACK: Final = timedelta(hours=1)
DECISIONS_SOURCE: Final = "platform"  # carries decisions, not what people did


@dataclass(frozen=True)
class Coverage:
    """The days a brand has data for; ``arriving`` is a last day that is not over yet."""

    first: date
    last: date
    watermark: datetime | None = None
    arriving: date | None = None

    @property
    def settled(self) -> date:
        """The last day that was over: what changes up to it is a restatement, not growth."""
        return self.last - timedelta(days=1) if self.arriving else self.last


def coverage(
    first: date, last: date, watermarks: Mapping[str, datetime], timezone: str
) -> Coverage:
    """Coverage of data from ``first`` to ``last``, given each source's last event time.

    Which source feeds a brand is not known: of those that reach its last day, the one that is
    furthest behind decides.
    """
    zone = ZoneInfo(timezone)
    behind = [
        at
        for source, at in watermarks.items()
        if source != DECISIONS_SOURCE and at.astimezone(zone).date() >= last
    ]
    watermark = min(behind, default=None)
    if watermark is None:
        return Coverage(first, last)
    day_end = datetime.combine(last + timedelta(days=1), time(), zone)
    arriving = last if watermark < day_end - DAY_END_SLACK else None
    return Coverage(first, last, watermark, arriving)


def merged(parts: list[Coverage]) -> Coverage | None:
    """The coverage of everything a brand has; None when it has nothing."""
    if not parts:
        return None
    latest = max(parts, key=lambda part: part.last)
    return Coverage(min(p.first for p in parts), latest.last, latest.watermark, latest.arriving)


def withheld(
    window: Window, against: Window, covered: Coverage, pending_share: float | None = None
) -> Withheld | None:
    """Why the window must not be compared, or None when it may be."""
    if covered.first > against.first:
        return "no_history"
    if covered.arriving and window.first <= covered.arriving <= window.last:
        return "arriving"
    if pending_share is not None and pending_share > PENDING_LIMIT:
        return "pending"
    return None
