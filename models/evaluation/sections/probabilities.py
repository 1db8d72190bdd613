"""Whether a probability means what it says, here, where fraud is rarer, and case by case."""

from collections.abc import Iterator

import numpy as np

from models.evaluation.formats import NOTHING, number, percent, picture, prose, table
from models.evaluation.measured import Judged


def lines(judged: Judged) -> Iterator[str]:
    yield from _calibration(judged)
    yield ""
    yield from prose(
        "If fraud were rarer, and both it and the honest were flagged as often as here:"
    )
    yield from table(
        ("fraud among all subjects", "precision"),
        [(f"{rate:.1%}", NOTHING if np.isnan(p) else f"{p:.1%}") for rate, p in judged.base_rates],
    )
    yield ""
    yield from prose(
        "Of the first cases of each town and night, by the sum of their probabilities:"
    )
    yield from table(
        ("cases a night", "cases in all", "right"),
        [(n, f"{total:,}", percent(right)) for n, right, total in judged.capacity],
    )


def _calibration(judged: Judged) -> Iterator[str]:
    every, scored = judged.brier
    yield from prose(
        f"Brier's score: {number(every, 4)} over all subjects, {number(scored)} over those that",
        "any detector speaks of.",
    )
    yield from table(
        ("score", "subjects", "mean score", "share of fraud"),
        [
            (name, f"{count:,}", f"{mean:.2f}", percent(real))
            for name, count, mean, real in judged.reliability
        ],
    )
    yield from picture(judged.plots, "calibration")
