"""How sure a measured share is: Wilson's interval, and a bootstrap of whole campaigns or towns."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from models.scores import intervals as bounds
from models.scores.intervals import LEVEL

Floats = npt.NDArray[np.float64]

RESAMPLES: Final = 1000
FEWEST_UNITS: Final = 5
"""Below so many campaigns or towns a bootstrap of them says too little."""


@dataclass(frozen=True)
class Interval:
    """A measured value with the ends of its 95 % interval; NaN where nothing was measured."""

    value: float
    low: float
    high: float
    units: int = 0

    def __contains__(self, value: object) -> bool:
        return isinstance(value, float) and self.low <= value <= self.high

    @property
    def is_known(self) -> bool:
        return not np.isnan(self.value)


UNKNOWN: Final = Interval(np.nan, np.nan, np.nan)


def wilson(hits: int, trials: int) -> Interval:
    """The share of independent trials that hit (Wilson 1927); unknown without any trial."""
    if trials == 0:
        return UNKNOWN
    return Interval(hits / trials, *bounds.wilson(hits, trials), trials)


def bootstrap(units: pl.DataFrame, seed: int = 0) -> Interval:
    """The ratio of two sums, with the quantiles of it when whole units are drawn again.

    Units are what happened together (a campaign, a town): rows within one are no independent
    evidence (Field and Welsh 2007). With fewer than five of them the ends are NaN.

    Args:
        units: one row per unit with ``hits`` and ``of``, counts or amounts of money.
    """
    hits, of = _floats(units, "hits"), _floats(units, "of")
    if of.sum() == 0:
        return UNKNOWN
    value = float(hits.sum() / of.sum())
    if hits.size < FEWEST_UNITS:
        return Interval(value, np.nan, np.nan, hits.size)
    drawn = drawings(hits.size, seed)
    sums = drawn @ of
    ratios = (drawn @ hits)[sums > 0] / sums[sums > 0]
    low, high = np.quantile(ratios, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(value, float(low), float(high), hits.size)


def drawings(units: int, seed: int, resamples: int = RESAMPLES) -> Floats:
    """How often each unit is drawn in each resample; shape (resamples, units)."""
    rng = np.random.default_rng(seed)
    even = np.full(units, 1 / units)
    return np.asarray(rng.multinomial(units, even, size=resamples), np.float64)


def share(rows: pl.DataFrame, hit: str, unit: list[str], amount: str | None = None) -> Interval:
    """The share of rows, or of their ``amount``, for which ``hit`` holds; units as columns say."""
    weight = pl.lit(1.0) if amount is None else pl.col(amount).cast(pl.Float64)
    weighed = rows.with_columns(_of=weight, _hits=pl.col(hit).cast(pl.Float64) * weight)
    units = weighed.group_by(unit, maintain_order=True)
    return bootstrap(units.agg(hits=pl.col("_hits").sum(), of=pl.col("_of").sum()))


def _floats(frame: pl.DataFrame, column: str) -> Floats:
    return frame[column].cast(pl.Float64).to_numpy()
