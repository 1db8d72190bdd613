"""The batch night by night: which night first flags a subject that ends up flagged."""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import polars as pl

from models.evaluation.collecting import signals
from pipelines.warehouse.reader import Reader
from pipelines.warehouse.release import Release
from platform_core.landing import segments, sources
from platform_core.settings import Settings

SAID = ["subject", "subject_id", "event_date", "detector"]


def landed_by_day(landing: Path, beside: Path) -> Iterator[date]:
    """Link a landing zone's segments into another, a UTC day at a time; yields the days."""
    every = [s for source in sources(landing) for s in segments(landing, source)]
    for day in sorted({s.closed_on for s in every}):
        for segment in every:
            if segment.closed_on == day:
                place = beside / segment.path.relative_to(landing)
                place.parent.mkdir(parents=True, exist_ok=True)
                os.link(segment.path, place)
        yield day


def signals_of(settings: Settings, release: Release, night: date) -> pl.DataFrame:
    """What live detectors say after a night."""
    reader = Reader(settings.lake, release, brand_id=None, using=settings)
    with closing(reader):
        said = signals(reader.query, release).filter(state="live")
    return said.select(*SAID, "probability", flagged_on=pl.lit(night))


def first_nights(said: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The first night on which each detector was so sure of each subject."""
    together = pl.concat(said)
    sure = [*SAID, "probability"]
    return together.group_by(sure).agg(flagged_on=pl.col("flagged_on").min()).sort(sure)
