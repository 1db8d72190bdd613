"""Intervals of shares: Wilson's for decisions, Clopper and Pearson's where exact ones are asked."""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import beta, norm

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEVEL: Final = 0.95


def wilson_lower(hits: Ints | int, of: Ints | int, level: float = LEVEL) -> Floats:
    """Lower bound of the two-sided interval of hits / of (Wilson, 1927); 0 of nothing."""
    z2 = float(norm.ppf((1 + level) / 2)) ** 2
    n = np.maximum(np.asarray(of, dtype=np.float64), 1)
    share = np.asarray(hits) / n
    spread = np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n)))
    bound: Floats = (share + z2 / (2 * n) - spread) / (1 + z2 / n)
    return np.where(np.asarray(of) > 0, np.maximum(bound, 0.0), 0.0)


def wilson(hits: int, of: int, level: float = LEVEL) -> tuple[float, float]:
    """Both bounds of hits / of; of nothing, everything is possible."""
    if not of:
        return 0.0, 1.0
    return float(wilson_lower(hits, of, level)), 1 - float(wilson_lower(of - hits, of, level))


def clopper_pearson(hits: int, of: int, level: float = LEVEL) -> tuple[float, float]:
    """The exact interval of hits / of (Clopper and Pearson, 1934)."""
    tail = (1 - level) / 2
    low = float(beta.ppf(tail, hits, of - hits + 1)) if hits else 0.0
    high = float(beta.ppf(1 - tail, hits + 1, of - hits)) if hits < of else 1.0
    return low, high
