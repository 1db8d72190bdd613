"""How much of each kind of fraud is found, in subjects, in money and in accounts, and how soon."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from models.evaluation.intervals import UNKNOWN, Interval, share

HALF: Final = 0.5
NEARLY_ALL: Final = 0.9


@dataclass(frozen=True)
class Found:
    """Of one kind, over its campaigns; days are medians, NaN if fewer than half get there."""

    kind: str
    subject: str
    campaigns: int
    subjects: Interval
    count: int
    money: Interval
    accounts: Interval
    lost_before: Interval
    days_to_half: float
    days_to_nearly_all: float
    undetected: int
    """Campaigns of which nothing was flagged."""


def by_kind(subjects: pl.DataFrame) -> list[Found]:
    """One row per kind of fraud, in the order of their subjects and names."""
    aimed = subjects.filter("is_aimed", ~pl.col("is_idle")).sort("subject", "kind")
    return [_of_kind(str(kind), of) for (kind,), of in aimed.group_by("kind", maintain_order=True)]


def _of_kind(kind: str, of: pl.DataFrame) -> Found:
    campaigns = detections(of)
    has_money = of["money_minor"].sum() > 0
    person = of.group_by("unit", "town", "actor_id", maintain_order=True)
    people = person.agg(is_flagged=pl.col("is_flagged").any())
    stake = "money_minor" if has_money else None
    return Found(
        kind=kind,
        subject=of["subject"][0],
        campaigns=campaigns.height,
        subjects=share(of, "is_flagged", ["unit"]),
        count=of.height,
        money=share(of, "is_flagged", ["unit"], stake) if stake else UNKNOWN,
        accounts=share(people, "is_flagged", ["unit"]),
        lost_before=share(lost(of, campaigns), "is_lost", ["unit"], stake),
        days_to_half=_median(campaigns["days_to_half"]),
        days_to_nearly_all=_median(campaigns["days_to_nearly_all"]),
        undetected=int(campaigns["detected_on"].null_count()),
    )


def by_variant(varied: pl.DataFrame) -> dict[tuple[str, str], Interval]:
    """The share of subjects that is found, by variant and kind of campaigns that are varied."""
    aimed = varied.filter("is_aimed").sort("variant", "kind")
    return {
        (str(variant), str(kind)): share(of, "is_flagged", ["unit"])
        for (variant, kind), of in aimed.group_by("variant", "kind", maintain_order=True)
    }


def detections(aimed: pl.DataFrame) -> pl.DataFrame:
    """One row per campaign (``unit``): its first day, the day of the first night that flags any of
    it, and the days until half and nine tenths of its subjects are flagged; null if never."""
    counted = aimed.group_by("unit", maintain_order=True).agg(
        began_on=pl.col("event_date").min(),
        detected_on=pl.col("flagged_on").filter("is_flagged").min(),
        half_on=_when(HALF),
        nearly_all_on=_when(NEARLY_ALL),
    )
    return counted.with_columns(
        days_to_half=_days("half_on"), days_to_nearly_all=_days("nearly_all_on")
    )


def _when(part: float) -> pl.Expr:
    """The day on which so many of the campaign's subjects have been flagged."""
    needed = (pl.len() * part).ceil().cast(pl.Int64) - 1
    return pl.col("flagged_on").filter("is_flagged").sort().get(needed, null_on_oob=True)


def _days(column: str) -> pl.Expr:
    return (pl.col(column) - pl.col("began_on")).dt.total_days() + 1


def lost(aimed: pl.DataFrame, campaigns: pl.DataFrame) -> pl.DataFrame:
    """The subjects with ``is_lost``: they happened up to the night that first noticed any."""
    known = aimed.join(campaigns.select("unit", "detected_on"), on="unit", maintain_order="left")
    before = pl.col("event_date") <= pl.col("detected_on")
    return known.with_columns(is_lost=before | pl.col("detected_on").is_null())


def by_day(subjects: pl.DataFrame) -> pl.DataFrame:
    """kind, day since the campaign began, and the share of all its subjects flagged by then."""
    aimed = subjects.filter("is_aimed", ~pl.col("is_idle"))
    began = pl.col("event_date").min().over("unit")
    day = (pl.col("flagged_on") - began).dt.total_days() + 1
    flagged = aimed.with_columns(day=day, of=pl.len().over("kind")).filter("is_flagged")
    counted = flagged.group_by("kind", "day").agg(n=pl.len(), of=pl.col("of").first())
    return counted.sort("kind", "day").with_columns(
        share=pl.col("n").cum_sum().over("kind") / pl.col("of")
    )


def at_precision(subjects: pl.DataFrame, least: float) -> tuple[float, dict[str, float]] | None:
    """The lowest score at which overall precision is at least ``least``, and recall by kind there.

    None if there is no such score. Chosen on the same towns, so a little flattering.
    """
    judged = subjects.filter(~pl.col("is_idle"))
    steps = (
        judged.filter(pl.col("score") > 0)
        .group_by("score")
        .agg(hits=pl.col("is_fraud").sum(), n=pl.len())
        .sort("score", descending=True)
        .with_columns(precision=pl.col("hits").cum_sum() / pl.col("n").cum_sum())
        .filter(pl.col("precision") >= least)
    )
    if steps.is_empty():
        return None
    score = float(steps["score"].to_numpy().min())
    aimed = judged.filter("is_aimed").group_by("kind")
    recall = aimed.agg(share=(pl.col("score") >= score).mean())
    return score, dict(recall.iter_rows())


def _median(days: pl.Series) -> float:
    """The median campaign's days, those that never get there last."""
    values = np.sort(days.cast(pl.Float64).fill_null(np.inf).to_numpy())
    middle = float(values[(values.size - 1) // 2]) if values.size else np.nan
    return middle if np.isfinite(middle) else np.nan
