"""Scoring with a booster, beside scikit-learn's bare predict_proba of the same trees and rows.

A frame of 40 features with missing values is scored as the nightly batch does it, calibrated; the
bare model gets the same rows as a ready matrix of floats. Both take turns in one process. Reasons
are those of the most suspicious hundredth.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any, Final

from processes import CHILD, measure, tell

FEATURES: Final = 40
TRAINING_ROWS: Final = 100_000
REASONS_SHARE: Final = 0.01
AIM: Final = 150_000


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument(CHILD, nargs=2, type=int, help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.child:
        tell(take_turns(*options.child))
        return
    measured = measure(__file__, str(options.rows), str(options.runs))
    for line in report(measured.told, options.rows):
        print(line)
    print(f"peak memory {measured.peak_mebibytes:,.0f} MiB, with training and both ways' rows")


def take_turns(rows: int, runs: int) -> dict[str, list[float]]:
    """Seconds of each way, run by run."""
    import numpy as np

    from models.scores.booster import Booster
    from models.scores.columns import matrix
    from models.scores.reasons import Reasons

    frame, labels = subjects(TRAINING_ROWS, seed=1)
    booster = Booster(folds=2).fit(frame, labels)
    reasons = Reasons().fit(frame)
    scored, _ = subjects(rows, seed=2)
    ready = matrix(scored, booster.columns_)
    flagged = scored[np.argsort(-booster.probability(scored))[: int(rows * REASONS_SHARE)]]
    ways: dict[str, Callable[[], Any]] = {
        "Booster.predict_proba": lambda: booster.predict_proba(scored),
        "bare predict_proba": lambda: booster.booster_.predict_proba(ready),
        "Reasons.codes": lambda: reasons.codes(booster, flagged, scored),
    }
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(runs):
        for way, score in ways.items():
            started = time.perf_counter()
            score()
            seconds[way].append(time.perf_counter() - started)
    return seconds


def subjects(rows: int, seed: int) -> tuple[Any, Any]:
    """Features of which a few say something, together, about the label; every tenth is missing."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(seed)
    values = rng.exponential(1.0, (rows, FEATURES))
    odds = values[:, :8].sum(axis=1) + 2 * values[:, 8] * values[:, 9] - 14
    labels = rng.random(rows) < 1 / (1 + np.exp(-odds))
    values[rng.random(values.shape) < 0.1] = np.nan
    frame = pl.DataFrame({f"feature_{c}": values[:, c] for c in range(FEATURES)}, nan_to_null=True)
    return frame, pl.Series("label", labels)


def report(seconds: dict[str, list[float]], rows: int) -> list[str]:
    """A line a way, with its median, and the ratio to the bare one."""
    flagged = int(rows * REASONS_SHARE)
    lines = [f"{rows:,} rows of {FEATURES} features"]
    for way, runs in seconds.items():
        count = flagged if way == "Reasons.codes" else rows
        middle = statistics.median(runs)
        spread = f"{min(runs):.2f} to {max(runs):.2f} s"
        lines.append(f"{way:24}{count / middle:12,.0f} rows/s   {middle:6.2f} s ({spread})")
    ours, bare = (
        statistics.median(seconds[w]) for w in ("Booster.predict_proba", "bare predict_proba")
    )
    met = "met" if rows / ours >= AIM else "missed"
    lines.append(f"ours / bare {ours / bare:.2f} of the time; aim {AIM:,} rows/s: {met}")
    return lines


if __name__ == "__main__":
    main()
