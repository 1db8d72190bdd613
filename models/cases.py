"""What detectors flag and nobody has decided yet becomes cases in the platform's queue."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

import duckdb
import polars as pl
import sqlalchemy as sa

from models.evidence import described, evidence_of, evidence_of_clicks
from models.rules import Wording
from models.scorecards.scoring import KEYS
from pipelines.warehouse.engines.connection import connect, create_view
from pipelines.warehouse.lake import Lake, Pin
from platform_core.contract.events.moderation import SubjectType
from platform_core.moderation import OpenReport, Signal, Subject, open_cases
from platform_core.settings import Settings

TABLES: Final[dict[SubjectType, str]] = {
    "ad_click": "click",
    "order": "order",
    "review": "review",
    "note": "note",
    "user": "user",
}
"""How the tables of a subject's signals and verdicts begin."""
SAMPLE: Final = "risk.review_sample"
CLICKS: Final = "features.click_velocity"
READ: Final = (
    *(f"risk.{name}_{kind}" for name in TABLES.values() for kind in ("signals", "verdicts")),
    SAMPLE,
)
"""Tables from which cases are opened."""

PENDING: Final = """
SELECT
  v.case_key, v.detector, v.detector_version, v.kind, v.{key} AS subject_id, v.event_date,
  v.probability, s.reason_codes
FROM risk.{name}_verdicts AS v
JOIN risk.{name}_signals AS s
  ON s.{key} = v.{key} AND s.event_date = v.event_date AND s.detector = v.detector
WHERE v.state = 'pending'
ORDER BY v.case_key, v.event_date, v.{key}
"""

SAMPLED: Final = """
SELECT d.subject_id, d.event_date, coalesce(max(s.probability), 0) AS probability
FROM risk.review_sample AS d
LEFT JOIN risk.{name}_signals AS s ON s.{key} = d.subject_id AND s.event_date = d.event_date
LEFT JOIN risk.{name}_verdicts AS v ON v.{key} = d.subject_id AND v.event_date = d.event_date
WHERE d.subject_type = '{subject}' AND v.{key} IS NULL
GROUP BY d.subject_id, d.event_date
ORDER BY d.event_date, d.subject_id
"""
RANDOM: Final = "random_sample"
RANDOM_TITLE: Final = Wording(zh="随机抽查", en="Random check")
RANDOM_WORDS: Final = Wording(
    zh="随机抽中，与任何检测结果无关：用来知道检测漏掉了什么、冤枉了谁。",
    en="Drawn at random, whatever detectors say: it tells what they miss and whom they wrong.",
)

FLAGGED_CLICKS: Final = f"""
WITH flagged AS (
  SELECT case_key, click_id FROM risk.click_verdicts WHERE state = 'pending'
),
shown AS (
  SELECT case_key, click_id, true AS is_flagged FROM flagged
  UNION
  SELECT f.case_key, c.previous_click_id, false
  FROM flagged AS f JOIN {CLICKS} AS c USING (click_id)
  WHERE c.previous_click_id NOT IN (SELECT click_id FROM flagged)
)
SELECT
  s.case_key, s.click_id, s.is_flagged, c.occurred_at, c.campaign_id, c.brand_id,
  c.address, c.device_model, c.os,
  epoch(c.occurred_at) - epoch(c.previous_at) AS seconds_since_previous
FROM shown AS s JOIN {CLICKS} AS c USING (click_id)
ORDER BY s.case_key, c.occurred_at, s.click_id
"""


def open_signal_cases(
    lake: Lake,
    pins: Mapping[str, Pin],
    settings: Settings,
    engine: sa.Engine,
    *,
    now: datetime,
    subjects: Collection[SubjectType] = tuple(TABLES),
) -> OpenReport:
    """Open a case for each key with pending subjects; the same again is nothing.

    Args:
        subjects: of these kinds only.
    """
    names = [table for subject in subjects for table in _tables(subject)]
    with _showing(lake, pins, settings, [*names, CLICKS]) as connection:
        pending = {subject: _rows(connection, PENDING, subject) for subject in subjects}
        clicks = connection.sql(FLAGGED_CLICKS).pl() if "ad_click" in subjects else pl.DataFrame()
    found = [s for subject, rows in pending.items() for s in signals(subject, rows, clicks, lake)]
    return open_cases(engine, found, now=now)


def open_random_checks(
    lake: Lake, pins: Mapping[str, Pin], settings: Settings, engine: sa.Engine, *, now: datetime
) -> OpenReport:
    """Open a case for each subject that was drawn and on which nobody has decided."""
    names = [table for subject in TABLES for table in _tables(subject)]
    with _showing(lake, pins, settings, [*names, SAMPLE]) as connection:
        drawn = {subject: _rows(connection, SAMPLED, subject) for subject in TABLES}
    found = [s for subject, rows in drawn.items() for s in random_checks(subject, rows, lake)]
    return open_cases(engine, found, now=now)


def _tables(subject: SubjectType) -> tuple[str, str]:
    return f"risk.{TABLES[subject]}_signals", f"risk.{TABLES[subject]}_verdicts"


@contextmanager
def _showing(
    lake: Lake, pins: Mapping[str, Pin], settings: Settings, names: Iterable[str]
) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(settings, lake.timezone) as connection:
        for name in names:
            create_view(connection, name, pins[name], pins[name].files)
        yield connection


def _rows(connection: duckdb.DuckDBPyConnection, query: str, subject: SubjectType) -> pl.DataFrame:
    filled = query.format(name=TABLES[subject], key=KEYS[subject], subject=subject)
    frame: pl.DataFrame = connection.sql(filled).pl()
    return frame


def signals(
    subject_type: SubjectType, pending: pl.DataFrame, clicks: pl.DataFrame, lake: Lake
) -> Iterator[Signal]:
    """One signal a case key, from its subjects in order of their days."""
    known = described()
    shown = _by_case(clicks)
    for (key,), group in pending.group_by("case_key", maintain_order=True):
        first = group.row(0, named=True)
        evidence = evidence_of(known[first["detector"]], group)
        if subject_type == "ad_click":
            evidence |= evidence_of_clicks(shown[(key,)])
        yield Signal(
            case_key=str(key),
            detector=first["detector"],
            detector_version=first["detector_version"],
            kind=first["kind"],
            title=_title(first, evidence),
            subjects=tuple(
                Subject(*row) for row in group.select("subject_id", "event_date").rows()
            ),
            subject_timezone=lake.timezone,
            evidence=evidence,
            priority=float(group["probability"].sum()),
            subject_type=subject_type,
        )


def _by_case(clicks: pl.DataFrame) -> dict[tuple[Any, ...], pl.DataFrame]:
    if clicks.is_empty():
        return {}
    return clicks.partition_by("case_key", as_dict=True, maintain_order=True)


def _subject(row: Mapping[str, Any]) -> Subject:
    return Subject(row["subject_id"], row["event_date"])


def random_checks(subject_type: SubjectType, drawn: pl.DataFrame, lake: Lake) -> Iterator[Signal]:
    """A case of its own for each subject that was drawn; nothing waits for it."""
    for row in drawn.iter_rows(named=True):
        evidence = {"rule": RANDOM_WORDS.model_dump(), "probability": row["probability"]}
        yield Signal(
            case_key=f"{RANDOM}:{subject_type}:{row['subject_id']}:{row['event_date']}",
            detector=RANDOM,
            detector_version=1,
            kind="sivt",
            title=str(row["event_date"]),
            subjects=(_subject(row),),
            subject_timezone=lake.timezone,
            evidence=evidence,
            priority=0.0,
            subject_type=subject_type,
        )


def _title(first: Mapping[str, Any], evidence: Mapping[str, Any]) -> str:
    """Where it was found: the campaign, or whatever names the case beside its detector."""
    return str(evidence.get("campaign_id") or first["case_key"].partition(":")[2])
