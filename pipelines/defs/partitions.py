"""Days as Dagster partitions, and windows as the tags that name a range of them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

import dagster as dg

from pipelines.warehouse.lake import Window, ranges
from platform_core.contract.envelope import EARLIEST_YEAR
from platform_core.settings import settings

RANGE_START: Final = "dagster/asset_partition_range_start"
RANGE_END: Final = "dagster/asset_partition_range_end"
MODE: Final = "meadow/mode"
STALE: Final = "stale"
"""Runs tagged so compute what is stale, on whatever day it lies; others compute their range."""

BRIDGE_DAYS: Final = 7
"""Ranges this close are asked for in one run: a run costs more than some days' bookkeeping."""

daily = dg.DailyPartitionsDefinition(
    start_date=f"{EARLIEST_YEAR - 1}-12-31", timezone=settings().timezone, end_offset=2
)


def stale_requests(days: Iterable[date]) -> Iterator[tuple[Window, dict[str, str]]]:
    """The ranges to ask runs for so that these days are no longer stale, with their tags."""
    for window in ranges(days, bridge=BRIDGE_DAYS):
        yield window, tags_of(window, STALE)


def tags_of(window: Window, mode: str = "") -> dict[str, str]:
    """Run tags for a range of days."""
    tags = {RANGE_START: str(window.from_date), RANGE_END: str(window.to_date)}
    return {**tags, MODE: mode} if mode else tags


def window_of(context: dg.AssetExecutionContext) -> Window:
    """The days that a run was asked for."""
    keys = context.partition_key_range
    return Window(date.fromisoformat(keys.start), date.fromisoformat(keys.end))


def only_stale(tags: Mapping[str, str]) -> bool:
    return tags.get(MODE) == STALE
