"""What rules flag and nobody has decided yet becomes cases in the platform's moderation queue."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import polars as pl
import sqlalchemy as sa

from models.rules import Rule, load_rules
from pipelines.warehouse.engines.connection import connect, create_view
from pipelines.warehouse.lake import Lake, Pin
from platform_core.moderation import OpenReport, Signal, Subject, open_cases
from platform_core.settings import Settings

VERDICTS: Final = "risk.click_verdicts"
CLICKS: Final = "features.click_velocity"
EVIDENCE_CLICKS: Final = 200  # a frozen sample: enough to see the rhythm of a ring

FLAGGED: Final = f"""
WITH flagged AS (
  SELECT case_key, rule, click_id FROM {VERDICTS}
  WHERE state = 'pending' AND rule IS NOT NULL
),
shown AS (
  SELECT case_key, rule, click_id, true AS is_flagged FROM flagged
  UNION
  SELECT f.case_key, f.rule, c.previous_click_id, false
  FROM flagged AS f JOIN {CLICKS} AS c USING (click_id)
  WHERE c.previous_click_id NOT IN (SELECT click_id FROM flagged)
)
SELECT
  s.case_key, s.rule, s.click_id, s.is_flagged,
  c.event_date, c.occurred_at, c.campaign_id, c.brand_id, c.address, c.device_model, c.os,
  epoch(c.occurred_at) - epoch(c.previous_at) AS seconds_since_previous
FROM shown AS s JOIN {CLICKS} AS c USING (click_id)
ORDER BY s.case_key, c.occurred_at, s.click_id
"""


def open_click_cases(
    lake: Lake, pins: Mapping[str, Pin], settings: Settings, engine: sa.Engine, *, now: datetime
) -> OpenReport:
    """Open a case for each actor and campaign with pending repeats; the same again is nothing."""
    with connect(settings, lake.timezone) as connection:
        for name in (VERDICTS, CLICKS):
            create_view(connection, name, pins[name], pins[name].files)
        clicks = connection.sql(FLAGGED).pl()
    return open_cases(engine, signals(clicks, lake.timezone), now=now)


def signals(clicks: pl.DataFrame, timezone: str) -> Iterator[Signal]:
    """One signal a case key, from its clicks in order of time."""
    rules = load_rules()
    for (_, name), group in clicks.group_by("case_key", "rule", maintain_order=True):
        rule = rules[str(name)]
        if rule.state == "live":
            yield _signal(rule, group, timezone)


def _signal(rule: Rule, group: pl.DataFrame, timezone: str) -> Signal:
    first = group.row(0, named=True)
    flagged = group.filter("is_flagged")
    return Signal(
        case_key=first["case_key"],
        detector=rule.name,
        detector_version=rule.version,
        kind=rule.kind,
        title=first["campaign_id"],
        subjects=tuple(
            Subject(*row) for row in flagged.select("click_id", "event_date").iter_rows()
        ),
        subject_timezone=timezone,
        evidence=_evidence(rule, first, group),
        priority=float(flagged.height),
    )


def _evidence(rule: Rule, first: Mapping[str, Any], group: pl.DataFrame) -> dict[str, Any]:
    actor = {name: first[name] for name in ("address", "device_model", "os") if first[name]}
    shown = group.head(EVIDENCE_CLICKS)
    return {
        "rule": rule.description.model_dump(),
        "actor": actor,
        "campaign_id": first["campaign_id"],
        "brand_id": first["brand_id"],
        "clicks": [
            {
                "click_id": click["click_id"],
                "clicked_at": click["occurred_at"].isoformat() + "Z",
                "seconds_since_previous": click["seconds_since_previous"],
                "flagged": click["is_flagged"],
            }
            for click in shown.iter_rows(named=True)
        ],
    }
