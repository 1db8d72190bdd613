"""A day beside the four weeks before it: distributions by their index, flags by number."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl
import yaml

from models.drift.stability import KEY, stability
from pipelines.warehouse.engines.made import Tables
from pipelines.warehouse.lake import Window

DAYS: Final = 28
LEAST_DAYS: Final = 14
"""Days before with subjects, so that all days of the week are among them twice."""
LEAST_ROWS: Final = 100
"""On either side; of fewer, the index moves by a quarter of its mark for nothing."""
MODERATE, LARGE = 0.1, 0.25
"""The customary marks of the population stability index (Siddiqi, 2006)."""
MANY, VERY_MANY = 3, 5
"""Deviations from the number of flags that the days before let expect."""
SETTLED_AFTER: Final = {"ad_click": 7, "order": 28, "review": 14, "note": 14, "user": 7}
"""How many days after its own a subject's conduct looks at."""
LONGEST: Final = max(SETTLED_AFTER.values())
AT_ONCE: Final = Path(__file__).with_name("at_once.yaml")

COUNTS: Final = f"""
SELECT * FROM risk.value_counts_daily
WHERE event_date BETWEEN $from_date - {DAYS} AND $to_date
"""
COME: Final = f"""
SELECT DISTINCT event_date FROM risk.value_counts_daily
WHERE event_date BETWEEN $from_date AND $to_date + {LONGEST}
"""
SCHEMA: Final = {
    "subject": pl.String(),
    "measure": pl.String(),
    "name": pl.String(),
    "event_date": pl.Date(),
    "rows": pl.Int64(),
    "rows_before": pl.Int64(),
    "days_before": pl.Int64(),
    "missing": pl.Float64(),
    "missing_before": pl.Float64(),
    "median": pl.Float64(),
    "median_before": pl.Float64(),
    "psi": pl.Float64(),
    "expected_psi": pl.Float64(),
    "flagged": pl.Int64(),
    "expected_flags": pl.Float64(),
    "deviations": pl.Float64(),
    "level": pl.String(),
    "is_settled": pl.Boolean(),
}


def drift(tables: Tables, window: Window | None) -> pl.DataFrame:
    """Rows of ``risk.drift_daily``: each day of the window beside the days before it."""
    assert window is not None
    counts = tables.sql(COUNTS)
    come = tables.sql(COME)["event_date"]
    found = [_of_day(counts, day) for day in window.days()]
    moved = pl.concat([pl.DataFrame(schema=SCHEMA).drop("is_settled"), *found], how="diagonal")
    moved = moved.with_columns(is_settled=_is_settled(moved, come))
    return moved.select(*SCHEMA).sort(*KEY, "event_date")


def _of_day(counts: pl.DataFrame, day: date) -> pl.DataFrame:
    known = counts.filter(pl.col("event_date").is_between(day - timedelta(days=DAYS), day))
    found = pl.concat([_distributions(known, day), _volumes(known, day)], how="diagonal_relaxed")
    return found.with_columns(event_date=pl.lit(day))


def _distributions(known: pl.DataFrame, day: date) -> pl.DataFrame:
    is_day = pl.col("event_date") == day
    sides = known.group_by(*KEY, "value").agg(
        new=pl.col("subjects").filter(is_day).sum(), old=pl.col("subjects").filter(~is_day).sum()
    )
    days = known.group_by(KEY).agg(days_before=pl.col("event_date").filter(~is_day).n_unique())
    excess = pl.col("psi") - pl.col("expected_psi")
    return (
        stability(sides)
        .join(days.cast({"days_before": pl.Int64}), on=KEY)
        .with_columns(level=_level(excess, MODERATE, LARGE))
        .with_columns(pl.when(_is_enough()).then(pl.col("psi", "expected_psi")))
    )


def _volumes(known: pl.DataFrame, day: date) -> pl.DataFrame:
    """How many each detector flags, on a scale on which the deviation of rare counts is one.

    The scale is the root (Anscombe, 1948); if the days before lie further apart on it, as they do
    where fraud comes in campaigns, their own deviation is the measure.
    """
    by_day = known.group_by(*KEY, "event_date").agg(pl.col("subjects").sum())
    conduct, scores = (by_day.filter(measure=kind) for kind in ("conduct", "score"))
    subjects = conduct.group_by("subject", "event_date").agg(pl.col("subjects").max())
    detectors = scores.select("subject", "name").unique()
    flags = scores.select("subject", "name", "event_date", flags="subjects")
    is_day = pl.col("event_date") == day
    of, before = ["subject", "name"], ~is_day
    others = _sum("subjects", before).over(of)
    return (
        detectors.join(subjects, on="subject")
        .join(flags, on=[*of, "event_date"], how="left")
        .with_columns(pl.col("flags").fill_null(0))
        .with_columns(of_all=pl.col("subjects") / pl.when(others > 0).then(others))
        .with_columns(expected=_sum("flags", before).over(of) * pl.col("of_all"))
        .with_columns(away=2 * (_root("flags") - _root("expected")))
        .sort(*of, "event_date")
        .group_by(of, maintain_order=True)
        .agg(
            rows=_sum("subjects", is_day),
            rows_before=_sum("subjects", before),
            days_before=before.sum().cast(pl.Int64),
            flagged=_sum("flags", is_day),
            expected_flags=pl.col("expected").filter(is_day).first(),
            away=pl.col("away").filter(is_day).first(),
            spread=pl.col("away").filter(before).std(),
        )
        .with_columns(
            measure=pl.lit("flags"),
            deviations=pl.when(_is_enough()).then(
                pl.col("away") / pl.max_horizontal(pl.col("spread"), 1.0)
            ),
        )
        .with_columns(level=_level(pl.col("deviations").abs(), MANY, VERY_MANY))
        .drop("away", "spread")
    )


def _sum(column: str, rows: pl.Expr) -> pl.Expr:
    return pl.col(column).filter(rows).sum()


def _root(column: str) -> pl.Expr:
    return (pl.col(column) + 3 / 8).sqrt()


def _is_enough() -> pl.Expr:
    rows = pl.min_horizontal("rows", "rows_before")
    return (rows >= LEAST_ROWS) & (pl.col("days_before") >= LEAST_DAYS)


def _level(moved: pl.Expr, moderate: float, large: float) -> pl.Expr:
    return (
        pl.when(~_is_enough())
        .then(pl.lit("too few"))
        .when(moved >= large)
        .then(pl.lit("large"))
        .when(moved >= moderate)
        .then(pl.lit("moderate"))
        .otherwise(pl.lit("stable"))
    )


def _is_settled(moved: pl.DataFrame, come: pl.Series) -> pl.Series:
    """Whether all days that a thing looks at have come, to judge by the days that hold subjects."""
    days = moved["event_date"].unique()
    last = {day: _last(come, day) for day in days}
    after = pl.col("subject").replace_strict(SETTLED_AFTER, return_dtype=pl.Int64)
    has_come = pl.col("event_date").replace_strict(last, return_dtype=pl.Int64) >= after
    at_once = pl.struct("subject", "name").is_in(_at_once())
    return moved.select((pl.col("measure") == "conduct") & at_once | has_come).to_series()


def _last(come: pl.Series, day: date) -> int:
    """How many days after this one the last lies that the header lets see."""
    seen = come.filter(come <= day + timedelta(days=LONGEST))
    last = seen.max()
    return (last - day).days if isinstance(last, date) else -1


@cache
def _at_once() -> pl.Series:
    said: dict[str, str] = yaml.safe_load(AT_ONCE.read_text())
    return pl.Series(
        [{"subject": kind, "name": name} for kind, names in said.items() for name in names.split()]
    ).implode()
