"""What changed between two releases on days that both had: old, new, and the cause."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import polars as pl

from dashboards.brand.verdicts import AD_METRICS, Verdicts, columns

Cause = Literal["late_data", "review_decision", "flagged"]

SHOP_METRICS: Final = ("product_views", "cart_adds", "orders", "gmv_minor")
_CAUSES: Final[tuple[Cause, ...]] = ("review_decision", "late_data", "flagged")


@dataclass(frozen=True)
class Restatement:
    """One metric's numbers before and after, summed over the days that one cause changed."""

    metric: str
    cause: Cause
    first: date
    last: date
    old: Verdicts
    new: Verdicts


def ads_restated(old: pl.DataFrame, new: pl.DataFrame, through: date) -> list[Restatement]:
    """Restatements of campaign days (grain: event_date, campaign_id).

    After ``through`` data is still arriving, so that only decisions are told.
    """
    return [
        restatement
        for metric in AD_METRICS
        for restatement in _restated(old, new, through, metric, columns(metric), "campaign_id")
    ]


def shop_restated(old: pl.DataFrame, new: pl.DataFrame, through: date) -> list[Restatement]:
    """Restatements of a shop's days (grain: event_date) up to ``through``: late data only."""
    return [
        restatement
        for metric in SHOP_METRICS
        for restatement in _restated(old, new, through, metric, [metric])
    ]


def _restated(
    old: pl.DataFrame,
    new: pl.DataFrame,
    through: date,
    metric: str,
    names: list[str],
    *grain: str,
) -> list[Restatement]:
    pairs = _pairs(old, new, ["event_date", *grain], names)
    causes = pairs.filter(_differs(names)).with_columns(_cause(names).alias("cause"))
    settled = (pl.col("event_date") <= through) | (pl.col("cause") == "review_decision")
    causes = causes.filter(settled)
    return [
        _summed(causes.filter(pl.col("cause") == cause), metric, cause, names)
        for cause in _CAUSES
        if cause in causes["cause"]
    ]


def _pairs(old: pl.DataFrame, new: pl.DataFrame, keys: list[str], names: list[str]) -> pl.DataFrame:
    joined = old.select(*keys, *names).join(
        new.select(*keys, *names), on=keys, how="full", coalesce=True, suffix="_new"
    )
    return joined.with_columns(pl.col(names + [f"{n}_new" for n in names]).fill_null(0))


def _differs(names: list[str]) -> pl.Expr:
    return pl.any_horizontal(pl.col(name) != pl.col(f"{name}_new") for name in names)


def _cause(names: list[str]) -> pl.Expr:
    gross, verdicts = names[0], names[1:]
    late = pl.col(gross) != pl.col(f"{gross}_new")
    if not verdicts:
        return pl.lit("late_data")
    givt, sivt, pending = verdicts
    only_flagged = (
        (pl.col(givt) == pl.col(f"{givt}_new"))
        & (pl.col(sivt) == pl.col(f"{sivt}_new"))
        & (pl.col(f"{pending}_new") > pl.col(pending))
    )
    verdict = pl.when(only_flagged).then(pl.lit("flagged")).otherwise(pl.lit("review_decision"))
    return pl.when(late).then(pl.lit("late_data")).otherwise(verdict)


def _summed(rows: pl.DataFrame, metric: str, cause: Cause, names: list[str]) -> Restatement:
    old = rows.select(pl.col(names).sum()).row(0)
    new = rows.select(pl.col([f"{name}_new" for name in names]).sum()).row(0)
    first, last = rows.select(
        pl.col("event_date").min().alias("first"), pl.col("event_date").max().alias("last")
    ).row(0)
    return Restatement(metric, cause, first, last, Verdicts(*old), Verdicts(*new))
