"""How well numbers tell two sorts of rows apart: the area under the curve, with an interval."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from models.evaluation.intervals import UNKNOWN, Interval
from models.scores.intervals import LEVEL

Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

FOLDS: Final = 4
TREES: Final = 60
RESAMPLES: Final = 300
THREADS: Final = 1
"""Threads of a booster wait for each other: on a busy machine two took ten times as long as one."""


def auc(score: Floats, is_fraud: Flags) -> float:
    """The chance that a fraud scores above another row; ties count half, NaN counts lowest."""
    frauds = int(is_fraud.sum())
    others = is_fraud.size - frauds
    if not frauds or not others:
        return float("nan")
    ranks = _ranks(np.nan_to_num(score, nan=-np.inf))
    return float((ranks[is_fraud].sum() - frauds * (frauds + 1) / 2) / (frauds * others))


def _ranks(score: Floats) -> Floats:
    _, level, count = np.unique(score, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count - 1) / 2)[level], np.float64)


def fitted(
    features: Floats, is_fraud: Flags, seed: int, weight: Floats | None = None
) -> Callable[[Floats], Floats]:
    """A small gradient booster's scores; columns that are empty where it learns say nothing."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    filled = ~np.isnan(features).all(axis=0)
    if not filled.any():
        return lambda rows: np.zeros(len(rows))
    model = HistGradientBoostingClassifier(
        max_iter=TREES, max_leaf_nodes=15, min_samples_leaf=20, random_state=seed
    )
    with threadpool_limits(THREADS):
        model.fit(features[:, filled], is_fraud, sample_weight=weight)

    def scored(rows: Floats) -> Floats:
        with threadpool_limits(THREADS):
            return np.asarray(model.decision_function(rows[:, filled]), np.float64)

    return scored


def unseen_scores(
    features: Floats, is_fraud: Flags, group: Rows, seed: int, weight: Floats | None = None
) -> tuple[Rows, Floats]:
    """The fold of each row, and its score by a model that saw no row of its fold; NaN if no fold.

    Rows of one group stay together. A fold whose other rows are of one sort has no scores.
    """
    from sklearn.model_selection import GroupKFold

    folds, scores = np.zeros(is_fraud.size, np.int64), np.full(is_fraud.size, np.nan)
    many = min(FOLDS, np.unique(group).size)
    if many < 2:
        return folds, scores
    splitter = GroupKFold(many, shuffle=True, random_state=seed)
    for fold, (seen, unseen) in enumerate(splitter.split(features, is_fraud, group)):
        folds[unseen] = fold
        if 0 < is_fraud[seen].sum() < seen.size:
            weights = None if weight is None else weight[seen]
            scored = fitted(features[seen], is_fraud[seen], seed, weights)
            scores[unseen] = scored(features[unseen])
    return folds, scores


def within_folds(scores: Floats, is_fraud: Flags, fold: Rows) -> float:
    """The area over pairs of one fold: scores of two models do not compare, and a fold with many
    frauds leaves few to learn from, so that its scores are low."""
    return Pairs(scores, is_fraud, fold).in_order(np.ones(is_fraud.size))


def telling(
    rows: pl.DataFrame, columns: Sequence[str], within: Sequence[str], seed: int
) -> Interval:
    """How well the columns tell the rows with ``is_fraud`` from others of the same stratum.

    A booster is judged on groups (column ``group``) that it has not seen, by the pairs of one fraud
    and one other row of a stratum and fold. Groups are drawn again for the interval.
    """
    mixed = pl.col("is_fraud").any() & pl.col("is_fraud").not_().any()
    both = rows.filter(mixed.over(list(within)))
    if both["group"].n_unique() < FOLDS:
        return UNKNOWN
    is_fraud = both["is_fraud"].to_numpy()
    stratum = both.select(pl.struct(list(within)).rank("dense")).to_series().to_numpy()
    unit = both["group"].rank("dense").to_numpy().astype(np.int64) - 1
    frauds, others = (
        np.bincount(stratum, is_fraud)[stratum],
        np.bincount(stratum, ~is_fraud)[stratum],
    )
    weight = np.where(is_fraud, 1.0, frauds / others)
    features = _centred(both, columns, within)
    fold, scores = unseen_scores(features, is_fraud, unit, seed, weight)
    pairs = Pairs(scores, is_fraud, stratum.astype(np.int64) * FOLDS + fold)
    rng = np.random.default_rng(seed)
    drawn = [pairs.in_order(_again(unit, rng)) for _ in range(RESAMPLES)]
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    value = pairs.in_order(np.ones(is_fraud.size))
    return Interval(value, float(low), float(high), int(unit.max()) + 1)


def _centred(rows: pl.DataFrame, columns: Sequence[str], within: Sequence[str]) -> Floats:
    """The columns as differences from their stratum's mean, which itself tells nothing."""
    numbers = [pl.col(name).cast(pl.Float64) for name in columns]
    centred = rows.select(number - number.mean().over(list(within)) for number in numbers)
    return np.asarray(centred.fill_null(0.0).to_numpy(), np.float64)


def _again(unit: Rows, rng: np.random.Generator) -> Floats:
    """Weights of the rows when the groups are drawn with replacement."""
    count = int(unit.max()) + 1
    drawn = np.bincount(rng.integers(0, count, count), minlength=count)
    return np.asarray(drawn[unit], np.float64)


class Pairs:
    """Pairs of a fraud and another row of one place, by their scores."""

    def __init__(self, scores: Floats, is_fraud: Flags, place: Rows) -> None:
        _, level = np.unique(scores, return_inverse=True)
        self._order = np.lexsort((level, place))
        self._is_fraud = is_fraud[self._order]
        begins = np.diff(place[self._order], prepend=-1) != 0
        tied = np.flatnonzero(begins | (np.diff(level[self._order], prepend=-1) != 0))
        self._tied = tied
        self._places = np.flatnonzero(begins)
        self._place_of_tied = np.searchsorted(self._places, tied, side="right") - 1

    def in_order(self, weight: Floats) -> float:
        """The share of pairs in which the fraud scores higher; ties count half."""
        weighed = weight[self._order]
        fraud = np.add.reduceat(np.where(self._is_fraud, weighed, 0.0), self._tied)
        other = np.add.reduceat(np.where(self._is_fraud, 0.0, weighed), self._tied)
        count = self._places.size
        others = np.bincount(self._place_of_tied, other, count)
        before = np.cumsum(others) - others
        below = np.cumsum(other) - other - before[self._place_of_tied]
        frauds = np.bincount(self._place_of_tied, fraud, count)
        pairs = float((frauds * others).sum())
        return float((fraud * (below + other / 2)).sum()) / pairs if pairs else float("nan")
