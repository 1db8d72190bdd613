"""The relay: events leave the outbox as segments of source ``platform``, each exactly once.

A segment's sequence, day and events are fixed in the database before its file is written, and the
segment is confirmed after. A relay that died in between is finished by the next one, under the
same name and with the same bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from platform_core.boundaries import reach
from platform_core.database import reading
from platform_core.landing import LandingError, last_sequence, write_segment, writer_lock
from platform_core.outbox.outgoing import SOURCE
from platform_core.tables.outbox import outbox, relay_segments

SEGMENT_EVENTS: Final = 10_000
ROWS_PER_FETCH: Final = 500


@dataclass(frozen=True)
class RelayReport:
    """What one relay took to the landing zone."""

    events: int
    segments: int


@dataclass(frozen=True)
class _Claim:
    sequence: int
    closed_on: date


def pending(engine: sa.Engine) -> int:
    """How many events have not yet landed for certain."""
    uncertain = sa.or_(outbox.c.sequence.is_(None), relay_segments.c.confirmed_at.is_(None))
    with reading(engine) as connection:
        return connection.execute(_count().where(uncertain)).scalar_one()


def relay(engine: sa.Engine, landing: Path, *, now: datetime) -> RelayReport:
    """Take every waiting event to the landing zone, exactly once, however often it is called.

    Raises:
        LandingError: the landing zone holds segments that this database did not write.
    """
    events = segments = 0
    with writer_lock(landing, SOURCE):
        while claim := _unconfirmed(engine) or _claim_next(engine, landing, now):
            events += _land(engine, landing, claim)
            segments += 1
            _confirm(engine, claim, now)
    return RelayReport(events, segments)


def expire(engine: sa.Engine, before: date) -> int:
    """Remove events that landed for certain in segments closed before a day. Returns how many."""
    old = sa.select(relay_segments.c.sequence).where(
        relay_segments.c.closed_on < before, relay_segments.c.confirmed_at.is_not(None)
    )
    with engine.begin() as connection:
        return connection.execute(sa.delete(outbox).where(outbox.c.sequence.in_(old))).rowcount


def _unconfirmed(engine: sa.Engine) -> _Claim | None:
    claimed = (
        sa.select(relay_segments.c.sequence, relay_segments.c.closed_on)
        .where(relay_segments.c.confirmed_at.is_(None))
        .order_by(relay_segments.c.sequence)
        .limit(1)
    )
    with reading(engine) as connection:
        row = connection.execute(claimed).one_or_none()
    return _Claim(row.sequence, row.closed_on) if row else None


def _claim_next(engine: sa.Engine, landing: Path, now: datetime) -> _Claim | None:
    with engine.begin() as connection:
        last_position = _last_position(connection)
        if last_position is None:
            return None
        claim = _Claim(_next_sequence(connection, landing), now.astimezone(UTC).date())
        connection.execute(sa.insert(relay_segments).values(vars(claim)))
        waiting = outbox.c.sequence.is_(None) & (outbox.c.position <= last_position)
        connection.execute(sa.update(outbox).where(waiting).values(sequence=claim.sequence))
    reach("relay.segment_claimed")
    return claim


def _last_position(connection: sa.Connection) -> int | None:
    """Position of the last event that fits into the next segment; None when nothing waits."""
    waiting = (
        sa.select(outbox.c.position)
        .where(outbox.c.sequence.is_(None))
        .order_by(outbox.c.position)
        .limit(SEGMENT_EVENTS)
        .subquery()
    )
    last: int | None = connection.scalar(sa.select(sa.func.max(waiting.c.position)))
    return last


def _next_sequence(connection: sa.Connection, landing: Path) -> int:
    newest = sa.select(sa.func.max(relay_segments.c.sequence))
    written = connection.execute(newest).scalar_one() or 0
    landed = last_sequence(landing, SOURCE)
    if landed > written:
        raise LandingError(
            f"{landing / SOURCE}: segment {landed} was not written by this database, whose last "
            f"is {written}; restore the database that belongs to this landing zone"
        )
    return int(written) + 1


def _land(engine: sa.Engine, landing: Path, claim: _Claim) -> int:
    chosen = outbox.c.sequence == claim.sequence
    with reading(engine) as connection:
        events = connection.execute(_count().where(chosen)).scalar_one()
        lines = _lines(connection, chosen)
        write_segment(landing, SOURCE, claim.sequence, claim.closed_on, lines)
    reach("relay.segment_landed")
    return events


def _lines(connection: sa.Connection, chosen: sa.ColumnElement[bool]) -> Iterator[bytes]:
    lines = sa.select(outbox.c.line).where(chosen).order_by(outbox.c.position)
    options = {"yield_per": ROWS_PER_FETCH}
    for line in connection.execute(lines, execution_options=options).scalars():
        yield line.encode() + b"\n"


def _count() -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(outbox.outerjoin(relay_segments))


def _confirm(engine: sa.Engine, claim: _Claim, now: datetime) -> None:
    segment = relay_segments.c.sequence == claim.sequence
    with engine.begin() as connection:
        connection.execute(sa.update(relay_segments).where(segment).values(confirmed_at=now))
    reach("relay.segment_confirmed")
