"""The lake as a folder: ``<layer>/<table>`` Delta directories and the lake's own properties."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable
from deltalake.exceptions import CommitFailedError, DeltaError
from deltalake.transaction import create_table_with_add_actions

from pipelines.warehouse.lake import publisher
from pipelines.warehouse.lake.pin import DataFile, Pin
from pipelines.warehouse.lake.staged import Staged
from pipelines.warehouse.lake.table import Table
from pipelines.warehouse.lake.upkeep import MARK
from platform_core.boundaries import reach

PROPERTIES: Final = "lake.json"
EXPIRED: Final = "expired.json"
CONFIGURATION: Final = {
    "delta.checkpointInterval": "20",
    "delta.deletedFileRetentionDuration": "interval 30 days",
    "delta.logRetentionDuration": "interval 365 days",
}


class LakeError(ValueError):
    """The lake cannot be used in this way."""


class Lake:
    """A lake that reports in one time zone, fixed when the lake is made.

    Raises:
        LakeError: the lake exists and reports in another zone.
    """

    def __init__(self, root: Path, timezone: str) -> None:
        self.root = root
        self.timezone = timezone
        self._held: dict[str, tuple[DeltaTable, int | None]] = {}
        self._keep_timezone()

    def path(self, name: str) -> Path:
        """Where table ``layer.table`` lies."""
        return self.root / Path(*name.split("."))

    def exists(self, name: str) -> bool:
        return any((self.path(name) / "_delta_log").glob("*.json"))

    def ensure(self, table: Table) -> None:
        """Make the table if it is not there yet."""
        if self.exists(table.name):
            return
        self.path(table.name).mkdir(parents=True, exist_ok=True)
        try:
            create_table_with_add_actions(
                str(self.path(table.name)),
                table.delta_schema,
                [],
                "ignore",
                table.partitions,
                configuration=CONFIGURATION,
                commit_properties=CommitProperties(max_commit_retries=0),
            )
        except CommitFailedError:
            if not self.exists(table.name):  # else another process has just made it
                raise

    def version(self, name: str) -> int:
        """The newest version of a table."""
        return self._newest(name).version()

    def pin(self, name: str, version: int | None = None) -> Pin:
        """Pin a version, the newest unless told."""
        delta = self._at(name, version)
        partitions = delta.metadata().partition_columns
        partition = partitions[0] if partitions else None
        return Pin(
            name,
            delta.version(),
            self.path(name),
            pa.schema(delta.schema().to_arrow()),
            partition,
            _files(delta, partition),
        )

    def history(self, name: str, limit: int | None = None) -> list[dict[str, Any]]:
        """Commits of a table, newest first, with what the publisher recorded."""
        return self._newest(name).history(limit)

    def standing(self, name: str, version: int) -> int:
        """The last version that says what this one says: upkeep has only moved its rows."""
        commits = {c["version"]: c for c in self.history(name, self.version(name) - version + 1)}
        while MARK in commits.get(version + 1, {}):
            version += 1
        return version

    def standing_pin(self, name: str, version: int) -> Pin | None:
        """Pin a version as it stands after upkeep; None if it can be read no more."""
        try:
            return self.pin(name, self.standing(name, version))
        except DeltaError:
            return None

    def kept_from(self, name: str) -> date | None:
        """The first day that retention has kept of a table; None while it has removed nothing."""
        path = self.root / EXPIRED
        day = json.loads(path.read_text()).get(name) if path.exists() else None
        return date.fromisoformat(day) if day else None

    def expire(self, name: str, kept_from: date) -> None:
        """Remember, before they go, that days before ``kept_from`` of a table are removed."""
        path = self.root / EXPIRED
        known = json.loads(path.read_text()) if path.exists() else {}
        temporary = self.root / f".{EXPIRED}.{uuid4().hex}"
        temporary.write_text(json.dumps({**known, name: str(kept_from)}, indent=1) + "\n")
        temporary.rename(path)

    def watermark(self, name: str, source: str, version: int | None = None) -> int:
        """The last segment of a source that a version, the newest unless told, holds; or 0."""
        return self._at(name, version).transaction_version(source) or 0

    @contextmanager
    def staging(self, name: str) -> Iterator[Path]:
        """A private folder for files that wait for their commit; removed at the end."""
        folder = self.path(name) / "_staging" / uuid4().hex
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder)

    def publish(self, staged: Staged) -> int:
        """Make the staged files the window's only rows. Returns the new version.

        Raises:
            PublishRefused: the files or their inputs are not fit; nothing has changed.
        """
        root = self.path(staged.table.name)
        newest = partial(self._newest, staged.table.name)
        publisher.refuse_no_window(staged)
        publisher.refuse_bad_files(staged)
        publisher.refuse_schema_change(staged.table, newest())
        publisher.refuse_stale_inputs(staged, newest())
        reach("publish.staged")
        return publisher.replace_window(staged, newest, publisher.move_into_place(staged, root))

    def append(self, staged: Staged, source: str, sequence: int, previous: int) -> int | None:
        """Add ingested rows and move the source's watermark from ``previous`` to ``sequence``.

        Returns None when somebody else moved the watermark first; nothing has changed then.
        """
        root = self.path(staged.table.name)
        publisher.refuse_bad_files(staged)
        actions = publisher.move_into_place(staged, root)
        newest = partial(self._newest, staged.table.name)
        return publisher.append_once(staged, newest, actions, source, sequence, previous)

    def _at(self, name: str, version: int | None) -> DeltaTable:
        if version is not None and self._commit(name, version + 1).exists():
            return DeltaTable(self.path(name), version=version)
        newest = self._newest(name)
        if version in (None, newest.version()):
            return newest
        return DeltaTable(self.path(name), version=version)

    def _newest(self, name: str) -> DeltaTable:
        """A table as it stands; its log is read again only after a commit or a checkpoint.

        A next commit alone does not tell: upkeep removes commits that a checkpoint holds.
        """
        checkpoint = _modified(self.path(name) / "_delta_log" / "_last_checkpoint")
        if held := self._held.get(name):
            delta, known = held
            if checkpoint == known and not self._commit(name, delta.version() + 1).exists():
                return delta
        delta = DeltaTable(self.path(name))
        self._held[name] = delta, checkpoint
        return delta

    def _commit(self, name: str, version: int) -> Path:
        """Where a version's commit lies, unless upkeep has removed it."""
        return self.path(name) / "_delta_log" / f"{version:020}.json"

    def _keep_timezone(self) -> None:
        path = self.root / PROPERTIES
        if not path.exists():
            self.root.mkdir(parents=True, exist_ok=True)
            temporary = self.root / f".{PROPERTIES}.{uuid4().hex}"
            temporary.write_text(json.dumps({"timezone": self.timezone}) + "\n")
            with suppress(FileExistsError):
                os.link(temporary, path)
            temporary.unlink()
        kept = json.loads(path.read_text())["timezone"]
        if kept != self.timezone:
            raise LakeError(
                f"{self.root}: this lake reports in {kept}, not in {self.timezone}; set "
                f"MEADOW_TIMEZONE={kept}, or begin another lake with another MEADOW_HOME"
            )


def _modified(path: Path) -> int | None:
    """When a file was last written [ns]; None if it is not there."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return None


def _files(delta: DeltaTable, partition: str | None) -> tuple[DataFile, ...]:
    actions = pa.table(delta.get_add_actions(flatten=True))
    days: list[date | None] = [None] * actions.num_rows
    if partition:
        days = [_day(v) for v in actions[f"partition.{partition}"].to_pylist()]
    return tuple(
        DataFile(path, rows, day)
        for path, rows, day in zip(
            actions["path"].to_pylist(), actions["num_records"].to_pylist(), days, strict=True
        )
    )


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
