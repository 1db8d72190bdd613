"""How a decision is told: one event, or several when the case has very many subjects."""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from platform_core.contract.events.moderation import Decided
from platform_core.moderation.ranking import CaseSummary
from platform_core.outbox import Origin, Outgoing
from platform_core.tables.moderation import case_subjects

if TYPE_CHECKING:
    from platform_core.moderation.decisions import Decision

# So many subjects fit into one line of the contract, however long their ids are.
SUBJECTS_PER_EVENT: Final = 500


def announcements(
    connection: sa.Connection, decision: "Decision", case: CaseSummary
) -> Iterator[Outgoing]:
    """The decision's events, in the order of its subjects' days; people's days each have one."""
    for number, portion in enumerate(_portions(connection, case), start=1):
        yield Outgoing(
            _decided(decision, case, portion),
            event_id=f"{decision.decision_id}.decided.{number}",
            occurred_at=decision.decided_at,
            by=Origin(actor_id=decision.reviewer_id),
        )


def _portions(connection: sa.Connection, case: CaseSummary) -> Iterator[list[sa.Row[Any]]]:
    """The case's subjects, by day, in portions that fit an event and share a time zone."""
    of_people = case.subject_type == "user"
    subjects = sa.select(*case_subjects.c["subject_id", "event_date", "timezone"]).where(
        case_subjects.c.case_id == case.case_id
    )
    order = case_subjects.c["timezone", "event_date", "subject_id"]
    rows = connection.execute(subjects.order_by(*order)).all()
    for _, together in groupby(rows, key=lambda r: (r.timezone, r.event_date if of_people else "")):
        portion = list(together)
        for start in range(0, len(portion), SUBJECTS_PER_EVENT):
            yield portion[start : start + SUBJECTS_PER_EVENT]


def _decided(decision: "Decision", case: CaseSummary, portion: list[sa.Row[Any]]) -> Decided:
    """``subject_dates`` has the day of each subject, in the order of ``subjects``."""
    return Decided(
        decision_id=decision.decision_id,
        case_id=decision.case_id,
        case_version=decision.case_version,
        verdict=decision.verdict,
        kind=case.kind,
        reason_code=decision.reason_code,
        reviewer_id=decision.reviewer_id,
        subject_type=case.subject_type,
        subjects=[row.subject_id for row in portion],
        subject_dates=[row.event_date.isoformat() for row in portion],
        subject_timezone=portion[0].timezone,
    )
