"""What starts runs when nobody does: landed segments, decisions, and the night."""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg

from pipelines.defs.decisions import decided_days, last_version
from pipelines.defs.house import open_house, utc_now
from pipelines.defs.partitions import stale_request
from pipelines.defs.tables import asset_key
from pipelines.warehouse.ingest.ingest import TABLES
from platform_core import outbox
from platform_core.settings import settings

SENSOR_SECONDS = 15

ingest_job = dg.define_asset_job(
    "ingest",
    dg.AssetSelection.assets(*(asset_key(name) for name in TABLES)),
    description="relay the outbox and ingest what has landed",
)
build_job = dg.define_asset_job(
    "build",
    dg.AssetSelection.all()
    - dg.AssetSelection.assets(*(asset_key(name) for name in TABLES))
    - dg.AssetSelection.groups("models"),
    description="compute the tables, open cases, bind a release",
)


@dg.sensor(
    job=ingest_job,
    minimum_interval_seconds=SENSOR_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def landing_sensor() -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Ingest when a segment has landed or the outbox holds an event."""
    house = open_house()
    waiting = house.ingest().waiting()
    unsent = outbox.pending(house.platform)
    if not any(waiting.values()) and not unsent:
        yield dg.SkipReason("nothing has landed")
        return
    state = {s: (house.lake.watermark(TABLES[1], s), n) for s, n in sorted(waiting.items())}
    hour = f"{utc_now():%Y-%m-%d %H}"  # what failed is tried again in the next hour
    yield dg.RunRequest(run_key=f"{hour}: {state}, {unsent} unsent")


@dg.sensor(
    job=build_job,
    minimum_interval_seconds=SENSOR_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def decision_sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Restate the days of a decision's subjects as soon as the decision is ingested."""
    house = open_house()
    seen, now = int(context.cursor or 0), last_version(house)
    if now <= seen:
        return dg.SkipReason("nothing was ingested")
    days = decided_days(house, seen, now)
    if not days:
        return dg.SensorResult(cursor=str(now))
    request = dg.RunRequest(run_key=f"decisions {seen}-{now}", tags=stale_request(days))
    return dg.SensorResult(run_requests=[request], cursor=str(now))


@dg.schedule(
    job=build_job,
    cron_schedule="30 4 * * *",
    execution_timezone=settings().timezone,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def nightly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Every night: yesterday, and every other day that is stale."""
    house = open_house()
    with house.begin_run("nightly schedule") as run:
        days = run.days_to_run()
    yesterday = context.scheduled_execution_time.date() - timedelta(days=1)
    night = f"{context.scheduled_execution_time:%Y-%m-%d}"
    return dg.RunRequest(run_key=night, tags=stale_request({*days, yesterday}))
