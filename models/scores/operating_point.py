"""Where scores become verdicts: a precision budget above, reviewers' capacity below."""

from dataclasses import dataclass
from math import ceil
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import norm

from models.scores.intervals import LEVEL, wilson, wilson_lower

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

BUDGET: Final = 0.98


@dataclass(frozen=True)
class Precision:
    """A share of confirmed among decided rows, with its Wilson interval."""

    confirmed: int
    decided: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        return self.confirmed / self.decided if self.decided else None


@dataclass(frozen=True)
class OperatingPoint:
    """Two thresholds of one score, and what they rest on.

    Attributes:
        effective_from: scores from here on may be effective; None: no score may.
        pending_from: scores from here on, below ``effective_from``, are for reviewers; None: none.
        precision: among decided rows at or above ``effective_from``; of all decided, if it is None.
        at_capacity: among decided rows that reviewers' capacity reaches, from the top.
        statement: the same in words.
    """

    budget: float
    capacity_per_day: float
    effective_from: float | None
    pending_from: float | None
    precision: Precision
    at_capacity: Precision
    statement: str

    def states(self, scores: Floats) -> pl.Series:
        """``effective``, ``pending`` or null for each score."""
        score = pl.col("score")
        effective = _at_least(score, self.effective_from)
        pending = _at_least(score, self.pending_from)
        state = pl.when(effective).then(pl.lit("effective")).when(pending).then(pl.lit("pending"))
        return pl.DataFrame({"score": scores}).select(state.alias("state"))["state"]


def operating_point(
    decided: pl.DataFrame,
    scored: pl.DataFrame,
    *,
    capacity_per_day: float,
    budget: float = BUDGET,
) -> OperatingPoint:
    """Choose the thresholds of one score.

    Effective is the lowest decided score from which on the lower Wilson bound (95 %) of precision
    keeps the budget. Pending is the lowest score at which what is not effective fits, on the
    average day, into the capacity. With too few labels nothing is effective: the most suspicious
    rows that the capacity allows are pending.

    Args:
        decided: ``score`` and ``label`` (confirmed or not) of rows that people decided, matured.
        scored: ``score`` and ``event_date`` of what would be shown to reviewers, a row a case.
        capacity_per_day: cases that reviewers can decide a day.
        budget: the precision that verdicts without a person must keep.
    """
    scores = decided["score"].to_numpy().astype(np.float64)
    labels = decided["label"].cast(pl.Boolean).to_numpy().astype(np.bool_)
    effective = _lowest_within_budget(scores, labels, budget)
    reached = _capacity_threshold(scored, capacity_per_day, np.inf)
    below = np.inf if effective is None else effective
    precision = _precision(scores, labels, -np.inf if effective is None else effective)
    return OperatingPoint(
        budget=budget,
        capacity_per_day=capacity_per_day,
        effective_from=effective,
        pending_from=_capacity_threshold(scored, capacity_per_day, below),
        precision=precision,
        at_capacity=_precision(scores, labels, np.inf if reached is None else reached),
        statement=_statement(effective, precision, budget),
    )


def labels_needed(budget: float) -> int:
    """Decided rows without a single error from which on a budget can be kept."""
    z2 = float(norm.ppf((1 + LEVEL) / 2)) ** 2
    return ceil(z2 * budget / (1 - budget))


def _lowest_within_budget(scores: Floats, labels: Bools, budget: float) -> float | None:
    order = np.argsort(-scores, kind="stable")
    ranked, confirmed = scores[order], np.cumsum(labels[order], dtype=np.int64)
    if not len(ranked):
        return None
    last_of_tie = np.append(ranked[1:] != ranked[:-1], True)
    lower = wilson_lower(confirmed, np.arange(1, len(ranked) + 1))
    kept = np.flatnonzero(last_of_tie & (lower >= budget))
    return float(ranked[kept[-1]]) if len(kept) else None


def _capacity_threshold(scored: pl.DataFrame, capacity: float, below: float) -> float | None:
    """The lowest score at or above which not more than the capacity lies, a day; ties stay out."""
    days = scored["event_date"].n_unique()
    queue = np.sort(scored["score"].to_numpy().astype(np.float64))[::-1]
    queue = queue[queue < below]
    places = int(capacity * days)
    if places >= len(queue):
        return float(queue[-1]) if len(queue) else None
    fitting = queue[:places][queue[:places] > queue[places]]
    return float(fitting[-1]) if len(fitting) else None


def _precision(scores: Floats, labels: Bools, threshold: float) -> Precision:
    above = scores >= threshold
    confirmed, decided = int(labels[above].sum()), int(above.sum())
    return Precision(confirmed, decided, *wilson(confirmed, decided))


def _statement(effective: float | None, precision: Precision, budget: float) -> str:
    if effective is not None:
        return (
            f"effective from {effective:.4f}: {precision.confirmed:,} of {precision.decided:,} "
            f"decided rows confirmed, at least {precision.low:.4f}"
        )
    needed = labels_needed(budget)
    if precision.decided < needed:
        return (
            f"nothing is effective: {precision.decided:,} labels; without a single error "
            f"{needed:,} are needed for {budget:.0%}"
        )
    return f"nothing is effective: at no threshold is precision surely {budget:.0%}"


def _at_least(score: Any, threshold: float | None) -> Any:
    return pl.lit(False) if threshold is None else score >= threshold
