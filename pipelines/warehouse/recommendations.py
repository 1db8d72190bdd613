"""What the warehouse gives back to the platform: its newest recommendations, in one file."""

import os
from pathlib import Path
from typing import Final
from uuid import uuid4

import polars as pl

from pipelines.warehouse.reader import Reader
from pipelines.warehouse.release import Release
from platform_core.feed.recommendations import FILE
from platform_core.settings import Settings

QUERY: Final = """
SELECT user_id, note_id, score, rank, reason FROM gold.recommendations ORDER BY user_id, rank
"""


def publish_recommendations(release: Release, using: Settings) -> int:
    """Replace what the feed reads by what a release recommends, in one step; returns the rows."""
    reader = Reader(using.lake, release, brand_id=None, using=using)
    try:
        rows = reader.query(QUERY)
    finally:
        reader.close()
    _replace(using.home.resolve() / FILE, rows)
    return len(rows)


def _replace(path: Path, rows: pl.DataFrame) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_name(f".{uuid4().hex}")
    try:
        with written.open("wb") as file:
            rows.write_parquet(file)
            file.flush()
            os.fsync(file.fileno())
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)
