"""How often what shares a key was positive, told to each row by the others only."""

from collections.abc import Sequence
from typing import Self

import numpy as np
import polars as pl
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from models.scores.columns import refuse_missing
from models.scores.folds import stratified_folds

Keys = Sequence[Sequence[str]]


class LabelEncoding(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Smoothed log odds of the label for each key, cross-fitted (Micci-Barreca, 2001).

    A row of the training is told the odds of other folds, never its own or those of its group;
    leaving out only the row itself tells its label by what is missing.

    Args:
        keys: columns, or combinations of columns, whose values are keys.
        strength: rows that the average of all rows counts for in each key.
        folds: into which the groups of the training are divided.
    """

    def __init__(
        self, keys: Keys, *, strength: float = 20.0, folds: int = 10, random_state: int = 0
    ) -> None:
        self.keys = keys
        self.strength = strength
        self.folds = folds
        self.random_state = random_state

    def fit(self, frame: pl.DataFrame, labels: pl.Series) -> Self:
        """Learn every key's odds from all rows.

        Raises:
            BadColumns: a column of a key is missing.
        """
        refuse_missing(frame, sorted({column for key in self.keys for column in key}))
        rows = frame.with_columns(labels.cast(pl.Float64).alias(_LABEL))
        self.average_ = float(rows[_LABEL].mean() or 0.0)  # type: ignore[arg-type]
        self.counts_ = {
            encoded_name(key): rows.group_by(key).agg(
                pl.col(_LABEL).sum().alias(_POSITIVES), pl.len().alias(_ROWS)
            )
            for key in self.keys
        }
        return self

    def transform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Log odds of later rows' keys, a column a key; an unknown key has those of all rows."""
        check_is_fitted(self)
        refuse_missing(frame, sorted({column for key in self.keys for column in key}))
        return pl.DataFrame(
            [self._odds(frame, key, self.counts_[encoded_name(key)]) for key in self.keys]
        )

    def fit_transform(
        self, frame: pl.DataFrame, labels: pl.Series, groups: pl.Series | None = None
    ) -> pl.DataFrame:
        """Learn from all rows, and tell each the odds that it has in the other folds."""
        names = np.arange(frame.height) if groups is None else groups.to_numpy()
        rng = np.random.default_rng(self.random_state)
        outcome = labels.cast(pl.Boolean).to_numpy().astype(np.bool_)
        fold = pl.Series(stratified_folds(outcome, names, self.folds, rng))
        parts = []
        for number in fold.unique():
            rest = fold != number
            self.fit(frame.filter(rest), labels.filter(rest))
            places = (~rest).arg_true().alias(_PLACE)
            parts.append(self.transform(frame.filter(~rest)).with_columns(places))
        self.fit(frame, labels)
        return pl.concat(parts).sort(_PLACE).drop(_PLACE)

    def _odds(self, frame: pl.DataFrame, key: Sequence[str], counts: pl.DataFrame) -> pl.Series:
        met = frame.select(key).join(
            counts, on=list(key), how="left", nulls_equal=True, maintain_order="left"
        )
        positives = pl.col(_POSITIVES).fill_null(0) + self.strength * self.average_
        share = positives / (pl.col(_ROWS).fill_null(0) + self.strength)
        return met.select((share / (1 - share)).log().alias(encoded_name(key))).to_series()


def encoded_name(key: Sequence[str]) -> str:
    """Of a key's column of log odds."""
    return f"{'_'.join(key)}_log_odds"


_LABEL, _POSITIVES, _ROWS, _PLACE = ".label", ".positives", ".rows", ".place"
