"""Upkeep in words, and its week: what an erasure did and how it is known, what a vacuum let go."""

import getpass
from collections.abc import Iterator
from datetime import datetime

from pipelines.defs.house import House
from pipelines.warehouse.upkeep.erasure import Erasure
from pipelines.warehouse.upkeep.retention import retention
from pipelines.warehouse.upkeep.vacuum import Vacuum


def erase(house: House, user_id: str, *, now: datetime) -> Iterator[str]:
    """Erase a person; yields the proof, a line each."""
    erasure = Erasure(house.lake, house.catalog, house.settings, house.keys, house.platform)
    done = erasure.erase(user_id, actor=getpass.getuser(), now=now)
    yield (
        f"replaced {done.lines:,} landed lines and events, "
        f"{done.rows:,} rows in {done.files:,} files"
    )
    for table, totals in done.tables.items():
        sums = len(totals) - 1
        yield f"  {table:<32}{totals['rows']:>12,} rows and {sums} sums, before = after"
    yield (
        f"searched {done.searched_files:,} files ({done.searched_bytes:,} bytes) for {done.words} "
        "old identifiers, pseudonyms and digests: 0 found"
    )
    for table, windows in done.restated.items():
        spans = ", ".join(str(window or "whole") for window in windows)
        yield f"computed again, since private words were emptied: {table} {spans}"
    yield "`meadow run` computes what hangs on these tables, and binds a release"


def vacuum(house: House, *, now: datetime) -> Iterator[str]:
    """Apply retention, compaction and vacuum; yields what was done, a line each."""
    done = Vacuum(house.lake, house.catalog, house.settings, house.platform, retention()).run(now)
    yield (
        f"expired: {done.segments:,} raw segments, {done.outbox_events:,} relayed events, "
        f"{done.payloads:,} quarantined lines, {done.partitions:,} days of tables"
    )
    yield f"put together: {done.compacted:,} files less"
    yield (
        f"removed: {done.releases:,} releases, {done.files:,} data files, "
        f"{done.log_files:,} log files"
    )
