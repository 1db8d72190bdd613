"""How well a booster tells two kinds of rows apart within strata, and how sure that is."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import GroupKFold

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FOLDS: Final = 4
TREES: Final = 60
RESAMPLES: Final = 500
LEVEL: Final = 0.99
"""High, as every change of the town draws it anew, and one draw in a hundred misses by luck."""


@dataclass(frozen=True)
class Interval:
    """The area under the curve within strata, and a bootstrap interval of it."""

    auc: float
    low: float
    high: float

    def __contains__(self, value: object) -> bool:
        return isinstance(value, float) and self.low <= value <= self.high


def telling(
    rows: pl.DataFrame, columns: tuple[str, ...], within: tuple[str, ...], seed: int
) -> Interval:
    """How well the columns tell the rows with ``is_fraud`` from the others.

    A gradient booster is judged on groups (column ``group``) that it has not seen, by the pairs of
    one fraud and one other event of the same stratum. Groups are resampled for the interval.
    """
    mixed = pl.col("is_fraud").any() & pl.col("is_fraud").not_().any()
    both = rows.filter(mixed.over(within))
    truth = both["is_fraud"].to_numpy()
    stratum = both.select(pl.struct(within).rank("dense")).to_series().to_numpy().astype(np.int64)
    unit = both["group"].rank("dense").to_numpy().astype(np.int64)
    fold, scores = _scores(_centred(both, columns, within), truth, stratum, unit, seed)
    pairs = _Pairs(scores, truth, stratum * FOLDS + fold)
    rng = np.random.default_rng(seed)
    drawn = [pairs.in_order(_again(unit, rng)) for _ in range(RESAMPLES)]
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(pairs.in_order(np.ones(truth.size)), float(low), float(high))


def _centred(rows: pl.DataFrame, columns: tuple[str, ...], within: tuple[str, ...]) -> Floats:
    """The columns as differences from their stratum's mean, which itself tells nothing."""
    numbers = [pl.col(name).cast(pl.Float64) for name in columns]
    centred = rows.select(number - number.mean().over(within) for number in numbers)
    return centred.fill_null(0.0).to_numpy()


def _scores(
    features: Floats, truth: npt.NDArray[np.bool_], stratum: Rows, unit: Rows, seed: int
) -> tuple[Rows, Floats]:
    """The fold of each row, and its score by a model that has seen no row of the fold."""
    folds, scores = np.zeros(truth.size, np.int64), np.zeros(truth.size)
    frauds = np.bincount(stratum, truth)[stratum]
    others = np.bincount(stratum, ~truth)[stratum]
    weight = np.where(truth, 1.0, frauds / others)
    splitter = GroupKFold(FOLDS, shuffle=True, random_state=seed)
    for fold, (seen, unseen) in enumerate(splitter.split(features, truth, unit)):
        model = GradientBoostingClassifier(
            n_estimators=TREES, max_depth=4, max_features=12, subsample=0.6, random_state=seed
        )
        model.fit(features[seen], truth[seen], sample_weight=weight[seen])
        folds[unseen], scores[unseen] = fold, model.decision_function(features[unseen])
    return folds, scores


def _again(unit: Rows, rng: np.random.Generator) -> Floats:
    """Weights of the rows when the groups are drawn with replacement."""
    count = int(unit.max()) + 1
    return np.bincount(rng.integers(0, count, count), minlength=count)[unit].astype(np.float64)


class _Pairs:
    """Pairs of a fraud and another event of one place, by their scores."""

    def __init__(self, scores: Floats, truth: npt.NDArray[np.bool_], place: Rows) -> None:
        _, level = np.unique(scores, return_inverse=True)
        self._order = np.lexsort((level, place))
        self._truth = truth[self._order]
        begins = np.diff(place[self._order], prepend=-1) != 0
        tied = np.flatnonzero(begins | (np.diff(level[self._order], prepend=-1) != 0))
        self._tied = tied
        self._places = np.flatnonzero(begins)
        self._place_of_tied = np.searchsorted(self._places, tied, side="right") - 1

    def in_order(self, weight: Floats) -> float:
        """The share of pairs in which the fraud scores higher; ties count half."""
        weighed = weight[self._order]
        fraud = np.add.reduceat(np.where(self._truth, weighed, 0.0), self._tied)
        other = np.add.reduceat(np.where(self._truth, 0.0, weighed), self._tied)
        count = self._places.size
        others = np.bincount(self._place_of_tied, other, count)
        before = np.cumsum(others) - others
        below = np.cumsum(other) - other - before[self._place_of_tied]
        frauds = np.bincount(self._place_of_tied, fraud, count)
        return float((fraud * (below + other / 2)).sum() / (frauds * others).sum())
