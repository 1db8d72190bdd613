"""Why a row is flagged: the columns without whose value its score would be lower."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, Self

import numpy as np
import numpy.typing as npt
import polars as pl
from sklearn.base import BaseEstimator

from models.scores.columns import matrix

Floats = npt.NDArray[np.float64]

LEAST_DROP: Final = 1e-9  # of a probability; less is rounding
BLOCK_ROWS: Final = 4_096  # flagged rows at once; each is scored once a column


class Scorer(Protocol):
    """What tells a probability of each row of a frame."""

    def probability(self, frame: pl.DataFrame) -> Floats: ...


@dataclass(frozen=True)
class Reason:
    """A column's value in a flagged row, and how much lower the score is at the neutral value.

    Attributes:
        value: None: missing.
        percentile: share of the population with a smaller value, 0 to 100; missing is the largest.
        drop: score minus the score with the neutral value, above 0.
    """

    column: str
    value: float | None
    percentile: float
    drop: float

    def __str__(self) -> str:
        """As it is kept in tables: ``<column>=<value>@<percentile>``."""
        value = "missing" if self.value is None else f"{self.value:.6g}"
        return f"{self.column}={value}@{self.percentile:.4g}"


class Reasons(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Knows what is typical of honest rows, and explains flagged ones by it.

    Each column by itself is set to its typical value; those whose neutralising lowers the score
    are reasons, the strongest first. This is what a counterfactual says; it needs no surrogate.
    When two columns say the same and either suffices, neither may be a reason by itself.

    Args:
        limit: reasons kept of a row.
        neutral: values to use for columns instead of the median.

    Attributes:
        typical_: each column's median among honest rows, or null where most have no value.
    """

    def __init__(self, limit: int = 5, neutral: Mapping[str, float | None] | None = None) -> None:
        self.limit = limit
        self.neutral = neutral

    def fit(self, frame: pl.DataFrame, honest: pl.Series | None = None) -> Self:
        """Learn typical values from rows (numbers only); ``honest`` says of each whether it counts.

        Raises:
            BadColumns: a column is no number, or holds infinite values.
        """
        rows = frame if honest is None else frame.filter(honest)
        values = matrix(rows, frame.columns)
        mostly_missing = np.isnan(values).mean(axis=0) >= 0.5 if len(values) else True
        middle = np.nan if not len(values) else _lower_medians(values)
        typical = np.where(mostly_missing, np.nan, middle) * np.ones(frame.width)
        self.typical_ = {
            column: None if np.isnan(value) else float(value)
            for column, value in zip(frame.columns, typical, strict=True)
        } | dict(self.neutral or {})
        return self

    def explain(
        self, scorer: Scorer, flagged: pl.DataFrame, population: pl.DataFrame
    ) -> list[list[Reason]]:
        """Reasons of each flagged row, strongest first; a row may have none.

        Args:
            scorer: tells probabilities; only the columns it reads can become reasons.
            flagged: rows to explain.
            population: rows among which percentiles are told, such as all of that day.

        Raises:
            BadColumns: a column that was fitted is missing, no number, or infinite.
        """
        columns = list(self.typical_)
        values, drops = matrix(flagged, columns), self.drops(scorer, flagged)
        percentiles = _percentiles(values, matrix(population, columns))
        strongest = np.argsort(-drops, axis=1, kind="stable")[:, : self.limit]
        return [
            [
                Reason(
                    columns[c],
                    None if np.isnan(values[row, c]) else float(values[row, c]),
                    float(percentiles[row, c]),
                    float(drops[row, c]),
                )
                for c in strongest[row]
                if drops[row, c] > LEAST_DROP
            ]
            for row in range(flagged.height)
        ]

    def codes(self, scorer: Scorer, flagged: pl.DataFrame, population: pl.DataFrame) -> pl.Series:
        """Reasons as lists of strings, one a flagged row."""
        told = self.explain(scorer, flagged, population)
        return pl.Series(
            "reason_codes", [[str(r) for r in row] for row in told], pl.List(pl.String)
        )

    def drops(self, scorer: Scorer, flagged: pl.DataFrame) -> Floats:
        """How much neutralising each column lowers the score, shape (rows, columns)."""
        columns = list(self.typical_)
        parts = [self._drops(scorer, b, columns) for b in flagged.iter_slices(BLOCK_ROWS)]
        return np.concatenate(parts) if flagged.height else np.empty((0, len(columns)))

    def _drops(self, scorer: Scorer, block: pl.DataFrame, columns: Sequence[str]) -> Floats:
        block = block.with_columns(pl.col(*columns).cast(pl.Float64))
        neutralised = pl.concat([block, *(self._without(block, column) for column in columns)])
        scores = scorer.probability(neutralised).reshape(len(columns) + 1, block.height)
        lowered: Floats = (scores[0] - scores[1:]).T
        return lowered

    def _without(self, block: pl.DataFrame, column: str) -> pl.DataFrame:
        typical: Any = pl.lit(self.typical_[column], pl.Float64)
        return block.with_columns(typical.alias(column))


def _lower_medians(values: Floats) -> Floats:
    """A value that occurs, so that a boolean or a count stays one; NaN where all are missing."""
    ranked = np.sort(values, axis=0)  # NaN last
    present = (~np.isnan(values)).sum(axis=0)
    middle = np.maximum(present - 1, 0) // 2
    medians: Floats = ranked[middle, np.arange(values.shape[1])]
    return medians


def _percentiles(values: Floats, population: Floats) -> Floats:
    """Share of the population below each value, in percent; of nobody, 0."""
    if not len(population):
        return np.zeros_like(values)
    ranked = np.sort(population, axis=0)
    shares = np.empty_like(values)
    for column in range(values.shape[1]):
        below = np.searchsorted(ranked[:, column], values[:, column])
        shares[:, column] = 100 * below / len(population)
    return shares
