"""Decisions: what a person ruled on one version of a case. The latest one counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa

from platform_core.access import Identity, record
from platform_core.boundaries import reach
from platform_core.contract.events import Decided
from platform_core.database import one_at_a_time
from platform_core.moderation.ranking import CaseSummary, summary
from platform_core.moderation.reasons import Verdict, check_reason
from platform_core.moderation.signals import SUBJECT_TYPE
from platform_core.outbox import Outgoing, append_all
from platform_core.tables.moderation import case_subjects, decisions

# So many subjects fit into one line of the contract, however long their ids are.
SUBJECTS_PER_EVENT: Final = 500


class CaseMoved(Exception):
    """The case is no longer as the reviewer saw it; nothing was decided."""


class NotAReviewer(PermissionError):
    """Only reviewers decide; nothing was decided."""


@dataclass(frozen=True)
class Decision:
    """One person's ruling on one version of a case."""

    decision_id: str
    case_id: str
    case_version: int
    verdict: Verdict
    reason_code: str
    note: str
    reviewer_id: str
    reviewer_login: str
    decided_at: datetime


def decide(
    engine: sa.Engine,
    case_id: str,
    *,
    case_version: int,
    verdict: Verdict,
    reason_code: str,
    note: str,
    reviewer: Identity,
    now: datetime,
) -> Decision:
    """Rule on the case as the reviewer saw it, tell the warehouse, and note it in the audit log.

    Raises:
        NotAReviewer: the account is no reviewer's.
        CaseUnknown: there is no such case.
        CaseMoved: the case has been extended or decided since that version.
        ValueError: the reason is not one of ``REASONS[verdict]``.
    """
    if reviewer.role != "reviewer":
        raise NotAReviewer(f"{reviewer.login} is no reviewer")
    check_reason(verdict, reason_code)
    decision = Decision(
        decision_id=f"{case_id}.{case_version}",
        case_id=case_id,
        case_version=case_version,
        verdict=verdict,
        reason_code=reason_code,
        note=note,
        reviewer_id=reviewer.account_id,
        reviewer_login=reviewer.login,
        decided_at=now,
    )
    with engine.begin() as connection:
        one_at_a_time(connection, "moderate")
        _write(connection, decision, _unmoved(connection, decision))
        reach("decision.recorded")
    reach("decision.committed")
    return decision


def _unmoved(connection: sa.Connection, decision: Decision) -> CaseSummary:
    case = summary(connection, decision.case_id)
    if case.version != decision.case_version:
        raise CaseMoved(
            f"case {case.case_id} is at version {case.version}, not {decision.case_version}: "
            "look at it again"
        )
    return case


def _write(connection: sa.Connection, decision: Decision, case: CaseSummary) -> None:
    connection.execute(sa.insert(decisions).values(vars(decision)))
    append_all(connection, _announcements(connection, decision, case))
    record(
        connection,
        actor=decision.reviewer_login,
        action=f"case.{decision.verdict}",
        subject=decision.case_id,
        detail={"case_version": decision.case_version, "reason_code": decision.reason_code},
        at=decision.decided_at,
    )


def _announcements(
    connection: sa.Connection, decision: Decision, case: CaseSummary
) -> Iterator[Outgoing]:
    """The decision's events: one, or several when the case has very many subjects."""
    for number, portion in enumerate(_portions(connection, case.case_id), start=1):
        yield Outgoing(
            _decided(decision, case, portion),
            event_id=f"{decision.decision_id}.decided.{number}",
            occurred_at=decision.decided_at,
            actor_id=decision.reviewer_id,
        )


def _portions(connection: sa.Connection, case_id: str) -> Iterator[list[sa.Row[Any]]]:
    """The case's subjects, by day, in portions that fit an event and share a time zone."""
    subjects = sa.select(*case_subjects.c["subject_id", "event_date", "timezone"]).where(
        case_subjects.c.case_id == case_id
    )
    order = case_subjects.c["timezone", "event_date", "subject_id"]
    rows = connection.execute(subjects.order_by(*order)).all()
    for _, same_zone in groupby(rows, key=lambda row: row.timezone):
        portion = list(same_zone)
        for start in range(0, len(portion), SUBJECTS_PER_EVENT):
            yield portion[start : start + SUBJECTS_PER_EVENT]


def _decided(decision: Decision, case: CaseSummary, portion: list[sa.Row[Any]]) -> Decided:
    """``subject_dates`` has the day of each subject, in the order of ``subjects``."""
    return Decided(
        decision_id=decision.decision_id,
        case_id=decision.case_id,
        case_version=decision.case_version,
        verdict=decision.verdict,
        kind=case.kind,
        reason_code=decision.reason_code,
        reviewer_id=decision.reviewer_id,
        subject_type=SUBJECT_TYPE,
        subjects=[row.subject_id for row in portion],
        subject_dates=[row.event_date.isoformat() for row in portion],
        subject_timezone=portion[0].timezone,
    )
