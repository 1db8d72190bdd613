"""A town that DuckDB has computed once, and one Spark session for all tests."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from models.catalog import load_catalog
from pipelines.defs.house import House
from pipelines.warehouse import audit
from pipelines.warehouse.engines.connection import connect, create_view
from pipelines.warehouse.findings import AuditReport
from platform_core.settings import Settings
from tests.simulation.lived import lived_in
from tests.spark.hard_events import decisions, hard_events
from tests.spark.servers import environment
from tests.warehouse.nightly import deliver, house, night

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SOON_TRUSTED = (("precision_budget", 0.2), ("precision_least_cases", 1))
"""In four days nobody decides enough for a detector to be trusted."""
FACTS = """
SELECT DISTINCT {subject} AS subject FROM bronze.events
WHERE type = '{type}' AND NOT is_duplicate AND actor_id IS NOT NULL ORDER BY subject
"""


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a small town with all groups; nothing is ingested yet, but copies of it will
    know its people by the same pseudonyms."""
    home = tmp_path_factory.mktemp("lived")
    lived_in(home, days=4, users=80)
    meadow = house(home)
    assert meadow.keys
    meadow.platform.dispose()
    return home


@pytest.fixture(scope="session")
def town(lived: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The town, and events made to be hard; computed by DuckDB."""
    home = shutil.copytree(lived, tmp_path_factory.mktemp("town"), dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:  # not even the books of hard events balance
        patch.setattr(audit, "audit", lambda model, *_: AuditReport(model.name, ()))
        meadow = house(home)
        vars(meadow)["catalog"] = load_catalog(SOON_TRUSTED)
        deliver(meadow, *hard_events())
        meadow.ingest().all_sources()
        deliver(meadow, *decisions(*_subjects(meadow)))
        night(meadow)
        yield meadow
    meadow.platform.dispose()


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator["SparkSession"]:
    """A session in this process; it takes seconds to begin."""
    from pipelines.warehouse.engines.spark import start

    folder = tmp_path_factory.mktemp("spark")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(folder).items():
            patch.setenv(name, value)
        session = start(Settings(home=folder, _env_file=None))
        yield session
        session.stop()


def _subjects(meadow: House) -> Iterator[list[str]]:
    """Clicks, orders and people that somebody may decide on."""
    wanted = {
        "ad.clicked": "concat(source, ':', event_id)",
        "order.placed": "concat(source, ':', data->>'$.order_id')",
        "product.viewed": "actor_id",
    }
    with closing(connect(meadow.settings, meadow.lake.timezone)) as connection:
        pin = meadow.lake.pin("bronze.events")
        create_view(connection, pin.name, pin, pin.files)
        for type_, subject in wanted.items():
            rows = connection.sql(FACTS.format(subject=subject, type=type_)).fetchall()
            yield [name for (name,) in rows]
