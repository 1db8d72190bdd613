"""The weekly training of the models, as an asset: challengers, and which of them is in use."""

import dagster as dg

from models.learning import LEARNERS
from pipelines.defs.resources import HouseResource
from pipelines.defs.tables import asset_key
from platform_core.settings import settings

CHAMPIONS = dg.AssetKey(["models", "champions"])


@dg.asset(
    key=CHAMPIONS,
    deps=sorted({asset_key(name) for learner in LEARNERS for name in learner.reads}),
    group_name="models",
    description="models learned from people's decisions; a better one takes the champion's place",
    owners=["team:trust-and-safety"],
)
def champions(
    context: dg.AssetExecutionContext, house: HouseResource
) -> dg.MaterializeResult[None]:
    from models.learning.weekly import train_all  # takes seconds to import

    run, inner = house.run(context.run.run_id), house.house
    trained = train_all(
        inner.catalog, run.pins, inner.settings, inner.lake.timezone, as_of=run.horizon
    )
    said = {one.learner.detector: one.statement for one in trained}
    for detector, statement in said.items():
        context.log.info("%s: %s", detector, statement)
    return dg.MaterializeResult(metadata=dict(said))


training_job = dg.define_asset_job(
    "training",
    dg.AssetSelection.assets(CHAMPIONS),
    description="learn from matured decisions; the next night scores with whatever is better",
)

weekly_training = dg.ScheduleDefinition(
    name="weekly_training",
    job=training_job,
    cron_schedule="30 7 * * 0",  # after Sunday's upkeep
    execution_timezone=settings().timezone,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
