"""What speaks for a note whoever reads it: how it was received, and how new it is."""

from datetime import timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float32]

FAVOUR: Final = {"likes": 1.0, "collects": 2.0, "comments": 2.0, "shares": 3.0}
"""What each says in a note's favour, against a like: acts that cost more say more."""
DISFAVOUR: Final = {"hides": 4.0, "reports": 10.0}
SMOOTHING: Final = 10.0  # likes that every note starts with, so that the first few do not decide
HALF_LIFE: Final = timedelta(hours=36)
LASTING: Final = 0.1  # what remains of freshness for ever


def quality(counts: pl.DataFrame) -> Floats:
    """How well notes were received, from their ``likes`` to ``reports``; 1 is an unknown note's.

    Grows with the logarithm of favour and falls with the share of disfavour in all that was said.
    """
    favour = _sum(counts, FAVOUR)
    disfavour = _sum(counts, DISFAVOUR)
    share = (favour + SMOOTHING) / (favour + disfavour + SMOOTHING)
    return ((1 + np.log1p(favour / SMOOTHING)) * share).astype(np.float32)


def freshness(age_hours: npt.NDArray[np.float64]) -> Floats:
    """Between 1 for a note of this moment and ``LASTING``; halves with every ``HALF_LIFE``."""
    half_lives = np.maximum(age_hours, 0) / (HALF_LIFE.total_seconds() / 3600)
    return (LASTING + (1 - LASTING) * np.exp2(-half_lives)).astype(np.float32)


def _sum(counts: pl.DataFrame, weights: dict[str, float]) -> npt.NDArray[np.float64]:
    weighted = [pl.col(name).fill_null(0) * weight for name, weight in weights.items()]
    return counts.select(pl.sum_horizontal(weighted).cast(pl.Float64)).to_series().to_numpy()
