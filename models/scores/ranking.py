"""Average precision and area under the curve, resampled many times at once."""

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

RESAMPLES: Final = 2_000


class Ranked:
    """Scores in order, once; then metrics for any weights of the rows.

    Rows of one score are one threshold, so that ties are neither luck nor skill.
    """

    def __init__(self, scores: Floats, labels: Bools) -> None:
        self.order = np.argsort(-scores, kind="stable")
        ranked = scores[self.order]
        self.labels = labels[self.order]
        self.ends = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))

    def average_precision(self, weight: Floats | None = None) -> float:
        """Mean precision over the positives' recall steps; NaN without positives."""
        found, seen = self._counts(weight)
        if not len(found) or not found[-1]:
            return float("nan")
        precision = np.divide(found, seen, out=np.zeros_like(found), where=seen > 0)
        return float(np.diff(found, prepend=0) @ precision / found[-1])

    def area(self, weight: Floats | None = None) -> float:
        """Area under the receiver operating characteristic; NaN without both classes."""
        found, seen = self._counts(weight)
        if not len(found) or not found[-1] or found[-1] == seen[-1]:
            return float("nan")
        missed = seen - found
        return float(np.trapezoid(found, missed) / (found[-1] * missed[-1]))

    def _counts(self, weight: Floats | None) -> tuple[Floats, Floats]:
        weights = np.ones(len(self.order)) if weight is None else weight[self.order]
        found = np.cumsum(weights * self.labels)[self.ends]
        seen = np.cumsum(weights)[self.ends]
        return np.append(0.0, found), np.append(0.0, seen)


def resampled_weights(groups: npt.NDArray[np.generic] | int, rng: np.random.Generator) -> Floats:
    """How often each row is drawn when groups (or so many rows) are drawn with replacement."""
    if isinstance(groups, int):
        return np.bincount(rng.integers(0, groups, groups), minlength=groups).astype(np.float64)
    names, member = np.unique(groups, return_inverse=True)
    drawn = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))
    weights: Floats = drawn[member].astype(np.float64)
    return weights


def interval(values: Floats, level: float = 0.95) -> tuple[float, float]:
    """Percentiles of resampled figures; draws that had nothing to measure are left out."""
    tail = (1 - level) / 2
    low, high = np.nanquantile(values, [tail, 1 - tail])
    return float(low), float(high)
