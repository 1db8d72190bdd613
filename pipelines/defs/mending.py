"""Quarantined lines for people to mend: whoever sees raw lines is written down."""

import getpass
from collections.abc import Iterator
from datetime import datetime

from pipelines.defs.house import House
from pipelines.warehouse.ingest.quarantine import BadLine, waiting
from platform_core.access import record


def list_waiting(
    house: House,
    source: str | None,
    code: str | None,
    limit: int | None,
    *,
    now: datetime,
    raw: bool,
) -> Iterator[BadLine]:
    """Lines that nothing mends yet; showing them ``raw`` is logged."""
    if not house.lake.exists("bronze.quarantine"):
        return
    if raw:
        record(
            house.platform,
            actor=getpass.getuser(),
            action="quarantine.viewed",
            subject=source or "all sources",
            detail={"code": code, "limit": limit},
            at=now,
        )
    yield from waiting(
        house.lake, house.settings, house.keys.quarantine, source=source, code=code, limit=limit
    )
