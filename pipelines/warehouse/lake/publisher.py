"""One Delta commit makes staged files visible, or refuses and leaves the table as it was.

Delta checks nothing and its own retries can double rows: so every refusal is here, and a commit
is a compare-and-swap (no retries by the library) inside a loop that reopens and checks again.
"""

import json
import random
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Final
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Transaction
from deltalake.exceptions import CommitFailedError
from deltalake.transaction import AddAction, RemoveAction

from pipelines.warehouse.lake.staged import Staged, StagedFile
from pipelines.warehouse.lake.table import Table
from pipelines.warehouse.lake.window import Window
from platform_core.boundaries import reach

Actions = list[AddAction | RemoveAction]
Newest = Callable[[], DeltaTable]
"""Opens a table at its newest version."""

ATTEMPTS: Final = 200
LONGEST_PAUSE_SECONDS: Final = 0.5


class PublishRefused(ValueError):
    """The publisher will not commit this; the table is unchanged."""


def refuse_bad_files(staged: Staged) -> None:
    """Refuse files that are missing, outside the window or not of the declared schema."""
    table = staged.table
    for file in staged.files:
        _refuse_misplaced(staged, file)
        _refuse_missing(table, file)
        _refuse_foreign_schema(table, file)


def refuse_no_window(staged: Staged) -> None:
    """Refuse to replace a partitioned table whole because a window was forgotten."""
    if staged.table.partition and staged.window is None:
        raise PublishRefused(f"{staged.table.name}: a partitioned table is published by window")


def refuse_schema_change(table: Table, delta: DeltaTable) -> None:
    """Refuse to drop or retype a column of the published table; new columns are welcome."""
    declared = {c.name: c.arrow for c in table.columns}
    for field in pa.schema(delta.schema().to_arrow()):
        if field.name not in declared:
            raise PublishRefused(f"{table.name}: column {field.name!r} would be dropped")
        if declared[field.name] != _plain(field.type):
            raise PublishRefused(
                f"{table.name}: column {field.name!r} would change from {field.type} "
                f"to {declared[field.name]}"
            )


def refuse_stale_inputs(staged: Staged, delta: DeltaTable) -> None:
    """Refuse rows computed from older inputs than those that stand in the window now."""
    waiting = set(staged.window.days()) if staged.window else {None}
    for commit in delta.history():
        if not waiting:
            return
        if "inputs" not in commit:
            continue
        covered = _days_of(commit.get("window"))
        if not (waiting & covered if staged.window else True):
            continue
        for name, version in json.loads(commit["inputs"]).items():
            if staged.inputs.get(name, version) < version:
                raise PublishRefused(
                    f"{staged.table.name}: run {staged.run_id} read {name} at version "
                    f"{staged.inputs[name]}, but version {version} is already behind "
                    f"{staged.window or 'the table'}; run it again"
                )
        waiting -= covered if staged.window else {None}


def move_into_place(staged: Staged, root: Path) -> Actions:
    """Rename staged files to their final folders and describe them for the commit."""
    actions: Actions = []
    for file in staged.files:
        folder = f"{staged.table.partition}={file.partition}/" if staged.table.partition else ""
        relative = f"{folder}{uuid4().hex}.parquet"
        target = root / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        file.path.rename(target)
        partition = staged.table.partition
        values = {partition: str(file.partition)} if partition else {}
        actions.append(describe(file, relative, values))
    reach("publish.files_moved")
    return actions


def replace_window(staged: Staged, newest: Newest, actions: Actions) -> int:
    """Commit: the files become the window's only rows. Returns the new version."""

    def attempt(delta: DeltaTable) -> None:
        refuse_stale_inputs(staged, delta)
        delta.create_write_transaction(
            actions,
            "overwrite",
            staged.table.delta_schema,
            staged.table.partitions,
            partition_filters=_filters(staged.table, staged.window),
            commit_properties=CommitProperties(
                custom_metadata=_metadata(staged), max_commit_retries=0
            ),
        )

    return _compare_and_swap(staged.table, newest, attempt)


def append_once(
    staged: Staged,
    newest: Newest,
    actions: Actions,
    application: str,
    sequence: int,
    previous: int,
) -> int | None:
    """Commit: the files are added, and the application's watermark moves to ``sequence``.

    Returns None, and commits nothing, when the watermark no longer stands at ``previous``:
    somebody else has ingested these segments.
    """
    lost = False

    def attempt(delta: DeltaTable) -> None:
        nonlocal lost
        if lost := (delta.transaction_version(application) or 0) != previous:
            return
        delta.create_write_transaction(
            actions,
            "append",
            staged.table.delta_schema,
            staged.table.partitions,
            commit_properties=CommitProperties(
                custom_metadata=_metadata(staged),
                max_commit_retries=0,
                app_transactions=[Transaction(application, sequence)],
            ),
        )

    version = _compare_and_swap(staged.table, newest, attempt)
    return None if lost else version


def _compare_and_swap(table: Table, newest: Newest, attempt: Callable[[DeltaTable], None]) -> int:
    for number in range(ATTEMPTS):
        delta = newest()
        refuse_schema_change(table, delta)
        try:
            attempt(delta)
        except CommitFailedError:
            time.sleep(random.uniform(0, min(LONGEST_PAUSE_SECONDS, 0.01 * 2**number)))
            continue
        reach("publish.committed")
        return delta.version() + 1
    raise PublishRefused(f"{table.name}: {ATTEMPTS} commits in a row lost against other writers")


def _refuse_misplaced(staged: Staged, file: StagedFile) -> None:
    table = staged.table
    if table.partition is None:
        return
    if file.partition is None:
        raise PublishRefused(f"{table.name}: {file.path.name} has NULL in {table.partition}")
    if staged.window and file.partition not in staged.window:
        raise PublishRefused(
            f"{table.name}: {file.path.name} is of {file.partition}, outside {staged.window}"
        )


def _refuse_missing(table: Table, file: StagedFile) -> None:
    if not file.path.is_file():
        raise PublishRefused(f"{table.name}: staged file {file.path} is missing")
    if (size := file.path.stat().st_size) != file.size:
        raise PublishRefused(
            f"{table.name}: {file.path.name} has {size} bytes, {file.size} were staged"
        )


def _refuse_foreign_schema(table: Table, file: StagedFile) -> None:
    footer = pq.ParquetFile(file.path)
    physical = {footer.schema.column(i).physical_type for i in range(len(footer.schema))}
    if "INT96" in physical:
        raise PublishRefused(f"{table.name}: {file.path.name} holds INT96 timestamps")
    found = {f.name: _plain(f.type) for f in footer.schema_arrow}
    if found != table.file_schema:
        differing = sorted(
            name
            for name in found.keys() | table.file_schema.keys()
            if found.get(name) != table.file_schema.get(name)
        )
        raise PublishRefused(
            f"{table.name}: {file.path.name} differs from the declared schema in "
            + ", ".join(f"{n} ({found.get(n)} for {table.file_schema.get(n)})" for n in differing)
        )


def _plain(kind: pa.DataType) -> pa.DataType:
    """The type without the name that a writer gave to a list's element."""
    return pa.list_(kind.value_type) if pa.types.is_list(kind) else kind


def describe(
    file: StagedFile,
    relative: str,
    values: Mapping[str, str | None],
    *,
    changes_data: bool = True,
) -> AddAction:
    """A file of a commit, at its path below the table's folder."""
    stats = json.dumps({"numRecords": file.rows})
    return AddAction(
        relative, file.size, dict(values), int(time.time() * 1000), changes_data, stats
    )


def _filters(table: Table, window: Window | None) -> list[tuple[str, str, str]] | None:
    if table.partition is None or window is None:
        return None
    return [
        (table.partition, ">=", str(window.from_date)),
        (table.partition, "<=", str(window.to_date)),
    ]


def _metadata(staged: Staged) -> dict[str, str]:
    return {
        "run_id": staged.run_id,
        "engine_used": staged.engine,
        "model_hash": staged.model_hash,
        "inputs": json.dumps(dict(staged.inputs)),
        "window": str(staged.window or ""),
        "complete": json.dumps(staged.complete),
        "horizon": str(staged.horizon or ""),
        "rows": str(staged.rows),
    }


def _days_of(window: str | None) -> set[date | None]:
    if not window:
        return set()
    start, _, end = window.partition("..")
    return set(Window(date.fromisoformat(start), date.fromisoformat(end)).days())
