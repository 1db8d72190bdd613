"""Months as Dagster partitions, and the days that a run was asked for as its tags.

A partition by day would say more, but Dagster writes two events a table and partition: a first
load of sixty days would spend more time on them than on its tables. The lake itself knows which
days are stale.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

import dagster as dg

from pipelines.warehouse.lake import Window
from platform_core.contract.envelope import EARLIEST_YEAR
from platform_core.settings import settings

RANGE_START: Final = "dagster/asset_partition_range_start"
RANGE_END: Final = "dagster/asset_partition_range_end"
FROM: Final = "meadow/from"
TO: Final = "meadow/to"
MODE: Final = "meadow/mode"
STALE: Final = "stale"
"""Runs tagged so compute what is stale, on whatever day it lies; others compute their days."""

monthly = dg.MonthlyPartitionsDefinition(
    start_date=f"{EARLIEST_YEAR - 1}-12-01", timezone=settings().timezone, end_offset=2
)


def stale_request(days: Iterable[date]) -> dict[str, str]:
    """The tags of one run after which these days, and all others, are no longer stale."""
    days = set(days)
    return tags_of(Window(min(days), max(days)), STALE)


def tags_of(window: Window, mode: str = "") -> dict[str, str]:
    """Run tags for a range of days."""
    tags = {
        RANGE_START: str(window.from_date.replace(day=1)),
        RANGE_END: str(window.to_date.replace(day=1)),
        FROM: str(window.from_date),
        TO: str(window.to_date),
    }
    return {**tags, MODE: mode} if mode else tags


def window_of(context: dg.AssetExecutionContext) -> Window:
    """The days that a run was asked for: as its tags say, else all days of its months."""
    tags = context.run_tags
    if FROM in tags and TO in tags:
        return Window(date.fromisoformat(tags[FROM]), date.fromisoformat(tags[TO]))
    keys = context.partition_key_range
    return Window(date.fromisoformat(keys.start), _last_day(date.fromisoformat(keys.end)))


def only_stale(tags: Mapping[str, str]) -> bool:
    return tags.get(MODE) == STALE


def _last_day(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
