"""Why things happened: the truth of a simulated town, for each subject that detectors judge.

Only this module reads it. A subject without a cause is ordinary life. A user's day is fraud if
anything the user did on it was, unless somebody else acted on the user's phone.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import polars as pl

from models.evaluation.subjects import AGAIN, AS, IDLE, aimed_at

Query = Callable[..., pl.DataFrame]
"""SQL over the tables of a release, with ``$name`` for parameters."""

NEW_DAYS: Final = 14
OLD_SYSTEMS: Final = {"iOS": 17, "HarmonyOS": 4, "Android": 13}
"""A phone with a system of an earlier version is old."""
ENGAGED: Final = (
    "note.liked",
    "note.collected",
    "note.commented",
    "note.shared",
    "creator.followed",
)
"""What farms of accounts gain by: the days on which they do so are to be found."""

REVIEW_DAYS: Final = 21
"""A review that a campaign pays for may come so long after it, with the parcel."""
LABELS: Final = (
    *("subject", "subject_id", "event_date", "actor_id", "cause", "kind"),
    *("is_fraud", "is_aimed", "is_idle", "is_victim", "money_minor"),
    *("is_new", "city_tier", "has_old_phone"),
)

CLICKS: Final = """
WITH charged AS (
  SELECT click_id, sum(amount_minor) AS money_minor FROM silver.ad_charges GROUP BY click_id
)
SELECT
  'ad_click' AS subject, c.click_id AS subject_id, c.event_date, c.actor_id, t.cause,
  CAST(coalesce(m.money_minor, 0) AS BIGINT) AS money_minor, CAST(NULL AS VARCHAR[]) AS brand_ids
FROM silver.ad_clicks AS c
LEFT JOIN caused AS t ON concat(t.source, ':', t.event_id) = c.click_id
LEFT JOIN charged AS m ON m.click_id = c.click_id
"""
ORDERS: Final = """
SELECT
  'order' AS subject, o.order_id AS subject_id, o.event_date, o.actor_id, t.cause,
  o.total_minor AS money_minor, [s.brand_id] AS brand_ids
FROM silver.orders AS o
LEFT JOIN silver.shops AS s ON s.shop_id = o.shop_id
LEFT JOIN named AS t ON t.type = 'order.placed' AND concat(t.source, ':', t.order_id) = o.order_id
"""
REVIEWS: Final = """
SELECT
  'review' AS subject, r.review_id AS subject_id, r.event_date, r.actor_id, t.cause,
  CAST(0 AS BIGINT) AS money_minor, [p.brand_id] AS brand_ids
FROM silver.reviews AS r
LEFT JOIN silver.products AS p ON p.product_id = r.product_id
LEFT JOIN named AS t
  ON t.type = 'review.posted' AND concat(t.source, ':', t.review_id) = r.review_id
"""
NOTES: Final = """
WITH causes AS (
  SELECT note_id, max(cause) AS cause FROM named WHERE type = 'note.changed' GROUP BY note_id
)
SELECT
  'note' AS subject, n.note_id AS subject_id, n.published_on AS event_date,
  n.creator_id AS actor_id, t.cause, CAST(0 AS BIGINT) AS money_minor, n.brand_ids
FROM silver.notes AS n
LEFT JOIN causes AS t ON t.note_id = n.note_id
WHERE n.published_on IS NOT NULL
"""
USER_DAYS: Final = f"""
SELECT
  'user' AS subject, e.actor_id AS subject_id, local_date(e.occurred_at) AS event_date, e.actor_id,
  max(t.cause) AS cause, CAST(0 AS BIGINT) AS money_minor, CAST(NULL AS VARCHAR[]) AS brand_ids,
  coalesce(bool_or(t.cause IS NOT NULL AND e.type IN {ENGAGED}), false) AS has_engaged
FROM bronze.events AS e
LEFT JOIN caused AS t ON t.source = e.source AND t.event_id = e.event_id
WHERE e.actor_id IS NOT NULL AND NOT e.is_duplicate
GROUP BY e.actor_id, local_date(e.occurred_at)
"""
NAMED: Final = """
SELECT
  t.source, t.type, t.cause, e.data->>'$.order_id' AS order_id,
  e.data->>'$.review_id' AS review_id, e.data->>'$.note_id' AS note_id
FROM caused AS t
JOIN bronze.events AS e ON e.source = t.source AND e.event_id = t.event_id
WHERE t.type IN ('order.placed', 'review.posted', 'note.changed')
"""
PEOPLE: Final = """
WITH systems AS (
  SELECT actor_id, arg_min(user_agent, (occurred_at, event_id)) AS user_agent
  FROM bronze.events WHERE user_agent IS NOT NULL AND actor_id IS NOT NULL GROUP BY actor_id
),
parts AS (
  SELECT
    left(sha256($person_key || user_id), 32) AS actor_id,
    bool_or(role = 'hijacked') AS is_hijacked,
    bool_or(role IN ('hijacked', 'victim')) AS is_victim
  FROM read_parquet($accounts) GROUP BY user_id
)
SELECT
  u.user_id AS actor_id, u.registered_on, u.city_tier,
  regexp_extract(s.user_agent, '(iOS|HarmonyOS|Android) [0-9]+', 1) AS os,
  try_cast(regexp_extract(s.user_agent, '(iOS|HarmonyOS|Android) ([0-9]+)', 2) AS BIGINT)
    AS os_version,
  coalesce(p.is_hijacked, false) AS is_hijacked, coalesce(p.is_victim, false) AS is_victim
FROM silver.users AS u
LEFT JOIN systems AS s ON s.actor_id = u.user_id
LEFT JOIN parts AS p ON p.actor_id = u.user_id
"""


CAUSES: Final[dict[str, Any]] = {
    "cause": pl.String,
    "is_fraud": pl.Boolean,
    "twin_of": pl.List(pl.String),
    "members": pl.Int64,
    "brands": pl.List(pl.String),
    "first_day": pl.String,
    "last_day": pl.String,
}


class NotSimulated(ValueError):
    """A home whose events no simulation has made cannot be judged."""


def causes(home: Path) -> pl.DataFrame:
    """What was planted: cause, kind, is_fraud, is_idle, twin_of, members, brands (those that gain
    or lose by it), and its first and last day, in UTC.

    Raises:
        NotSimulated: no town has lived in this home.
    """
    file = home / "truth" / "causes.json"
    if not file.exists():
        raise NotSimulated(f"{home}: no simulated town has lived here; `meadow simulate` makes one")
    described = json.loads(file.read_text(encoding="utf-8"))
    rows = [
        {
            "cause": cause["id"],
            "is_fraud": cause["is_fraud"],
            "twin_of": cause["twin_of"],
            "members": cause["members"],
            "brands": _brands(cause["beneficiary"], cause["victim"]),
            "first_day": cause["from"][:10],
            "last_day": cause["to"][:10],
        }
        for cause in described
    ]
    return pl.DataFrame(rows, CAUSES).with_columns(
        pl.col("first_day", "last_day").str.to_date(),
        kind=kind_of(pl.col("cause")),
        is_idle=pl.col("cause").str.ends_with(IDLE),
    )


def _brands(*parties: dict[str, str] | None) -> list[str]:
    return [party["id"] for party in parties if party and party["what"] == "brand"]


def caused_events(home: Path) -> pl.DataFrame:
    """Source, event_id and cause of every event that has a cause."""
    file = home / "truth" / "events.parquet"
    return pl.read_parquet(file, columns=["source", "event_id", "cause"])


def kind_of(cause: pl.Expr) -> pl.Expr:
    """The kind that a cause is of: its name without what tells campaigns of a kind apart."""
    return cause.str.replace(f"({AGAIN}[0-9]*|{IDLE}|{AS}[a-z]+)$", "")


def labels(home: Path, query: Query, person_key: str) -> pl.DataFrame:
    """One row per subject: its day, person, cause, and whether it is fraud and to be found.

    The columns are ``LABELS``; ``is_aimed`` marks fraud that its kind gains by, of which recall is
    told, and ``money_minor`` is the order's amount or the click's charge.

    Args:
        person_key: the keyed namespace of pseudonyms of people.
    """
    events = str(home / "truth" / "events.parquet").replace("'", "''")
    caused = f"caused AS (SELECT * FROM read_parquet('{events}'))"
    named = f"{caused}, named AS ({NAMED})"
    found = [
        query(_within(caused, CLICKS)),
        query(_within(named, ORDERS)),
        query(_within(named, REVIEWS)),
        query(_within(named, NOTES)),
        query(_within(caused, USER_DAYS)),
    ]
    people = query(PEOPLE, person_key=person_key, accounts=str(home / "truth" / "accounts.parquet"))
    subjects = pl.concat(found, how="diagonal_relaxed")
    return _described(subjects, people, causes(home))


def _within(tables: str, query: str) -> str:
    """The query with further tables before its own."""
    body = query.strip()
    return f"WITH {tables}, {body[5:]}" if body.startswith("WITH ") else f"WITH {tables} {body}"


def _described(subjects: pl.DataFrame, people: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    facts = known.drop("twin_of", "members")
    joined = subjects.join(people, on="actor_id", how="left", maintain_order="left").join(
        facts, on="cause", how="left", maintain_order="left"
    )
    is_own = (pl.col("subject") != "user") | ~pl.col("is_hijacked").fill_null(False)
    oldest = pl.col("os").replace_strict(OLD_SYSTEMS, default=None, return_dtype=pl.Int64)
    joined = joined.with_columns(
        is_fraud=pl.col("is_fraud").fill_null(False) & is_own,
        is_idle=pl.col("is_idle").fill_null(False),
        is_victim=pl.col("is_victim").fill_null(False),
        is_new=(pl.col("event_date") - pl.col("registered_on")).dt.total_days() <= NEW_DAYS,
        has_old_phone=pl.col("os_version") < oldest,
    )
    told = joined.with_columns(is_aimed=_is_aimed()).select(LABELS)
    return told.sort("subject", "event_date", "subject_id")


def _is_aimed() -> pl.Expr:
    """Of the sort that its kind gains by, about whom it is for or against, while it runs.

    What its accounts do besides, as cover, is fraud too, but nobody need find it.
    """
    sort = pl.col("kind").replace_strict(aimed_at(), default="user", return_dtype=pl.String)
    is_about = pl.col("brand_ids").list.set_intersection("brands").list.len() > 0
    has_parties = (pl.col("brands").list.len() > 0) & pl.col("brand_ids").is_not_null()
    late = pl.when(sort == "review").then(REVIEW_DAYS).otherwise(1)
    runs = pl.col("event_date").is_between(
        pl.col("first_day"), pl.col("last_day") + pl.duration(days=late)
    )
    return (
        (pl.col("is_fraud") & runs & (sort == pl.col("subject")))
        & (~has_parties | is_about)
        & pl.col("has_engaged").fill_null(True)
    ).fill_null(False)
