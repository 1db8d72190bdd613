"""A process that ingests all that has landed at a common start."""

from multiprocessing.synchronize import Barrier
from pathlib import Path

from models.catalog import load_catalog
from pipelines.warehouse.ingest import ingest
from pipelines.warehouse.lake import Lake
from platform_core.settings import Settings
from tests.warehouse.racing import START_SECONDS


def ingest_all(start: Barrier, home: Path) -> None:
    """Ingest all that has landed, a segment a commit so that the racers meet often."""
    ingest.BATCH_BYTES = 1
    settings = Settings(home=home, max_quarantine_rate=1.0, _env_file=None)
    keys = ingest.Keys(pseudonym=b"p" * 32, quarantine=b"q" * 32)
    lake = Lake(settings.lake, settings.timezone)
    ready = ingest.Ingest(lake, load_catalog(), settings, keys)
    start.wait(START_SECONDS)
    ready.all_sources()
