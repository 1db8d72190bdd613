"""A challenger becomes champion only by being better on days that neither has seen."""

from dataclasses import dataclass
from datetime import date
from math import nan
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from models.scores.ranking import RESAMPLES, Ranked, interval, resampled_weights
from models.scores.store import Kept, ModelStore

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class UnfairComparison(ValueError):
    """The rows to compare on are not later than what a model has learned from."""


@dataclass(frozen=True)
class Comparison:
    """Average precision of both on the same rows, and the interval of their difference.

    Attributes:
        low, high: of ``challenger - champion``, 95 %, from paired resampling.
        is_better: the lower bound is above zero.
        statement: the same in words.
    """

    rows: int
    positives: int
    champion: float
    challenger: float
    low: float
    high: float
    is_better: bool
    statement: str


def compare(
    labels: Bools,
    champion: Floats,
    challenger: Floats,
    groups: npt.NDArray[np.generic] | None = None,
    *,
    resamples: int = RESAMPLES,
    random_state: int = 0,
) -> Comparison:
    """Resample rows, or groups of them, for both scores alike (paired bootstrap)."""
    rows, positives = len(labels), int(labels.sum())
    if positives == 0 or positives == rows:
        which = "confirmed" if positives else "dismissed"
        said = f"nothing to compare: all {rows:,} later labels are {which}; the champion stays"
        return Comparison(rows, positives, nan, nan, nan, nan, False, said)
    old, new = Ranked(champion, labels), Ranked(challenger, labels)
    rng = np.random.default_rng(random_state)
    gains = np.empty(resamples)
    for draw in range(resamples):
        weight = resampled_weights(rows if groups is None else groups, rng)
        gains[draw] = new.average_precision(weight) - old.average_precision(weight)
    low, high = interval(gains) if np.isfinite(gains).any() else (nan, nan)
    before, after = old.average_precision(), new.average_precision()
    is_better = bool(low > 0)
    said = (
        f"{'the challenger is better' if is_better else 'the champion stays'}: average precision "
        f"{before:.4f} to {after:.4f}, difference {low:+.4f} to {high:+.4f} (95 %), on {rows:,} "
        f"rows with {positives:,} confirmed"
    )
    return Comparison(rows, positives, before, after, low, high, is_better, said)


def challenge(
    store: ModelStore,
    challenger: Kept,
    later: pl.DataFrame,
    labels: pl.Series,
    days: pl.Series,
    groups: pl.Series | None = None,
    *,
    random_state: int = 0,
) -> Comparison:
    """Compare with the champion on later rows, and crown the challenger if it is better.

    Where there is no champion yet, the challenger must beat a score that is the same for all.

    Raises:
        UnfairComparison: a row's day is not after the last training day of both.
        ModelUnreadable: the champion cannot be read.
    """
    champion = store.champion(challenger.card.detector)
    for kept in filter(None, (champion, challenger)):
        _refuse_seen_days(kept.card.trained_to, days)
    comparison = compare(
        labels.cast(pl.Boolean).to_numpy().astype(np.bool_),
        np.zeros(later.height) if champion is None else _scores(champion.model, later),
        _scores(challenger.model, later),
        None if groups is None else groups.to_numpy(),
        random_state=random_state,
    )
    if comparison.is_better:
        store.crown(challenger.card.detector, challenger.version)
    return comparison


def _scores(model: Any, frame: pl.DataFrame) -> Floats:
    scores: Floats = model.probability(frame)
    return scores


def _refuse_seen_days(trained_to: date, days: pl.Series) -> None:
    seen = int((days <= trained_to).sum())
    if seen:
        raise UnfairComparison(
            f"{seen:,} of {len(days):,} rows lie on or before {trained_to}, the last training day"
        )
