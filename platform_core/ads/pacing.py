"""Pacing: a budget is spread over its day, so that the evening still has some of it.

Even delivery by probabilistic throttling (as in Agarwal et al., "Budget pacing for targeted online
advertisements at LinkedIn", KDD 2014): a campaign that is ahead of its day takes part in a share
of the auctions only.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

HEAD_START: Final = 1 / 24
"""The part of the budget that may be spent ahead of the day."""


@dataclass(frozen=True)
class Day:
    """One local day of a budget."""

    date: date
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, now: datetime, timezone: str) -> "Day":
        """The day that it is in the time zone."""
        zone = ZoneInfo(timezone)
        today = now.astimezone(zone).date()
        return cls(
            today,
            datetime.combine(today, time(), zone),
            datetime.combine(today + timedelta(days=1), time(), zone),
        )

    def elapsed(self, at: datetime) -> float:
        """The part of the day that is over: 0 to 1."""
        length = self.ends_at.timestamp() - self.starts_at.timestamp()
        return min(max((at.timestamp() - self.starts_at.timestamp()) / length, 0.0), 1.0)


def participation(
    budget_minor: npt.NDArray[np.float64], spent_minor: npt.NDArray[np.float64], elapsed: float
) -> npt.NDArray[np.float64]:
    """The share of auctions that each campaign takes part in, so that its budget lasts the day.

    1 when it is behind, less the further it is ahead, 0 when it is a whole head start ahead.
    """
    due = budget_minor * min(elapsed + HEAD_START, 1.0)
    room = np.maximum(budget_minor * HEAD_START, 1.0)
    share: npt.NDArray[np.float64] = np.clip((due - spent_minor) / room, 0.0, 1.0)
    return share
