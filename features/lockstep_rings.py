"""Rings of people who do the same to the same things at about the same time, day by day.

SynchroTrap (Cao, Yang, Yu, Palow: Uncovering Large Groups of Active Malicious Accounts in Online
Social Networks, CCS 2014) compares users by the Jaccard similarity of what they acted on within
equal spans of time, and takes connected components; CopyCatch (Beutel et al., WWW 2013) had asked
for the same things at about the same times before.
"""

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

EDGES: Final = f"""
WITH days AS (
  SELECT cast(unnest(generate_series($from_date, $to_date, INTERVAL 1 DAY)) AS DATE) AS day
),
kinds(act, kind, fewest, least) AS (
  VALUES {", ".join(f"('{a}', '{k}', {FEWEST[k]}, {LEAST[k]})" for k in KINDS for a in KINDS[k])}
),
pairs AS (
  SELECT
    d.day AS event_date, k.kind, any_value(k.least) AS least, c.user_a, c.user_b,
    cast(sum(c.targets) AS BIGINT) AS targets, sum(c.weight) AS weight
  FROM days AS d
  JOIN features.co_actions_daily AS c ON c.event_date BETWEEN d.day - {DAYS - 1} AND d.day
  JOIN kinds AS k USING (act)
  WHERE c.event_date BETWEEN $from_date - {DAYS - 1} AND $to_date AND c.user_a < c.user_b
  GROUP BY d.day, k.kind, c.user_a, c.user_b
  HAVING sum(c.targets) >= any_value(k.fewest)
),
own AS (
  SELECT d.day AS event_date, k.kind, t.user_id, count(*) AS acts
  FROM days AS d
  JOIN features.target_acts AS t ON t.event_date BETWEEN d.day - {DAYS - 1} AND d.day
  JOIN kinds AS k USING (act)
  WHERE t.event_date BETWEEN $from_date - {DAYS - 1} AND $to_date
  GROUP BY d.day, k.kind, t.user_id
),
compared AS (
  SELECT
    p.*, a.acts AS acts_a, b.acts AS acts_b,
    cast(p.targets AS DOUBLE) / (a.acts + b.acts - p.targets) AS similarity
  FROM pairs AS p
  JOIN own AS a ON a.event_date = p.event_date AND a.kind = p.kind AND a.user_id = p.user_a
  JOIN own AS b ON b.event_date = p.event_date AND b.kind = p.kind AND b.user_id = p.user_b
)
SELECT * EXCLUDE (least) FROM compared WHERE similarity >= least ORDER BY event_date, kind
"""
"""Pairs in lockstep as each day ends: what two did together, what each did, and Jaccard's."""

SINCE: Final = """
SELECT user_id, min(changed_at) AS registered_at, min(event_date) AS registered_on
FROM silver.user_states
WHERE event_date <= $to_date
GROUP BY user_id
"""
COLUMNS: Final = (
    *("user_id", "kind", "event_date", "ring_id", "members", "partners"),
    *("similarity", "targets", "weight", "density", "acts"),
)


def lockstep_rings(tables: Tables, window: Window | None) -> pl.DataFrame:
    """Rows of ``features.lockstep_rings``: each day of the window from its own four weeks."""
    assert window is not None
    edges, people = tables.sql(EDGES), tables.sql(SINCE)
    found = [_rings(edges.clear(), people)]
    for (day, _), joined in edges.group_by("event_date", "kind", maintain_order=True):
        found.append(_rings(joined, people.filter(pl.col("registered_on") <= day)))
    return pl.concat(found).select(COLUMNS)


def _rings(edges: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Whom the edges of a day and kind join: each with the ring and the strongest edge."""
    ends = pl.concat([_seen_from(edges, "a"), _seen_from(edges, "b")])
    strongest = ends.sort("similarity", "targets", "weight", descending=True).group_by("user_id")
    told = ("event_date", "kind", "similarity", "targets", "weight", "acts")
    members = strongest.agg(pl.col(told).first(), partners=pl.len().cast(pl.Int64))
    known = members.select("user_id").join(people, on="user_id", how="left")
    named = companies(edges.select(a="user_a", b="user_b"), known)
    of_ring = pl.col("partners").sum().over(COMPANY).cast(pl.Float64)
    size = pl.len().over(COMPANY).cast(pl.Int64)
    return (
        members.join(named, on="user_id")
        .with_columns(members=size, density=of_ring / (size * (size - 1)))
        .rename({COMPANY: "ring_id"})
        .sort("user_id")
    )


def _seen_from(edges: pl.DataFrame, side: str) -> pl.DataFrame:
    return edges.select(
        "event_date",
        "kind",
        "similarity",
        "targets",
        "weight",
        user_id=f"user_{side}",
        acts=f"acts_{side}",
    )
