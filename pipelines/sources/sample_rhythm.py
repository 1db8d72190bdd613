"""When things happen in the demo: growth, weeks, one promotion, the hours of a Shanghai day."""

from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

DAY_SECONDS: Final = 86_400
SHANGHAI: Final = timedelta(hours=8)
BY_WEEKDAY: Final = np.array([0.91, 0.89, 0.92, 0.96, 1.07, 1.19, 1.12])  # Monday first
BY_HOUR: Final = np.array(
    [16, 9, 5, 3, 2, 3, 7, 14, 23, 29, 33, 36, 40, 36, 32, 31, 32, 34, 37, 44, 55, 62, 52, 32]
)
GROWTH: Final = 0.45  # over the period
PROMOTION_AT: Final = 0.7  # of the period
PROMOTION_DAYS: Final = 2.2
PROMOTION_LIFT: Final = 1.3


def promotion(days: int) -> Floats:
    """How much of the promotion is on, per day: 0 to 1."""
    distance = np.arange(days) - round(PROMOTION_AT * (days - 1))
    return np.exp(-((distance / PROMOTION_DAYS) ** 2))


def starts(rng: np.random.Generator, *, daily: float, days: int, last_day: date) -> Integers:
    """Seconds since the first local midnight at which ``daily`` things a day begin, ascending."""
    day = np.arange(days)
    weekday = ((last_day - timedelta(days=days - 1)).weekday() + day) % 7
    shape = (1 + GROWTH * day / days) * BY_WEEKDAY[weekday]
    shape *= 1 + PROMOTION_LIFT * promotion(days)
    days_of_starts = np.repeat(day, rng.poisson(daily * shape / shape.mean()))
    size = len(days_of_starts)
    hours = rng.choice(24, size=size, p=BY_HOUR / BY_HOUR.sum())
    second_of_day = hours * 3600 + rng.integers(0, 3600, size=size)
    return np.sort(days_of_starts * DAY_SECONDS + second_of_day)


def utc(second: str, *, days: int, last_day: date) -> pl.Expr:
    """The UTC instant of a column of seconds since the first local midnight."""
    first_day = datetime.combine(last_day, datetime.min.time()) - timedelta(days=days - 1)
    return pl.lit(first_day - SHANGHAI) + pl.duration(seconds=pl.col(second))


def falling(size: int, *, by: float) -> Floats:
    """Shares that fall with the rank: the first is the most popular."""
    weights = 1 / np.arange(1, size + 1) ** by
    shares: Any = weights / weights.sum()
    return np.asarray(shares)
