"""Subjects whose signs have points enough become signals, with a reason for every point."""

from collections.abc import Callable
from functools import cache
from typing import Final

import polars as pl

from models.scorecards import Detector, Scorecard, load_scorecard
from pipelines.warehouse.engines.made import Tables
from pipelines.warehouse.lake import Window

KEYS: Final = {
    "ad_click": "click_id",
    "order": "order_id",
    "review": "review_id",
    "note": "note_id",
    "user": "actor_id",
}
PEOPLE: Final = {"note": "creator_id"}
"""Whose act a subject is, where it is not ``actor_id``."""
AT_THRESHOLD: Final = 0.6
"""What a detector says with just the points that it needs: rather yes than no, until people
have judged enough of its cases to know better."""
WAITING: Final = 0.5
"""With fewer points, where a detector says so: a person is to look, and nobody is accused."""
DOUBT_LEFT_BY_A_POINT: Final = 0.75
DIGITS: Final = 3
"""Of a number in a reason."""
RANKS: Final = """
SELECT
  event_date, value,
  100.0 * sum(subjects) OVER (PARTITION BY event_date ORDER BY value)
    / sum(subjects) OVER (PARTITION BY event_date) AS rank
FROM (
  SELECT event_date, CAST({column} AS DOUBLE) AS value, count(*) AS subjects
  FROM {table}
  WHERE event_date BETWEEN $from_date AND $to_date AND {column} IS NOT NULL
  GROUP BY event_date, value
)
"""
"""Of each value, how many of a hundred subjects of its day have no higher one."""

Ranks = Callable[[str], pl.DataFrame]


def click_signals(tables: Tables, window: Window | None) -> pl.DataFrame:
    return signals(load_scorecard("click"), tables)


def order_signals(tables: Tables, window: Window | None) -> pl.DataFrame:
    return signals(load_scorecard("order"), tables)


def review_signals(tables: Tables, window: Window | None) -> pl.DataFrame:
    return signals(load_scorecard("review"), tables)


def note_signals(tables: Tables, window: Window | None) -> pl.DataFrame:
    return signals(load_scorecard("note"), tables)


def user_signals(tables: Tables, window: Window | None) -> pl.DataFrame:
    return signals(load_scorecard("user"), tables)


def signals(card: Scorecard, tables: Tables) -> pl.DataFrame:
    """One row per subject and detector that speaks; see ``risk.click_signals``."""

    @cache
    def ranks(column: str) -> pl.DataFrame:
        return tables.sql(RANKS.format(column=column, table=card.reads))

    found = [_flagged(card, detector, tables, ranks) for detector in card.detectors]
    return pl.concat(found).sort(KEYS[card.subject], "event_date", "detector")


def _flagged(card: Scorecard, detector: Detector, tables: Tables, ranks: Ranks) -> pl.DataFrame:
    flagged = tables.sql(_query(card, detector))
    return flagged.select(
        KEYS[card.subject],
        "event_date",
        detector=pl.lit(detector.name),
        detector_version=pl.lit(card.version, pl.Int64),
        kind=pl.lit(card.kind),
        probability=_probability(pl.col("points") - detector.needs.points),
        case_key=pl.concat_str(pl.lit(detector.name), *_names(detector), separator=":"),
        reason_codes=_reasons(detector, flagged, ranks),
        state=pl.lit(detector.state),
    )


def _probability(points_beyond: pl.Expr) -> pl.Expr:
    certain = 1 - (1 - AT_THRESHOLD) * DOUBT_LEFT_BY_A_POINT**points_beyond
    return pl.when(points_beyond < 0).then(WAITING).otherwise(certain)


def _names(detector: Detector) -> list[pl.Expr]:
    return [pl.col(f"case_{n}").cast(pl.String).fill_null("") for n in range(len(detector.case_by))]


def _query(card: Scorecard, detector: Detector) -> str:
    """Subjects with enough points of enough families, and with the signs that it takes; a sign on
    a NULL says nothing."""
    said = {sign.name: f"coalesce({sign.when}, false)" for sign in detector.signs}
    points = " + ".join(
        f"CASE WHEN {said[s.name]} THEN {s.points} ELSE 0 END" for s in detector.signs
    )
    families = {sign.family: list[str]() for sign in detector.signs}
    for sign in detector.signs:
        families[sign.family].append(said[sign.name])
    speaking = " + ".join(
        f"CASE WHEN {' OR '.join(some)} THEN 1 ELSE 0 END" for some in families.values()
    )
    signs = ", ".join(f'{said[s.name]} AS "sign_{s.name}"' for s in detector.signs)
    needed = " AND ".join(said[name] for name in detector.needs.signs) or "true"
    person = PEOPLE.get(card.subject, "actor_id")
    cases = ", ".join(
        f"coalesce({column}, {person}) AS case_{n}" for n, column in enumerate(detector.case_by)
    )
    columns = ", ".join(dict.fromkeys(sign.column for sign in detector.signs))
    return f"""
    SELECT {KEYS[card.subject]}, event_date, {points} AS points, {cases}, {signs}, {columns}
    FROM {card.reads}
    WHERE event_date BETWEEN $from_date AND $to_date
      AND {points} >= {detector.needs.to_speak}
      AND {speaking} >= {detector.needs.families}
      AND {needed}
    """


def _reasons(detector: Detector, flagged: pl.DataFrame, ranks: Ranks) -> pl.Series:
    """``sign=value@percentile`` of every sign that spoke, the one with the most points first."""
    if flagged.is_empty():
        return pl.Series(dtype=pl.List(pl.String))
    signs = sorted(detector.signs, key=lambda sign: (-sign.points, sign.name))
    codes = {column: _code(flagged, column, ranks) for column in {s.column for s in signs}}
    told = flagged.select(f"sign_{sign.name}" for sign in signs).with_columns(
        pl.Series(column, code) for column, code in codes.items()
    )
    spoken = [
        pl.when(f"sign_{sign.name}").then(pl.lit(f"{sign.name}=") + pl.col(sign.column))
        for sign in signs
    ]
    return told.select(pl.concat_list(spoken).list.drop_nulls()).to_series()


def _code(flagged: pl.DataFrame, column: str, ranks: Ranks) -> pl.Series:
    """``value@percentile`` of each flagged subject; ``none`` where there is no value."""
    value = pl.col(column)
    if flagged.schema[column].is_float():
        value = value.round_sig_figs(DIGITS)
    said = value.cast(pl.String).str.strip_suffix(".0").fill_null("none")
    ranked = flagged.select("event_date", pl.col(column).cast(pl.Float64).alias("value"), said=said)
    joined = ranked.join(
        ranks(column), on=["event_date", "value"], how="left", maintain_order="left"
    )
    rank = pl.lit("@") + pl.col("rank").round().cast(pl.Int64).cast(pl.String)
    return joined.select(pl.col("said") + rank.fill_null(""))["said"]
