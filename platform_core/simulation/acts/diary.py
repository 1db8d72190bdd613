"""What the app has told of a day; it becomes lines of the landing zone when the day is over."""

from datetime import datetime, timedelta
from typing import Final

import numpy as np
import polars as pl

from platform_core.collector import Collector
from platform_core.simulation.life.behaviour import Told, lines
from platform_core.simulation.truth import Truth

DAY: Final = timedelta(days=1)


class Diary:
    """Keeps rows of behaviour until their day is over; what ends after midnight waits."""

    def __init__(self, collector: Collector, truth: Truth) -> None:
        self._collector = collector
        self._truth = truth
        self._told: dict[type, list[pl.DataFrame]] = {}

    def add(self, told: Told) -> None:
        """Keep further rows."""
        for event, frame in told.items():
            self._told.setdefault(event, []).append(frame)

    def write(self, starts_at: datetime, rng: np.random.Generator) -> int:
        """Write the day that began then, as closed segments; returns how many events it had."""
        past = pl.col("occurred_at") < starts_at + DAY
        everything = {event: pl.concat(frames) for event, frames in self._told.items()}
        of_day = {event: frame.filter(past) for event, frame in everything.items()}
        self._told = {event: [frame.filter(~past)] for event, frame in everything.items()}
        self._truth.behaved(of_day)
        self._collector.write(lines(of_day, rng), starts_at.date())
        self._collector.close(starts_at.date())
        return sum(frame.height for frame in of_day.values())
