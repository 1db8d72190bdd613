"""Subjects whose signs have points enough become signals, with a reason for every point."""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
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
    found = [_flagged(card, detector, tables) for detector in card.detectors]
    return pl.concat(found).sort(KEYS[card.subject], "event_date", "detector")


def _flagged(card: Scorecard, detector: Detector, tables: Tables) -> pl.DataFrame:
    key = KEYS[card.subject]
    flagged = tables.sql(_query(card, detector))
    columns = list(dict.fromkeys(sign.column for sign in detector.signs))
    percentiles = _percentiles(card, columns, flagged, tables)
    return flagged.with_columns(
        detector=pl.lit(detector.name),
        detector_version=pl.lit(card.version, pl.Int64),
        kind=pl.lit(card.kind),
        probability=_probability(pl.col("points") - detector.needs.points),
        case_key=pl.concat_str(pl.lit(detector.name), *_names(detector), separator=":"),
        reason_codes=_reasons(detector, flagged, percentiles),
        state=pl.lit(detector.state),
    ).select(
        key,
        "event_date",
        "detector",
        "detector_version",
        "kind",
        "probability",
        "case_key",
        "reason_codes",
        "state",
    )


def _probability(points_beyond: pl.Expr) -> pl.Expr:
    certain = 1 - (1 - AT_THRESHOLD) * DOUBT_LEFT_BY_A_POINT**points_beyond
    return pl.when(points_beyond < 0).then(WAITING).otherwise(certain)


def _names(detector: Detector) -> list[pl.Expr]:
    return [pl.col(f"case_{n}").cast(pl.String).fill_null("") for n in range(len(detector.case_by))]


def _query(card: Scorecard, detector: Detector) -> str:
    """Subjects with enough points of enough families; a sign on a NULL says nothing."""
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
    """


def _percentiles(
    card: Scorecard, columns: Iterable[str], flagged: pl.DataFrame, tables: Tables
) -> dict[str, np.ndarray]:
    """For each flagged value, how many of a hundred subjects of that day have no higher one."""
    if flagged.is_empty():
        return {column: np.array([]) for column in columns}
    days = ", ".join(f"DATE '{day}'" for day in flagged["event_date"].unique().sort())
    found = {}
    for column in columns:
        population = tables.sql(
            f"SELECT event_date, CAST({column} AS DOUBLE) AS value FROM {card.reads} "
            f"WHERE event_date IN ({days}) AND {column} IS NOT NULL"
        )
        by_day = {
            day: np.sort(of_day["value"].to_numpy())
            for (day,), of_day in population.group_by("event_date")
        }
        values = flagged[column].cast(pl.Float64).to_list()
        found[column] = np.array(
            [
                _percentile(by_day.get(day), value)
                for day, value in zip(flagged["event_date"], values, strict=True)
            ]
        )
    return found


def _percentile(population: np.ndarray | None, value: float | None) -> float:
    if population is None or value is None:
        return math.nan
    return 100 * float(np.searchsorted(population, value, side="right")) / population.size


def _reasons(
    detector: Detector, flagged: pl.DataFrame, percentiles: dict[str, np.ndarray]
) -> pl.Series:
    """``sign=value@percentile`` of every sign that spoke, the one with the most points first."""
    signs = sorted(detector.signs, key=lambda sign: (-sign.points, sign.name))
    reasons = [
        [
            f"{sign.name}={_short(row[sign.column])}{_of_a_hundred(percentiles[sign.column][n])}"
            for sign in signs
            if row[f"sign_{sign.name}"]
        ]
        for n, row in enumerate(flagged.iter_rows(named=True))
    ]
    return pl.Series(reasons, dtype=pl.List(pl.String))


def _of_a_hundred(percentile: float) -> str:
    return "" if math.isnan(percentile) else f"@{percentile:.0f}"


def _short(value: object) -> str:
    if value is None:
        return "none"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
