"""What every entry point needs: the settings, the platform, the lake and the catalog."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property

import sqlalchemy as sa

from models.catalog import catalog_of
from pipelines.warehouse import run
from pipelines.warehouse.catalog import Catalog
from pipelines.warehouse.ingest.ingest import Ingest, Keys
from pipelines.warehouse.lake import Lake
from platform_core import database, outbox
from platform_core.keys import key
from platform_core.settings import Settings, settings


@dataclass(frozen=True)
class House:
    """One Meadow: made from its settings, opened piece by piece as it is needed."""

    settings: Settings

    @cached_property
    def platform(self) -> sa.Engine:
        return database.connect(self.settings.platform_url)

    @cached_property
    def catalog(self) -> Catalog:
        return catalog_of(self.settings)

    @cached_property
    def lake(self) -> Lake:
        return Lake(self.settings.lake, self.settings.timezone)

    @cached_property
    def keys(self) -> Keys:
        return Keys(key(self.platform, "pseudonym"), key(self.platform, "quarantine"))

    def ingest(self) -> Ingest:
        return Ingest(self.lake, self.catalog, self.settings, self.keys)

    def relay(self, now: datetime) -> outbox.RelayReport:
        return outbox.relay(self.platform, self.settings.landing, now=now)

    @contextmanager
    def begin_run(self, run_id: str) -> Iterator[run.Run]:
        with run.begin(self.lake, self.catalog, self.settings, run_id) as begun:
            yield begun


@cache
def open_house() -> House:
    """The Meadow that this process's settings describe."""
    return House(settings())


def utc_now() -> datetime:
    """The clock of entry points; everything below them is told the time."""
    return datetime.now(UTC)
