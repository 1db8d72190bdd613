"""Whether a case holds one ring, and all of it: completeness and purity by ``case_key``."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from models.evaluation.intervals import Interval, bootstrap

CASE: Final = ["town", "case_key"]


@dataclass(frozen=True)
class Rings:
    """Of one kind: how much of a campaign's accounts its best case holds, and how pure cases are.

    ``best``: mean over campaigns of the share of accounts in the one case that holds most of them;
    ``any_case``: in any case; ``purity``: share of the subjects of the kind's cases that belong to
    the campaign that most of the case belongs to; ``cases``: cases of which most are of the kind.
    """

    kind: str
    campaigns: int
    best: Interval
    any_case: Interval
    purity: Interval
    cases: int


def by_kind(subjects: pl.DataFrame, signals: pl.DataFrame) -> list[Rings]:
    """One row per kind of fraud that acts through accounts of its own or of others."""
    live = signals.filter(pl.col("state") == "live", ~pl.col("is_idle"))
    aimed = subjects.filter("is_aimed", ~pl.col("is_idle"), pl.col("actor_id").is_not_null())
    accounts = aimed.select("kind", "unit", "town", "actor_id").unique(maintain_order=True)
    pure = purity(live)
    return [
        _of_kind(str(kind), of, live, pure)
        for (kind,), of in accounts.sort("kind").group_by("kind", maintain_order=True)
    ]


def _of_kind(kind: str, accounts: pl.DataFrame, live: pl.DataFrame, pure: pl.DataFrame) -> Rings:
    of_kind = pure.filter((pl.col("kind") == kind) & pl.col("is_fraud"))
    held = completeness(accounts, live)
    return Rings(
        kind=kind,
        campaigns=held.height,
        best=_mean(held, "best"),
        any_case=_mean(held, "any_case"),
        purity=bootstrap(of_kind.select("hits", "of")),
        cases=of_kind.height,
    )


def completeness(accounts: pl.DataFrame, live: pl.DataFrame) -> pl.DataFrame:
    """One row per campaign (``unit``): share of its accounts in its best case, and in any."""
    held = live.select(*CASE, "actor_id").unique().join(accounts, on=["town", "actor_id"])
    best = held.group_by("unit", "case_key").agg(n=pl.col("actor_id").n_unique())
    best = best.group_by("unit").agg(best=pl.col("n").max())
    every = held.group_by("unit").agg(any_case=pl.col("actor_id").n_unique())
    sizes = accounts.group_by("unit", maintain_order=True).agg(size=pl.col("actor_id").n_unique())
    joined = sizes.join(best, on="unit", how="left").join(every, on="unit", how="left")
    return joined.select(
        "unit",
        best=pl.col("best").fill_null(0) / pl.col("size"),
        any_case=pl.col("any_case").fill_null(0) / pl.col("size"),
    ).sort("unit")


def purity(live: pl.DataFrame) -> pl.DataFrame:
    """One row per case: its largest campaign or crowd, that one's kind, and subjects of it."""
    subjects = live.unique([*CASE, "subject", "subject_id", "event_date"], maintain_order=True)
    of_unit = subjects.group_by(*CASE, "unit", "kind", maintain_order=True)
    counted = of_unit.agg(n=pl.len(), is_fraud=pl.col("is_fraud").any())
    largest = counted.sort("n", descending=True, maintain_order=True).group_by(
        CASE, maintain_order=True
    )
    return largest.agg(
        unit=pl.col("unit").first(),
        kind=pl.col("kind").first(),
        is_fraud=pl.col("is_fraud").first(),
        hits=pl.col("n").first(),
        of=pl.col("n").sum(),
    )


def _mean(held: pl.DataFrame, column: str) -> Interval:
    return bootstrap(held.select(hits=pl.col(column), of=pl.lit(1.0)))
