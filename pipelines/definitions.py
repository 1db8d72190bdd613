"""All that Dagster runs."""

import dagster as dg

from models.catalog import catalog_of
from pipelines.defs.automation import (
    build_job,
    decision_sensor,
    ingest_job,
    landing_sensor,
    nightly,
)
from pipelines.defs.books import books_asset
from pipelines.defs.landing import bronze_assets
from pipelines.defs.outcomes import moderation_cases, recommendations, release_assets
from pipelines.defs.resources import HouseResource
from pipelines.defs.tables import table_asset
from pipelines.defs.training import champions, training_job, weekly_training
from pipelines.defs.weekly import upkeep_job, weekly
from platform_core.settings import settings

catalog = catalog_of(settings())

defs = dg.Definitions(
    assets=[
        bronze_assets(catalog),
        *(table_asset(model) for model in catalog.computed),
        moderation_cases,
        books_asset(catalog),
        release_assets(catalog),
        recommendations,
        champions,
    ],
    jobs=[ingest_job, build_job, upkeep_job, training_job],
    sensors=[landing_sensor, decision_sensor],
    schedules=[nightly, weekly, weekly_training],
    resources={"house": HouseResource()},
    executor=dg.in_process_executor,
)
