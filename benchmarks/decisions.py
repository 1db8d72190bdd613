"""Decisions of people on a landed platform: some users, orders and clicks on ads are invalid."""

import json
from typing import Final

from pipelines.defs.house import House
from pipelines.warehouse.engines.connection import connect, create_view
from platform_core.landing import append_segment, segments

SOURCE: Final = "platform"
FIELDS: Final = ("subject_type", "subjects", "subject_dates", "verdict", "kind")
_DECIDED: Final = """
WITH acts AS (
  SELECT DISTINCT 'user' AS kind, actor_id AS subject, local_date(occurred_at) AS day
  FROM bronze.events WHERE type = 'product.viewed'
  UNION ALL
  SELECT 'order', concat(source, ':', data->>'$.order_id'), local_date(occurred_at)
  FROM bronze.events WHERE type = 'order.placed'
  UNION ALL
  SELECT 'ad_click', concat(source, ':', event_id), local_date(occurred_at)
  FROM bronze.events WHERE type = 'ad.clicked'
)
SELECT
  kind,
  [subject],
  list_sort(list(CAST(day AS VARCHAR))),
  CASE WHEN hash(subject, 1) % 4 > 0 THEN 'confirmed' ELSE 'dismissed' END,
  CASE WHEN hash(subject, 2) % 2 > 0 THEN 'givt' ELSE 'sivt' END
FROM acts
WHERE hash(subject) % 10 = 0
GROUP BY kind, subject ORDER BY kind, subject
"""
"""A tenth of them; of these, three in four are confirmed."""


def decide(house: House) -> None:
    """Land decisions about what has been ingested."""
    pin = house.lake.pin("bronze.events")
    with connect(house.settings, house.lake.timezone) as connection:
        create_view(connection, pin.name, pin, pin.files)
        decided = connection.sql(_DECIDED).fetchall()
    last = segments(house.settings.landing, SOURCE)[-1].closed_on
    common = {
        "reason_code": "bench",
        "reviewer_id": "account_1",
        "case_version": 1,
        "subject_timezone": house.lake.timezone,
    }
    lines = (
        _line(number, f"{last}T23:59:59.000000Z", common | dict(zip(FIELDS, row, strict=True)))
        for number, row in enumerate(decided)
    )
    append_segment(house.settings.landing, SOURCE, last, lines)


def _line(number: int, time: str, decision: dict[str, object]) -> bytes:
    event = {
        "specversion": "1.0",
        "id": f"case_{number}.1.decided",
        "source": SOURCE,
        "type": "moderation.decided",
        "time": time,
        "dataschema": "moderation.decided/1",
        "data": {"decision_id": f"case_{number}.1", "case_id": f"case_{number}", **decision},
    }
    return json.dumps(event).encode() + b"\n"
