"""Decisions: what a person ruled on one version of a case. The latest one counts."""

from dataclasses import dataclass, fields
from datetime import datetime

import sqlalchemy as sa

from platform_core.access import Identity, record
from platform_core.boundaries import reach
from platform_core.contract.events.moderation import Overturned
from platform_core.database import one_at_a_time
from platform_core.moderation.announcing import announcements
from platform_core.moderation.consequences import Ruled, carry_out
from platform_core.moderation.ranking import CaseSummary, summary
from platform_core.moderation.reasons import Verdict, check_reason
from platform_core.outbox import Origin
from platform_core.tables.moderation import appeals, case_subjects, decisions
from platform_core.work import Ids, Work, begin


class CaseMoved(Exception):
    """The case is no longer as the reviewer saw it; nothing was decided."""


class NotAReviewer(PermissionError):
    """Only reviewers decide; nothing was decided."""


class SameReviewer(PermissionError):
    """An appeal is ruled on by somebody else than the decision; nothing was decided."""


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
    ids: Ids | None = None,
) -> Decision:
    """Rule on the case as the reviewer saw it, tell the warehouse, and note it in the audit log.

    Content is removed or released with it. On an appeal this is the second and last ruling.

    Raises:
        NotAReviewer: the account is no reviewer's.
        CaseUnknown: there is no such case.
        CaseMoved: the case has been extended, decided or appealed since that version.
        SameReviewer: the case is appealed, and the decision is this reviewer's own.
        ValueError: the reason is not one of ``reasons(verdict, subject_type)``.
    """
    if reviewer.role != "reviewer":
        raise NotAReviewer(f"{reviewer.login} is no reviewer")
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
    with begin(engine, now=now, ids=ids) as work:
        one_at_a_time(work.connection, "moderate")
        _rule(work, decision)
        reach("decision.recorded")
    reach("decision.committed")
    return decision


def _rule(work: Work, decision: Decision) -> None:
    case = _unmoved(work.connection, decision)
    check_reason(decision.verdict, decision.reason_code, case.subject_type)
    appealed = _appealed(work.connection, case)
    if appealed and appealed.reviewer_id == decision.reviewer_id:
        raise SameReviewer(
            f"case {case.case_id} was decided by {decision.reviewer_login}: "
            "another reviewer rules on the appeal"
        )
    _write(work, decision, case)
    if appealed and appealed.verdict != decision.verdict:
        _overturn(work, decision, appealed)
    _carry_out(work, decision, case)


def _unmoved(connection: sa.Connection, decision: Decision) -> CaseSummary:
    case = summary(connection, decision.case_id)
    if case.version != decision.case_version:
        raise CaseMoved(
            f"case {case.case_id} is at version {case.version}, not {decision.case_version}: "
            "look at it again"
        )
    return case


def _appealed(connection: sa.Connection, case: CaseSummary) -> Decision | None:
    """The decision that an appeal is about, if one waits."""
    if case.appealed_at is None:
        return None
    latest = (
        sa.select(*(decisions.c[field.name] for field in fields(Decision)))
        .where(decisions.c.case_id == case.case_id)
        .order_by(decisions.c.case_version.desc())
        .limit(1)
    )
    return Decision(**connection.execute(latest).mappings().one())


def _write(work: Work, decision: Decision, case: CaseSummary) -> None:
    work.connection.execute(sa.insert(decisions).values(vars(decision)))
    work.told.extend(announcements(work.connection, decision, case))
    record(
        work.connection,
        actor=decision.reviewer_login,
        action=f"case.{decision.verdict}",
        subject=decision.case_id,
        detail={"case_version": decision.case_version, "reason_code": decision.reason_code},
        at=decision.decided_at,
    )


def _overturn(work: Work, decision: Decision, appealed: Decision) -> None:
    of_case = sa.select(appeals.c.appeal_id).where(appeals.c.case_id == decision.case_id)
    event = Overturned(
        case_id=decision.case_id,
        appeal_id=work.connection.execute(of_case).scalar_one(),
        decision_id=decision.decision_id,
        overturned_decision_id=appealed.decision_id,
    )
    work.tell(event, Origin(actor_id=decision.reviewer_id))


def _carry_out(work: Work, decision: Decision, case: CaseSummary) -> None:
    subjects = case_subjects.c.subject_id
    of_case = sa.select(subjects).where(case_subjects.c.case_id == case.case_id).order_by(subjects)
    ruled = Ruled(
        case_id=case.case_id,
        subject_type=case.subject_type,
        subject_ids=tuple(work.connection.scalars(of_case)),
        verdict=decision.verdict,
        reason_code=decision.reason_code,
    )
    carry_out(work, ruled, by=Origin(actor_id=decision.reviewer_id))
