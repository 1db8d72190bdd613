"""What landed, what became of it, how far the tables are, and how the last runs went."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pipelines.defs.house import House
from pipelines.warehouse import release
from pipelines.warehouse.engines.connection import connect, create_view
from pipelines.warehouse.lake import Window
from platform_core.landing import last_sequence, sources

SEGMENTS: Final = "bronze.segments"
RUNS_SHOWN: Final = 5
DRIFT_DAYS: Final = 35
"""Days back from the last one in which every thing that is still measured has been settled."""
COUNTED: Final = ("landed", "accepted", "duplicates", "quarantined", "last_segment")
COUNTS: Final = """
SELECT
  source,
  CAST(sum(lines) AS BIGINT) AS landed,
  CAST(sum(accepted) AS BIGINT) AS accepted,
  CAST(sum(duplicates) AS BIGINT) AS duplicates,
  CAST(sum(quarantined) AS BIGINT) AS quarantined,
  max(segment) AS last_segment
FROM bronze.segments GROUP BY source ORDER BY source
"""
DRIFT: Final = "risk.drift_daily"
LARGE: Final = """
SELECT subject, measure, name, event_date, psi, deviations
FROM (
  SELECT *, max(event_date) OVER (PARTITION BY subject, measure, name) AS last
  FROM risk.drift_daily
  WHERE is_settled AND level <> 'too few'
)
WHERE event_date = last AND level = 'large'
ORDER BY event_date DESC, psi DESC, abs(deviations) DESC, subject, name
"""
CHURN: Final = "gold.verdict_churn"
TURNED: Final = """
SELECT
  release, verdicts_of, CAST(sum(turned) AS BIGINT) AS turned,
  CAST(sum(verdicts) AS BIGINT) AS verdicts,
  min(stated_for) AS from_day, max(stated_for) AS to_day
FROM (
  SELECT release, verdicts_of, stated_for, sum(turned) AS turned, max(verdicts) AS verdicts
  FROM gold.verdict_churn
  WHERE release = (SELECT max(release) FROM gold.verdict_churn)
  GROUP BY release, verdicts_of, stated_for
)
GROUP BY release, verdicts_of
ORDER BY verdicts_of
"""


@dataclass(frozen=True)
class Status:
    """The whole state in plain values, ready for JSON."""

    timezone: str
    sources: list[dict[str, Any]]
    tables: list[dict[str, Any]]
    release: dict[str, Any] | None
    drift: list[dict[str, Any]]
    churn: list[dict[str, Any]]
    runs: list[dict[str, Any]]
    books: dict[str, Any] | None


def status(house: House) -> Status:
    """Read the state of the lake and of Dagster's instance; changes nothing."""
    newest = release.latest(house.lake.root)
    return Status(
        timezone=house.lake.timezone,
        sources=_sources(house),
        tables=_tables(house),
        release=(
            {"number": newest.number, "created_at": newest.created_at.isoformat()}
            if newest
            else None
        ),
        drift=_drift(house),
        churn=_churn(house),
        runs=_runs(house),
        books=_books(house),
    )


def _sources(house: House) -> list[dict[str, Any]]:
    counted: dict[str, dict[str, Any]] = {}
    if house.lake.exists(SEGMENTS):
        pin = house.lake.pin(SEGMENTS)
        with connect(house.settings, house.lake.timezone) as connection:
            create_view(connection, SEGMENTS, pin, pin.files)
            for row in connection.sql(COUNTS).pl().to_dicts():
                counted[row["source"]] = row
    landing = house.settings.landing
    for source in sources(landing):
        empty = dict.fromkeys(
            ("landed", "accepted", "duplicates", "quarantined", "last_segment"), 0
        )
        row = counted.setdefault(source, {"source": source, **empty})
        row["waiting_segments"] = last_sequence(landing, source) - row["last_segment"]
    return [counted[source] for source in sorted(counted)]


def _tables(house: House) -> list[dict[str, Any]]:
    rows = []
    for model in house.catalog:
        if house.lake.exists(model.name):
            pin = house.lake.pin(model.name)
            newest = max(pin.days(), default=None)
            rows.append(
                {
                    "table": model.name,
                    "version": pin.version,
                    "rows": pin.rows,
                    "newest_partition": str(newest) if newest else None,
                }
            )
    return rows


def _drift(house: House) -> list[dict[str, Any]]:
    """What was far from the days before on the last day on which it could be judged."""
    rows = _of_last_days(house, DRIFT, DRIFT_DAYS, LARGE)
    return [{**row, "event_date": str(row["event_date"])} for row in rows]


def _churn(house: House) -> list[dict[str, Any]]:
    """What turned with the last release that turned any verdict, by table of verdicts."""
    rows = _of_last_days(house, CHURN, 0, TURNED)
    return [{**row, "from_day": str(row["from_day"]), "to_day": str(row["to_day"])} for row in rows]


def _of_last_days(house: House, table: str, days: int, query: str) -> list[dict[str, Any]]:
    """Rows of a query over a table's last day and so many before; none while it has no day."""
    if not house.lake.exists(table):
        return []
    pin = house.lake.pin(table)
    last = max(pin.days(), default=None)
    if last is None:
        return []
    with connect(house.settings, house.lake.timezone) as connection:
        create_view(connection, table, pin, pin.within(Window(last - timedelta(days=days), last)))
        rows: list[dict[str, Any]] = connection.sql(query).pl().to_dicts()
    return rows


def _runs(house: House) -> list[dict[str, Any]]:
    """The last runs, if Dagster has ever run here: importing it takes seconds."""
    if not _has_run(house):
        return []
    from pipelines.defs.launch import instance

    with instance(house.settings) as dagster:
        return [
            {
                "run_id": record.dagster_run.run_id,
                "job": record.dagster_run.job_name,
                "status": record.dagster_run.status.value,
                "started_at": _instant(record.start_time),
                "ended_at": _instant(record.end_time),
            }
            for record in dagster.get_run_records(limit=RUNS_SHOWN)
        ]


def _books(house: House) -> dict[str, Any] | None:
    """What the last comparison with the platform's database said; None before the first."""
    if not _has_run(house):
        return None
    from pipelines.defs.books import RECONCILED
    from pipelines.defs.launch import instance

    with instance(house.settings) as dagster:
        record = dagster.get_latest_asset_check_evaluation_record(RECONCILED)
    if record is None or record.evaluation is None:
        return None
    return {
        "agree": record.evaluation.passed,
        "checked_at": _instant(record.create_timestamp),
        **{name: value.value for name, value in record.evaluation.metadata.items()},
    }


def _has_run(house: House) -> bool:
    return (house.settings.home / "dagster" / "history" / "runs.db").exists()


def _instant(seconds: float | None) -> str | None:
    return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds else None
