"""Whether a probability means what it says: Brier's score, and what became of each tenth."""

import polars as pl

from models.evaluation.intervals import Interval, share

TENTHS = 10


def brier(subjects: pl.DataFrame) -> tuple[float, float]:
    """Mean square of what a score was wrong by (Brier 1950): of all subjects, and of those scored.

    Subjects of which no detector speaks have score 0.
    """
    judged = subjects.filter(~pl.col("is_idle"))
    wrong = (pl.col("score") - pl.col("is_fraud").cast(pl.Float64)) ** 2
    every = judged.select(wrong.mean()).item()
    scored = judged.filter(pl.col("score") > 0).select(wrong.mean()).item()
    nothing = float("nan")
    return (nothing if every is None else every), (nothing if scored is None else scored)


def reliability(subjects: pl.DataFrame) -> list[tuple[str, int, float, Interval]]:
    """Of each tenth of scores above 0: how many subjects, their mean score, the share of fraud."""
    scored = subjects.filter(pl.col("score") > 0, ~pl.col("is_idle"))
    tenth = (pl.col("score") * TENTHS).ceil().clip(1, TENTHS).cast(pl.Int64)
    return [
        (
            f"{(number - 1) / TENTHS:.1f} to {number / TENTHS:.1f}",
            of.height,
            float(of["score"].to_numpy().mean()),
            share(of, "is_fraud", ["unit"]),
        )
        for number in range(1, TENTHS + 1)
        for of in [scored.filter(tenth == number)]
        if of.height
    ]
