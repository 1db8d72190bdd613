"""A measured figure with its interval, beside what was aimed at and what a careful try reached."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import t
from sklearn.metrics import average_precision_score, roc_auc_score

Array = npt.NDArray[np.float64]
Metric = Callable[[Array, Array], float]

DATA: Final = Path("../shared/data")
LEVEL: Final = 0.95
METRICS: Final[dict[str, Metric]] = {"AUC": roc_auc_score, "AP": average_precision_score}


@dataclass(frozen=True)
class Mark:
    """One figure. ``spread`` is the standard deviation over runs, if there are several."""

    name: str
    value: float
    low: float
    high: float
    aim: float | None
    careful_try: float | None
    spread: float | None = None


def over_runs(
    name: str, values: Sequence[float], *, aim: float | None, careful_try: float | None
) -> Mark:
    """The mean of runs with Student's interval of that mean."""
    mean, spread = float(np.mean(values)), float(np.std(values, ddof=1))
    half = float(t.ppf((1 + LEVEL) / 2, len(values) - 1)) * spread / len(values) ** 0.5
    return Mark(name, mean, mean - half, mean + half, aim, careful_try, spread)


def resampled(
    name: str,
    metric: Metric,
    truth: Array,
    scores: Array,
    groups: pl.Series,
    *,
    aim: float | None = None,
    careful_try: float | None = None,
    resamples: int = 300,
) -> Mark:
    """One run with the percentile bootstrap's interval: groups are drawn, not rows."""
    codes = groups.rank("dense").to_numpy().astype(np.int64) - 1
    size = int(codes.max()) + 1
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(resamples):
        times = np.bincount(rng.integers(0, size, size), minlength=size)
        rows = np.repeat(np.arange(len(codes)), times[codes])
        drawn.append(metric(truth[rows], scores[rows]))
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Mark(name, metric(truth, scores), float(low), float(high), aim, careful_try)


def show(title: str, marks: Sequence[Mark]) -> None:
    """Print marks as a table; what is not reached says so."""
    print(f"\n{title}")
    print(f"{'':34}{'value':>8}{'95 % interval':>18}{'sd':>8}{'aim':>8}{'try':>8}")
    for mark in marks:
        interval = f"[{mark.low:.4f}, {mark.high:.4f}]"
        rest = "".join(_or_blank(x) for x in (mark.spread, mark.aim, mark.careful_try))
        missed = "  missed" if mark.aim is not None and mark.value < mark.aim else ""
        print(f"{mark.name:34}{mark.value:8.4f}{interval:>18}{rest}{missed}")


def _or_blank(value: float | None) -> str:
    return " " * 8 if value is None else f"{value:8.4f}"
