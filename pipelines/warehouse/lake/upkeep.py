"""Commits that move rows between files or let old ones go: no reader's number changes by them."""

import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final, Literal
from uuid import uuid4

from deltalake import CommitProperties, DeltaTable
from deltalake.transaction import AddAction, RemoveAction

from pipelines.warehouse.lake.pin import DataFile, Pin
from pipelines.warehouse.lake.publisher import describe
from pipelines.warehouse.lake.staged import StagedFile
from platform_core.boundaries import reach

Kind = Literal["compact", "expire"]
MARK: Final = "upkeep"
"""Key of a commit's metadata that says so; its value is the kind."""


def swap(pin: Pin, removed: Iterable[DataFile], added: Iterable[StagedFile], kind: Kind) -> int:
    """Commit other files in place of some of a version's, which must still be the newest.

    Returns:
        The new version.

    Raises:
        CommitFailedError: somebody else has committed since; nothing has changed.
    """
    delta = DeltaTable(pin.root, version=pin.version)
    actions: list[AddAction | RemoveAction] = [_removal(pin, file) for file in removed]
    actions += [_moved(pin, file) for file in added]
    reach("upkeep.files_moved")
    delta.create_write_transaction(
        actions,
        "append",
        delta.schema(),
        [pin.partition] if pin.partition else [],
        commit_properties=CommitProperties(custom_metadata={MARK: kind}, max_commit_retries=0),
    )
    reach("upkeep.committed")
    return DeltaTable(pin.root).version()


def _removal(pin: Pin, file: DataFile) -> RemoveAction:
    values = _values(pin, file.partition)
    return RemoveAction(file.path, False, int(time.time() * 1000), _size(pin.root, file), values)


def _moved(pin: Pin, file: StagedFile) -> AddAction:
    folder = f"{pin.partition}={file.partition}/" if pin.partition else ""
    relative = f"{folder}{uuid4().hex}.parquet"
    file.path.rename(pin.root / relative)
    return describe(file, relative, _values(pin, file.partition), changes_data=False)


def _values(pin: Pin, day: date | None) -> dict[str, str | None]:
    return {pin.partition: str(day)} if pin.partition else {}


def _size(root: Path, file: DataFile) -> int:
    path = root / file.path
    return path.stat().st_size if path.exists() else 0
