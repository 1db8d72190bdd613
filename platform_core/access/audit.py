"""The audit log: who did what to what, and when. Entries are added, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from platform_core.database import reading
from platform_core.tables.access import audit_log


@dataclass(frozen=True)
class Entry:
    """One line of the audit log; ``actor`` is a login, ``action`` is ``thing.past_tense``."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]


def record(
    target: sa.Connection | sa.Engine,
    *,
    actor: str,
    action: str,
    subject: str,
    detail: Mapping[str, Any] | None = None,
    at: datetime,
) -> None:
    """Add an entry: within the caller's transaction, or given an engine in one of its own."""
    entry = Entry(at, actor, action, subject, dict(detail or {}))
    if isinstance(target, sa.Engine):
        with target.begin() as connection:
            connection.execute(sa.insert(audit_log).values(vars(entry)))
    else:
        target.execute(sa.insert(audit_log).values(vars(entry)))


def entries(
    engine: sa.Engine,
    *,
    actor: str | None = None,
    action: str | None = None,
    subject: str | None = None,
    limit: int = 100,
) -> list[Entry]:
    """The newest entries that match everything given, newest first."""
    wanted = {"actor": actor, "action": action, "subject": subject}
    given = {name: value for name, value in wanted.items() if value is not None}
    rows = (
        sa.select(*(audit_log.c[field] for field in Entry.__dataclass_fields__))
        .filter_by(**given)
        .order_by(audit_log.c.position.desc())
        .limit(limit)
    )
    with reading(engine) as connection:
        return [Entry(**row) for row in connection.execute(rows).mappings()]
