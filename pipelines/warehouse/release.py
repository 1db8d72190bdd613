"""A release binds one version of every table, so that the numbers on one page agree.

A release is a small JSON file that appears in one step under the next number and never changes;
readers take the highest. Two releases explain every change between them.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from platform_core.boundaries import reach

FOLDER: Final = "releases"


@dataclass(frozen=True)
class Release:
    """What readers see; ``watermarks`` is the last event time of each source."""

    number: int
    created_at: datetime
    run_id: str
    timezone: str
    tables: Mapping[str, int]
    watermarks: Mapping[str, datetime]


def numbers(lake_root: Path) -> list[int]:
    """All releases, oldest first."""
    return sorted(int(p.stem) for p in (lake_root / FOLDER).glob("[0-9]*.json"))


def latest(lake_root: Path) -> Release | None:
    """The newest release, or None before the first."""
    known = numbers(lake_root)
    return load(lake_root, known[-1]) if known else None


def load(lake_root: Path, number: int) -> Release:
    """One release by its number."""
    fields = json.loads(_path(lake_root, number).read_text())
    return Release(
        number=number,
        created_at=datetime.fromisoformat(fields["created_at"]),
        run_id=fields["run_id"],
        timezone=fields["timezone"],
        tables=fields["tables"],
        watermarks={s: datetime.fromisoformat(t) for s, t in fields["watermarks"].items()},
    )


def drop(lake_root: Path, number: int) -> None:
    """Forget a release: nobody reads by it any more."""
    _path(lake_root, number).unlink(missing_ok=True)


def publish(
    lake_root: Path,
    *,
    run_id: str,
    timezone: str,
    tables: Mapping[str, int],
    watermarks: Mapping[str, datetime],
    now: datetime,
) -> Release:
    """Make a release; when nothing has changed since the newest one, that one stands."""
    newest = latest(lake_root)
    if newest and newest.tables == dict(tables):
        return newest
    fields = {
        "created_at": now.isoformat(),
        "run_id": run_id,
        "timezone": timezone,
        "tables": dict(tables),
        "watermarks": {s: t.isoformat() for s, t in watermarks.items()},
    }
    (lake_root / FOLDER).mkdir(parents=True, exist_ok=True)
    temporary = lake_root / FOLDER / f".{uuid4().hex}"
    temporary.write_text(json.dumps(fields, indent=1) + "\n")
    reach("release.written")
    number = _claim(lake_root, temporary, newest.number + 1 if newest else 1)
    temporary.unlink()
    reach("release.published")
    return load(lake_root, number)


def _claim(lake_root: Path, temporary: Path, number: int) -> int:
    """Link the manifest under the first free number: a link never replaces a file."""
    while True:
        try:
            os.link(temporary, _path(lake_root, number))
            return number
        except FileExistsError:
            number += 1


def _path(lake_root: Path, number: int) -> Path:
    return lake_root / FOLDER / f"{number:06d}.json"
