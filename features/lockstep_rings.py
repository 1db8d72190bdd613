"""Rings of people who do the same to the same things at about the same time, day by day.

SynchroTrap (Cao, Yang, Yu, Palow: Uncovering Large Groups of Active Malicious Accounts in Online
Social Networks, CCS 2014) compares users by the Jaccard similarity of what they acted on within
equal spans of time, and takes connected components; CopyCatch (Beutel et al., WWW 2013) had asked
for the same things at about the same times before.
"""

from datetime import date, timedelta
from typing import Final

import polars as pl

from features.companies import COMPANY, companies
from pipelines.warehouse.engines.made import Tables
from pipelines.warehouse.lake import Window

DAYS: Final = 28
KINDS: Final = {
    "social": ("engage", "follow"),
    "ads": ("click_ad",),
    "trade": ("review", "order", "claim"),
}
FEWEST: Final = {"social": 4, "ads": 4, "trade": 3}
"""Distinct things and spans on which two in lockstep acted together."""
LEAST: Final = {"social": 0.15, "ads": 0.2, "trade": 0.3}
"""Of the things and spans on which either acted, those on which both did."""

PAIRS: Final = """
SELECT user_a, user_b, cast(sum(targets) AS BIGINT) AS targets, sum(weight) AS weight
FROM features.co_actions_daily
WHERE event_date BETWEEN DATE '{first}' AND DATE '{day}' AND act IN {acts} AND user_a < user_b
GROUP BY user_a, user_b
HAVING sum(targets) >= {fewest}
"""
OWN: Final = """
SELECT user_id, count(*) AS acts
FROM features.target_acts
WHERE event_date BETWEEN DATE '{first}' AND DATE '{day}' AND act IN {acts}
GROUP BY user_id
"""
SINCE: Final = """
SELECT user_id, min(changed_at) AS registered_at
FROM silver.user_states
WHERE event_date <= DATE '{day}'
GROUP BY user_id
"""
COLUMNS: Final = (
    *("user_id", "kind", "event_date", "ring_id", "members", "partners"),
    *("similarity", "targets", "weight", "density", "acts"),
)


def lockstep_rings(tables: Tables, window: Window | None) -> pl.DataFrame:
    """Rows of ``features.lockstep_rings``: each day of the window from its own four weeks."""
    assert window is not None
    days = (window.to_date - window.from_date).days + 1
    return pl.concat(
        [
            _of_day(tables, window.from_date + timedelta(days=n), kind)
            for n in range(days)
            for kind in KINDS
        ]
    )


def _of_day(tables: Tables, day: date, kind: str) -> pl.DataFrame:
    said = {
        "first": day - timedelta(days=DAYS - 1),
        "day": day,
        "acts": "(" + ", ".join(f"'{act}'" for act in KINDS[kind]) + ")",
        "fewest": FEWEST[kind],
    }
    pairs, own, since = (tables.sql(query.format(**said)) for query in (PAIRS, OWN, SINCE))
    edges = similar(pairs, own).filter(pl.col("similarity") >= LEAST[kind])
    rows = rings(edges, own, since)
    return rows.with_columns(kind=pl.lit(kind), event_date=pl.lit(day)).select(COLUMNS)


def similar(pairs: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Pairs with Jaccard's similarity.

    Args:
        pairs: ``user_a``, ``user_b``, ``targets``, ``weight``: what two did together.
        own: ``user_id``, ``acts``: what each did, together with others or not.
    """
    both = pairs
    for side in ("a", "b"):
        named = own.rename({"user_id": f"user_{side}", "acts": f"acts_{side}"})
        both = both.join(named, on=f"user_{side}")
    either = pl.col("acts_a") + pl.col("acts_b") - pl.col("targets")
    return both.with_columns(similarity=pl.col("targets").cast(pl.Float64) / either)


def rings(edges: pl.DataFrame, own: pl.DataFrame, since: pl.DataFrame) -> pl.DataFrame:
    """The people whom these edges join: one row each, with the ring and the strongest edge."""
    ends = pl.concat([_seen_from(edges, "a"), _seen_from(edges, "b")])
    strongest = ends.sort("similarity", "targets", "weight", descending=True).group_by("user_id")
    members = strongest.agg(
        pl.col("similarity", "targets", "weight").first(), partners=pl.len().cast(pl.Int64)
    )
    known = members.select("user_id").join(since, on="user_id", how="left")
    named = companies(edges.select(a="user_a", b="user_b"), known)
    of_ring = pl.col("partners").sum().over(COMPANY).cast(pl.Float64)
    size = pl.len().over(COMPANY).cast(pl.Int64)
    return (
        members.join(named, on="user_id")
        .join(own, on="user_id")
        .with_columns(members=size, density=of_ring / (size * (size - 1)))
        .rename({COMPANY: "ring_id"})
        .sort("user_id")
    )


def _seen_from(edges: pl.DataFrame, side: str) -> pl.DataFrame:
    return edges.select("similarity", "targets", "weight", user_id=f"user_{side}")
