"""How signals become cases. A key has at most one open case: its newest round, until decided.

Every subject of a key belongs to exactly one of its rounds, the one that was open when a signal
first named it; a person's days are subjects of their own. Nothing here touches the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from platform_core.contract.events.moderation import CaseOpened
from platform_core.moderation.signals import Signal, Subject
from platform_core.outbox import Outgoing

Row = dict[str, Any]
Covered = tuple[str, date | None]
"""What a subject is known by: its id and, of a person, the day."""


@dataclass(frozen=True)
class Round:
    """The newest case of a key, as far as the next signal has to know it."""

    case_id: str
    number: int
    version: int
    subject_count: int
    subject_type: str
    decided: bool = False


@dataclass
class History:
    """What is on file for one key: its newest round and the subjects of all its rounds."""

    newest: Round | None = None
    covered: set[Covered] = field(default_factory=set)


@dataclass
class Plan:
    """The rows that signals add, and the events that tell of them."""

    cases: list[Row] = field(default_factory=list)
    versions: list[Row] = field(default_factory=list)
    subjects: list[Row] = field(default_factory=list)
    announcements: list[Outgoing] = field(default_factory=list)
    unchanged: int = 0


def plan(signals: Iterable[Signal], histories: dict[str, History], now: datetime) -> Plan:
    """What the signals change, one after the other; ``histories`` move along with them."""
    changes = Plan()
    for signal in signals:
        history = histories.setdefault(signal.case_key, History())
        named = {known_by(signal.subject_type, s): s for s in signal.subjects}
        fresh = {key: s for key, s in named.items() if key not in history.covered}
        if not fresh:
            changes.unchanged += 1
            continue
        history.newest = _next_round(signal, history.newest, len(fresh))
        history.covered |= fresh.keys()
        _add(changes, signal, history.newest, fresh.values(), now)
    return changes


def known_by(subject_type: str, subject: Subject) -> Covered:
    return subject.subject_id, subject.event_date if subject_type == "user" else None


def _next_round(signal: Signal, newest: Round | None, fresh: int) -> Round:
    """The open round with more subjects, or another: a case has subjects of one type."""
    if newest and not newest.decided and newest.subject_type == signal.subject_type:
        return replace(
            newest, version=newest.version + 1, subject_count=newest.subject_count + fresh
        )
    number = newest.number + 1 if newest else 1
    case_id = _case_id(signal.case_key, number)
    return Round(case_id, number, 1, subject_count=fresh, subject_type=signal.subject_type)


def _case_id(case_key: str, number: int) -> str:
    return "case_" + sha256(f"{number}/{case_key}".encode()).hexdigest()[:20]


def _add(
    changes: Plan, signal: Signal, newest: Round, fresh: Iterable[Subject], now: datetime
) -> None:
    if newest.version == 1:
        changes.cases.append(_case_row(signal, newest, now))
        changes.announcements.append(_case_opened(signal, newest, now))
    changes.versions.append(_version_row(signal, newest, now))
    changes.subjects.extend(_subject_row(signal, newest, subject) for subject in fresh)


def _case_row(signal: Signal, newest: Round, now: datetime) -> Row:
    return {
        "case_id": newest.case_id,
        "case_key": signal.case_key,
        "round": newest.number,
        "subject_type": signal.subject_type,
        "detector": signal.detector,
        "kind": signal.kind,
        "opened_at": now,
    }


def _version_row(signal: Signal, newest: Round, now: datetime) -> Row:
    return {
        "case_id": newest.case_id,
        "version": newest.version,
        "title": signal.title,
        "detector_version": signal.detector_version,
        "priority": signal.priority,
        "subject_count": newest.subject_count,
        "evidence": dict(signal.evidence),
        "created_at": now,
    }


def _subject_row(signal: Signal, newest: Round, subject: Subject) -> Row:
    return {
        "case_id": newest.case_id,
        "subject_id": subject.subject_id,
        "since_version": newest.version,
        "event_date": subject.event_date,
        "timezone": signal.subject_timezone,
    }


def _case_opened(signal: Signal, newest: Round, now: datetime) -> Outgoing:
    event = CaseOpened(
        case_id=newest.case_id,
        detector=signal.detector,
        detector_version=signal.detector_version,
        subject_type=signal.subject_type,
        subject_count=newest.subject_count,
    )
    return Outgoing(event, event_id=f"{newest.case_id}.opened", occurred_at=now)
