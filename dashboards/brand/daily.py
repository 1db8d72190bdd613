"""Rows of daily marts as the frames that the charts draw: one row a day, no gap."""

from datetime import date

import polars as pl

from dashboards.brand.maturity import PENDING_LIMIT, Coverage
from dashboards.brand.verdicts import columns
from dashboards.periods import Window


def every_day(
    rows: pl.DataFrame, window: Window, covered: Coverage, names: list[str]
) -> pl.DataFrame:
    """One row per day of the window: 0 where nothing happened, null where nothing is known."""
    days = pl.DataFrame({"event_date": window.dates()}, schema={"event_date": pl.Date})
    known = pl.col("event_date").is_between(covered.first, covered.last)
    filled = [pl.when(known).then(pl.col(name).fill_null(0)).alias(name) for name in names]
    joined = days.join(rows.select("event_date", *names), on="event_date", how="left")
    return joined.select("event_date", *filled).sort("event_date")


def band_frame(
    rows: pl.DataFrame,
    before: pl.DataFrame | None,
    window: Window,
    against: Window,
    covered: Coverage,
    metric: str,
) -> pl.DataFrame:
    """Rows: event_date, gross, net, settled, pending, removed, previous, preliminary.

    ``settled`` is net without what is pending; ``previous`` is net on the compared day and null
    where the comparison is withheld.
    """
    gross, givt, sivt, pending = (pl.col(name) for name in columns(metric))
    days = every_day(rows, window, covered, columns(metric)).select(
        "event_date",
        gross.alias("gross"),
        (gross - givt - sivt).alias("net"),
        (gross - givt - sivt - pending).alias("settled"),
        pending.alias("pending"),
        (givt + sivt).alias("removed"),
        _preliminary(covered.arriving, pending > PENDING_LIMIT * gross),
    )
    if before is None:
        return _without_previous(days)
    earlier = every_day(before, against, covered, columns(metric))
    return _with_previous(days, earlier.select((gross - givt - sivt).alias("previous")))


def line_frame(
    rows: pl.DataFrame,
    before: pl.DataFrame | None,
    window: Window,
    against: Window,
    covered: Coverage,
    metric: str,
) -> pl.DataFrame:
    """Rows of a metric without verdicts: event_date, net, previous, preliminary."""
    days = every_day(rows, window, covered, [metric]).select(
        "event_date",
        pl.col(metric).alias("net"),
        _preliminary(covered.arriving, pl.lit(value=False)),
    )
    if before is None:
        return _without_previous(days)
    earlier = every_day(before, against, covered, [metric])
    return _with_previous(days, earlier.select(pl.col(metric).alias("previous")))


def trend(frame: pl.DataFrame, column: str = "net") -> tuple[float, ...]:
    """The column as a sparkline; empty when there are too few days to show a shape."""
    values = frame[column].drop_nulls().to_list()
    return tuple(float(value) for value in values) if len(values) > 2 else ()


def _preliminary(arriving: date | None, moving: pl.Expr) -> pl.Expr:
    still_arriving = pl.col("event_date") == arriving if arriving else pl.lit(value=False)
    return (still_arriving | moving.fill_null(value=False)).alias("preliminary")


def _with_previous(days: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    previous = pl.when(pl.col("preliminary")).then(None).otherwise(pl.col("previous"))
    return pl.concat([days, earlier], how="horizontal").with_columns(previous.alias("previous"))


def _without_previous(days: pl.DataFrame) -> pl.DataFrame:
    return days.with_columns(pl.lit(None, dtype=pl.Int64).alias("previous"))
