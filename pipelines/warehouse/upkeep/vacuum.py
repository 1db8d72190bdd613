"""The weekly upkeep: what is past its age goes, small files become one, nobody's old files stay.

Nothing that a reader of the newest releases or the next run needs is touched: what they pin is
counted first, and runs and ingests wait.
"""

import json
import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from pipelines.warehouse import release
from pipelines.warehouse.catalog import Catalog, Model
from pipelines.warehouse.engines.connection import connect, create_view
from pipelines.warehouse.ingest.ingest import TABLES
from pipelines.warehouse.ingest.staging import CLUSTERED, ROW_GROUP
from pipelines.warehouse.lake import Lake, Pin, StagedFile
from pipelines.warehouse.lake.pin import DataFile
from pipelines.warehouse.lake.upkeep import Kind, swap
from pipelines.warehouse.upkeep import logs
from pipelines.warehouse.upkeep.files import data_files
from pipelines.warehouse.upkeep.private import EVENTS_TABLE
from pipelines.warehouse.upkeep.quiet import quiet
from pipelines.warehouse.upkeep.retention import Retention
from platform_core.boundaries import reach
from platform_core.landing import expire_segments, sources
from platform_core.outbox import expire as expire_outbox
from platform_core.settings import Settings

QUARANTINE: Final = "bronze.quarantine"
STAGING: Final = "_staging"


@dataclass(frozen=True)
class Vacuumed:
    """What one upkeep let go or put together."""

    segments: int
    outbox_events: int
    payloads: int
    partitions: int
    compacted: int
    releases: int
    files: int
    log_files: int


class Vacuum:
    """Applies retention, compaction and vacuum to one Meadow."""

    def __init__(
        self,
        lake: Lake,
        catalog: Catalog,
        settings: Settings,
        platform: sa.Engine,
        retention: Retention,
    ) -> None:
        self._lake = lake
        self._catalog = catalog
        self._settings = settings
        self._platform = platform
        self._keep = retention

    def run(self, now: datetime) -> Vacuumed:
        """Do all of it; a crash in between is finished by the next call."""
        with quiet(self._lake):
            models = [m for m in self._catalog if self._lake.exists(m.name)]
            before = (now - timedelta(days=self._keep.raw_segments)).astimezone(UTC).date()
            segments = self._expire_segments(before)
            events = expire_outbox(self._platform, before)
            payloads = self._expire_payloads(now)
            partitions = sum(self._expire_days(m, models) for m in models)
            compacted = sum(self._compact(m) for m in models)
            releases = self._drop_releases()
            files, log_files = self._sweep(models)
        return Vacuumed(
            segments, events, payloads, partitions, compacted, releases, files, log_files
        )

    def _expire_segments(self, before: date) -> int:
        """Remove raw segments that were closed before that day and that every table has."""
        if not all(self._lake.exists(name) for name in TABLES):
            return 0
        landing = self._settings.landing
        return sum(
            expire_segments(
                landing, s, before, min(self._lake.watermark(name, s) for name in TABLES)
            )
            for s in sources(landing)
        )

    def _expire_payloads(self, now: datetime) -> int:
        """Empty the raw lines of quarantined rows past their age; the rows stay, and count."""
        if not self._lake.exists(QUARANTINE):
            return 0
        before = (now - timedelta(days=self._keep.quarantine_payloads)).astimezone(UTC).date()
        pin = self._lake.pin(QUARANTINE)
        old = [f for f in pin.files if f.partition and f.partition < before]
        sealed = [f for f in old if self._holds(pin, f, "octet_length(raw) > 0")]
        if sealed:
            query = "SELECT * REPLACE (''::BLOB AS raw) FROM old"
            self._rewrite(pin, sealed, query, "expire")
        return sum(f.rows for f in sealed)

    def _expire_days(self, model: Model, models: Iterable[Model]) -> int:
        """Let a table's oldest days go, if its class has an age."""
        age = self._age(model)
        newest = max((d for m in models for d in self._days(m)), default=None)
        if age is None or newest is None:
            return 0
        before = newest - timedelta(days=age)
        pin = self._lake.pin(model.name)
        old = [f for f in pin.files if f.partition and f.partition < before]
        if old:
            self._lake.expire(model.name, before)
            reach("upkeep.expiry_known")
            swap(pin, old, [], "expire")
        return len({f.partition for f in old})

    def _age(self, model: Model) -> int | None:
        if model.header.partition is None:
            return None
        if model.name == EVENTS_TABLE:
            return self._keep.events
        return self._keep.features if model.layer == "features" else None

    def _days(self, model: Model) -> set[date]:
        """Days on which anything happened: those of events."""
        return self._lake.pin(model.name).days() if model.name == EVENTS_TABLE else set()

    def _compact(self, model: Model) -> int:
        """Make one file of the many that a partition has. Returns how many have gone."""
        pin = self._lake.pin(model.name)
        by_day: defaultdict[date | None, list[DataFile]] = defaultdict(list)
        for file in pin.files:
            by_day[file.partition].append(file)
        small = [files for files in by_day.values() if len(files) >= self._keep.compact_from]
        if not small:
            return 0
        together = [file for files in small for file in files]
        order = f" {CLUSTERED}" if model.name == EVENTS_TABLE else ""
        self._rewrite(pin, together, f"SELECT * FROM old{order}", "compact")
        return len(together) - len(small)

    def _rewrite(self, pin: Pin, files: list[DataFile], query: str, kind: Kind) -> None:
        """Put what a query makes of each partition's ``old`` rows in place of its files."""
        days = sorted({f.partition for f in files}, key=str)
        with (
            self._lake.staging(pin.name) as folder,
            connect(self._settings, self._lake.timezone) as connection,
        ):
            staged = []
            for number, day in enumerate(days):
                own = [f for f in files if f.partition == day]
                create_view(connection, "old", pin, own)
                path = folder / f"{number}.parquet"
                without_day = (
                    f"SELECT * EXCLUDE ({pin.partition}) FROM" if pin.partition else "FROM"
                )
                connection.execute(
                    f"COPY ({without_day} ({query})) TO '{path}' "
                    f"(FORMAT parquet, {ROW_GROUP}, COMPRESSION zstd)"
                )
                rows = sum(f.rows for f in own)
                staged.append(StagedFile(path, rows, path.stat().st_size, day))
            swap(pin, files, staged, kind)

    def _holds(self, pin: Pin, file: DataFile, condition: str) -> bool:
        with connect(self._settings, self._lake.timezone) as connection:
            create_view(connection, "held", pin, [file], condition)
            return bool(connection.sql("SELECT 1 FROM held LIMIT 1").fetchall())

    def _drop_releases(self) -> int:
        """Forget all but the newest releases."""
        old = release.numbers(self._lake.root)[: -self._keep.releases]
        for number in old:
            release.drop(self._lake.root, number)
        return len(old)

    def _sweep(self, models: list[Model]) -> tuple[int, int]:
        """Remove files that no version that is still needed knows, and the logs before those."""
        needed = self._needed(models)
        files = log_files = 0
        for model in models:
            root = self._lake.path(model.name)
            shutil.rmtree(root / STAGING, ignore_errors=True)
            kept = {
                root / file.path
                for version in needed[model.name]
                for file in self._lake.pin(model.name, version).files
            }
            for path in data_files(root):
                if path not in kept:
                    path.unlink()
                    files += 1
            _remove_empty_folders(root)
            log_files += logs.trim(root, min(needed[model.name]))
        return files, log_files

    def _needed(self, models: list[Model]) -> dict[str, set[int]]:
        """Versions of every table that a release or a table's recorded inputs pin."""
        needed = {m.name: {self._lake.version(m.name)} for m in models}
        for number in release.numbers(self._lake.root):
            for name, version in release.load(self._lake.root, number).tables.items():
                needed.setdefault(name, set()).add(version)
        for model in models:
            for commit in self._lake.history(model.name):
                if commit.get("complete") == "true":
                    for name, version in json.loads(commit["inputs"]).items():
                        both = {version, self._lake.standing(name, version)}
                        needed.setdefault(name, set()).update(both)
                    needed[model.name].add(commit["version"])  # its inputs stand in this commit
                    break
        return needed


def _remove_empty_folders(root: Path) -> None:
    for folder in root.glob("*=*"):
        if not any(folder.iterdir()):
            folder.rmdir()
