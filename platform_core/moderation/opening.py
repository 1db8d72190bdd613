"""Opening cases: a batch of signals goes on file in one transaction."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from platform_core.boundaries import reach
from platform_core.database import one_at_a_time
from platform_core.moderation.rounds import History, Plan, Round, known_by, plan
from platform_core.moderation.signals import Signal, Subject
from platform_core.tables.moderation import case_subjects, case_versions, cases, decisions
from platform_core.work import Work, begin

KEYS_PER_QUERY: Final = 500


@dataclass(frozen=True)
class OpenReport:
    """How many cases a batch opened and extended, and how many signals changed nothing."""

    opened: int
    extended: int
    unchanged: int


def open_cases(engine: sa.Engine, signals: Iterable[Signal], *, now: datetime) -> OpenReport:
    """Put every subject that no case covers into one: the key's open case, else a new round.

    Either way a version with the signal's evidence is added. Signals whose subjects are all
    covered change nothing, so the same batch may come again.
    """
    with begin(engine, now=now) as work:
        report = open_within(work, signals)
    reach("cases.opened")
    return report


def open_within(work: Work, signals: Iterable[Signal]) -> OpenReport:
    """The same as a part of something larger."""
    batch = list(signals)
    one_at_a_time(work.connection, "moderate")
    histories = _histories(work.connection, {s.case_key for s in batch})
    changes = plan(batch, histories, work.now)
    _write(work.connection, changes)
    work.told.extend(changes.announcements)
    opened = len(changes.cases)
    return OpenReport(opened, len(changes.versions) - opened, changes.unchanged)


def _write(connection: sa.Connection, changes: Plan) -> None:
    additions = {
        cases: changes.cases,
        case_versions: changes.versions,
        case_subjects: changes.subjects,
    }
    for table, rows in additions.items():
        if rows:
            connection.execute(sa.insert(table), rows)


def _histories(connection: sa.Connection, keys: set[str]) -> dict[str, History]:
    histories: dict[str, History] = {}
    for some in _portions(sorted(keys)):
        for row in connection.execute(_newest_rounds(some)):
            size, of = row.subject_count, row.subject_type
            newest = Round(row.case_id, row.round, row.version, size, of, row.decided)
            histories[row.case_key] = History(newest)
        for row in connection.execute(_covered(some)):
            subject = Subject(row.subject_id, row.event_date)
            histories[row.case_key].covered.add(known_by(row.subject_type, subject))
    return histories


def _portions(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), KEYS_PER_QUERY):
        yield keys[start : start + KEYS_PER_QUERY]


def _newest_rounds(keys: Sequence[str]) -> sa.Select[Any]:
    """One row a key and version, in the order of rounds and versions: the last one is newest."""
    decided = sa.exists().where(decisions.c.case_id == cases.c.case_id).label("decided")
    return (
        sa.select(
            cases.c.case_key,
            cases.c.case_id,
            cases.c.round,
            case_versions.c.version,
            case_versions.c.subject_count,
            cases.c.subject_type,
            decided,
        )
        .join(case_versions)
        .where(cases.c.case_key.in_(keys))
        .order_by(cases.c.round, case_versions.c.version)
    )


def _covered(keys: Sequence[str]) -> sa.Select[Any]:
    return (
        sa.select(
            cases.c.case_key,
            cases.c.subject_type,
            case_subjects.c.subject_id,
            case_subjects.c.event_date,
        )
        .join(case_subjects)
        .where(cases.c.case_key.in_(keys))
    )
