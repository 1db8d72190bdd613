"""Running the jobs from the command line, on the instance that the Dagster UI shows."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import dagster as dg

import pipelines
from pipelines.defs.house import House
from pipelines.defs.partitions import stale_request, tags_of
from pipelines.warehouse.lake import Window
from platform_core.settings import Settings

QUIET: Final = {"loggers": {"console": {"config": {"log_level": "ERROR"}}}}
ROOT: Final = Path(next(iter(pipelines.__path__))).parent


def dagster_environment(settings: Settings) -> dict[str, str]:
    """What ``dagster.yaml`` needs to know of this Meadow."""
    storage = settings.home.resolve() / "dagster"
    storage.mkdir(parents=True, exist_ok=True)
    return {"DAGSTER_HOME": str(ROOT), "MEADOW_DAGSTER_STORAGE": str(storage)}


@contextmanager
def instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The persistent Dagster instance of this Meadow."""
    os.environ.update(dagster_environment(settings))
    with dg.DagsterInstance.get() as found:
        yield found


def run_batch(house: House, window: Window | None) -> bool:
    """Ingest, then compute: a window again if one is given, else whatever is stale.

    Every run is recorded on the persistent instance. Returns whether all succeeded.
    """
    from pipelines.definitions import defs

    with instance(house.settings) as dagster:

        def succeeds(job: str, tags: dict[str, str] | None = None) -> bool:
            result = defs.resolve_job_def(job).execute_in_process(
                instance=dagster, tags=tags, run_config=QUIET, raise_on_error=False
            )
            return result.success

        return succeeds("ingest") and all(
            succeeds("build", tags) for tags in _requests(house, window)
        )


def _requests(house: House, window: Window | None) -> list[dict[str, str]]:
    if window is not None:
        return [tags_of(window)]
    with house.begin_run("plan") as run:
        days = run.days_to_run()
    return [stale_request(days)] if days else []
