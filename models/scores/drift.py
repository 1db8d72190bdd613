"""What has changed since: features and scores, how much is flagged, and verdicts that turned."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from models.scores.columns import matrix

Floats = npt.NDArray[np.float64]

BINS: Final = 10
MODERATE, LARGE = 0.1, 0.25
"""The customary marks of the population stability index (Siddiqi, 2006)."""
HALF_A_ROW: Final = 0.5  # in each bin, so that an empty one is not infinitely far


def drift(
    before: pl.DataFrame, after: pl.DataFrame, columns: Sequence[str], bins: int = BINS
) -> pl.DataFrame:
    """The population stability index of each column.

    Bins are quantiles of ``before``; missing is a bin of its own. The index is biased upward by
    about (bins - 1) * (1/rows before + 1/rows after): its expectation without any change.

    Returns:
        A row a column: ``column``, ``psi`` (null where a side has no rows), ``expected_psi``,
        ``missing_before``, ``missing_after`` (shares), ``median_before``, ``median_after``, and
        ``level``: stable, moderate, large, or ``no rows``.

    Raises:
        BadColumns: a column is missing, no number, or infinite.
    """
    old, new = matrix(before, columns), matrix(after, columns)
    rows = [_column(name, old[:, place], new[:, place], bins) for place, name in enumerate(columns)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def flag_volume(states: pl.DataFrame) -> pl.DataFrame:
    """Flags a day beside the days before.

    Args:
        states: ``event_date`` and ``state`` (effective, pending, dismissed or null), a row a
            subject.

    Returns:
        A row a day: ``event_date``, ``subjects``, ``flagged``, ``flag_rate``, and
        ``deviations``: how many binomial standard deviations the day lies from the rate of the
        other days; null where there are no others.
    """
    days = (
        states.group_by("event_date")
        .agg(pl.len().alias("subjects"), pl.col("state").is_in(FLAGGED).sum().alias("flagged"))
        .sort("event_date")
        .with_columns((pl.col("flagged") / pl.col("subjects")).alias("flag_rate"))
    )
    others = pl.col("subjects").sum() - pl.col("subjects")
    rate = (pl.col("flagged").sum() - pl.col("flagged")) / pl.when(others > 0).then(others)
    spread = (rate * (1 - rate) * (1 / pl.col("subjects") + 1 / others)).sqrt()
    away = (pl.col("flag_rate") - rate) / pl.when(spread > 0).then(spread)
    return days.with_columns(away.alias("deviations"))


def churn(before: pl.DataFrame, after: pl.DataFrame, subject: str) -> pl.DataFrame:
    """How many subjects' verdicts turned from one run to the next.

    Args:
        before, after: the subject's id and ``state``, a row a subject; one that is absent or
            null has none.

    Returns:
        A row a pair of states: ``state_before``, ``state_after``, ``subjects``, and ``share`` of
        all subjects that have a state in either.
    """
    pairs = before.select(subject, state_before="state").join(
        after.select(subject, state_after="state"), on=subject, how="full", coalesce=True
    )
    states = pl.col("state_before", "state_after").fill_null("none")
    return (
        pairs.filter(~pl.all_horizontal(pl.col("state_before", "state_after").is_null()))
        .group_by(states)
        .agg(pl.len().alias("subjects"))
        .with_columns((pl.col("subjects") / pl.col("subjects").sum()).alias("share"))
        .sort("subjects", "state_before", "state_after", descending=[True, False, False])
    )


FLAGGED: Final = ("effective", "pending")
SCHEMA: Final = {
    "column": pl.String(),
    "psi": pl.Float64(),
    "expected_psi": pl.Float64(),
    "missing_before": pl.Float64(),
    "missing_after": pl.Float64(),
    "median_before": pl.Float64(),
    "median_after": pl.Float64(),
    "level": pl.String(),
}


def _column(name: str, old: Floats, new: Floats, bins: int) -> tuple[object, ...]:
    shares = [float(np.isnan(side).mean()) if len(side) else None for side in (old, new)]
    medians = [_median(side) for side in (old, new)]
    if not len(old) or not len(new):
        return (name, None, None, *shares, *medians, "no rows")
    edges = _edges(old, bins)
    counts = [_counts(side, edges) for side in (old, new)]
    used = int((counts[0] + counts[1] > 0).sum())
    expected = (used - 1) * (1 / len(old) + 1 / len(new))
    psi = _psi(*counts)
    excess = psi - expected
    level = "stable" if excess < MODERATE else "moderate" if excess < LARGE else "large"
    return (name, psi, expected, *shares, *medians, level)


def _edges(values: Floats, bins: int) -> Floats:
    """Upper borders of all bins but the last; a value that is many quantiles is one border."""
    present = values[~np.isnan(values)]
    if not len(present):
        return np.empty(0)
    return np.unique(np.quantile(present, np.arange(1, bins) / bins, method="lower"))


def _counts(values: Floats, edges: Floats) -> Floats:
    present = values[~np.isnan(values)]
    binned = np.bincount(np.searchsorted(edges, present), minlength=len(edges) + 1)
    return np.append(binned, len(values) - len(present)).astype(np.float64)


def _psi(old: Floats, new: Floats) -> float:
    used = old + new > 0
    shares = [(side[used] + HALF_A_ROW) / (side[used] + HALF_A_ROW).sum() for side in (old, new)]
    return float((shares[1] - shares[0]) @ np.log(shares[1] / shares[0]))


def _median(values: Floats) -> float | None:
    present = values[~np.isnan(values)]
    return float(np.median(present)) if len(present) else None
