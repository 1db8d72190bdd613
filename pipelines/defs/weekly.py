"""The weekly upkeep as a Dagster job."""

import dagster as dg

from pipelines.defs.house import utc_now
from pipelines.defs.resources import HouseResource
from pipelines.defs.upkeep import vacuum
from platform_core.settings import settings


@dg.op(name="vacuum")
def tidy(context: dg.OpExecutionContext, house: HouseResource) -> None:
    for line in vacuum(house.house, now=utc_now()):
        context.log.info(line)


@dg.job(name="upkeep", description="retention, compaction and vacuum of the whole Meadow")
def upkeep_job() -> None:
    tidy()


weekly = dg.ScheduleDefinition(
    name="weekly",
    job=upkeep_job,
    cron_schedule="30 6 * * 0",  # after Sunday's night
    execution_timezone=settings().timezone,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
