"""The unit of work: one transaction, the time it happens at, and the events that tell of it.

Every verb of a service takes a ``Work``. What it changes and what it tells is committed together,
or not at all::

    with begin(engine, now=clock()) as work:
        place_order(work, ...)
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random
from typing import Final

import sqlalchemy as sa

from platform_core.contract import EventData
from platform_core.outbox import NOBODY, Origin, Outgoing, append_all

Ids = Callable[[str], str]
"""Makes an id for a thing of the kind that is given; ids tell nothing about order or time."""

ID_BITS: Final = 80


class Refusal(Exception):
    """A verb refuses, by a rule of the platform; whoever catches it undoes the attempt."""


@dataclass(frozen=True)
class Work:
    """One transaction in which verbs act at ``now``."""

    connection: sa.Connection
    now: datetime
    ids: Ids
    told: list[Outgoing] = field(default_factory=list)

    def tell(self, event: EventData, by: Origin = NOBODY) -> str:
        """Tell of a change, in its transaction; returns the event's id."""
        event_id = self.ids("event")
        self.told.append(Outgoing(event, event_id, self.now, by))
        return event_id

    def at(self, now: datetime) -> "Work":
        """The same transaction at another moment."""
        return replace(self, now=now)

    @contextmanager
    def attempt(self) -> Iterator["Work"]:
        """Undo everything within, its events too, if it is refused; the refusal goes on."""
        told = len(self.told)
        try:
            with self.connection.begin_nested():
                yield self
        except Refusal:
            del self.told[told:]
            raise


@contextmanager
def begin(engine: sa.Engine, *, now: datetime, ids: Ids | None = None) -> Iterator[Work]:
    """A unit of work that commits when the block ends, and undoes all when it fails."""
    with engine.begin() as connection:
        work = Work(connection, now.astimezone(UTC), ids or random_ids)
        yield work
        append_all(connection, work.told)


def random_ids(kind: str) -> str:
    """An id that nobody can guess."""
    return _id(kind, secrets.randbits(ID_BITS))


def seeded_ids(seed: int | str) -> Ids:
    """Ids that look the same, and are the same for the same seed."""
    random = Random(seed)
    return lambda kind: _id(kind, random.getrandbits(ID_BITS))


def _id(kind: str, bits: int) -> str:
    return f"{kind}_{bits:0{ID_BITS // 4}x}"
