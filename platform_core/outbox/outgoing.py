"""Events on their way into the outbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from platform_core.contract import Envelope, EventData
from platform_core.contract.envelope import MAX_LINE_BYTES
from platform_core.contract.fields import instant_text
from platform_core.tables.outbox import outbox

SOURCE: Final = "platform"
_ADD: Final = sa.insert(outbox)


@dataclass(frozen=True)
class Origin:
    """Who acts, and from where: what the envelope says beside the event."""

    actor_id: str | None = None
    device_id: str | None = None
    session_id: str | None = None
    ip: str | None = None
    user_agent: str | None = None


NOBODY: Final = Origin()
"""The platform itself."""


@dataclass(frozen=True)
class Outgoing:
    """One event to append; ``event_id`` is unique within the platform."""

    event: EventData
    event_id: str
    occurred_at: datetime
    by: Origin = NOBODY

    def line(self) -> str:
        """The event as one line of the contract.

        Raises:
            ValueError: it is longer than a line of the contract may be.
        """
        line = self._envelope().model_dump_json(exclude_none=True)
        if len(line.encode()) > MAX_LINE_BYTES:
            raise ValueError(
                f"event {self.event_id!r} is longer than {MAX_LINE_BYTES} bytes: split it"
            )
        return line

    def _envelope(self) -> Envelope:
        return Envelope(
            specversion="1.0",
            id=self.event_id,
            source=SOURCE,
            type=self.event.type,
            time=instant_text(self.occurred_at),
            dataschema=self.event.dataschema(),
            data=self.event.model_dump(exclude_none=True),
            actorid=self.by.actor_id,
            deviceid=self.by.device_id,
            sessionid=self.by.session_id,
            ip=self.by.ip,
            useragent=self.by.user_agent,
        )


def append(
    connection: sa.Connection,
    event: EventData,
    *,
    event_id: str,
    occurred_at: datetime,
    by: Origin = NOBODY,
) -> None:
    """Put one event into the outbox, within the transaction of the change it tells of."""
    append_all(connection, [Outgoing(event, event_id, occurred_at, by)])


def append_all(connection: sa.Connection, outgoing: Iterable[Outgoing]) -> None:
    """Put many events into the outbox, in their order and within the caller's transaction."""
    rows: list[dict[str, Any]] = [{"event_id": o.event_id, "line": o.line()} for o in outgoing]
    if rows:
        connection.execute(_ADD, rows)
