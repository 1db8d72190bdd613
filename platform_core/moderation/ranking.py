"""The reviewer's queue: every case in one line, the most urgent first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from platform_core.contract.events.moderation import SubjectType
from platform_core.database import reading
from platform_core.moderation.reasons import Verdict
from platform_core.moderation.signals import Kind
from platform_core.tables.moderation import appeals, case_versions, cases, decisions

State = Literal["open", "decided"]


class CaseUnknown(LookupError):
    """There is no case with this id."""


@dataclass(frozen=True)
class CaseSummary:
    """One case as it stands.

    ``version`` is what the next decision has to name; it grows with every extension, decision and
    appeal. ``verdict`` and ``decided_at`` are those of the latest decision; ``appealed_at`` is null
    unless an appeal waits for a second reviewer.
    """

    case_id: str
    case_key: str
    round: int
    version: int
    subject_type: SubjectType
    detector: str
    detector_version: int
    kind: Kind
    title: str
    priority: float
    subject_count: int
    opened_at: datetime
    verdict: Verdict | None
    decided_at: datetime | None
    appealed_at: datetime | None

    @property
    def state(self) -> State:
        """Open until the first decision, and again while an appeal waits."""
        return "decided" if self.verdict and not self.appealed_at else "open"


def queue(
    engine: sa.Engine, *, state: State = "open", limit: int = 50, offset: int = 0
) -> list[CaseSummary]:
    """A page of the open or of the decided cases: highest priority first, then oldest first."""
    standing = _standing().subquery()
    page = (
        sa.select(standing)
        .where(_is_open(standing) if state == "open" else sa.not_(_is_open(standing)))
        .order_by(standing.c.priority.desc(), standing.c.opened_at, standing.c.case_id)
        .limit(limit)
        .offset(offset)
    )
    with reading(engine) as connection:
        return [CaseSummary(**row) for row in connection.execute(page).mappings()]


def counts(engine: sa.Engine) -> dict[State, int]:
    """How many cases are open and how many are decided."""
    standing = _standing().subquery()
    is_open = sa.case((_is_open(standing), 1), else_=0)
    counted = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(is_open), 0))
    with reading(engine) as connection:
        total, waiting = connection.execute(counted.select_from(standing)).one()
    return {"open": waiting, "decided": total - waiting}


def summary(connection: sa.Connection, case_id: str) -> CaseSummary:
    """The case as it stands.

    Raises:
        CaseUnknown: there is no such case.
    """
    row = connection.execute(_standing().where(cases.c.case_id == case_id)).mappings().one_or_none()
    if row is None:
        raise CaseUnknown(f"there is no case {case_id!r}")
    return CaseSummary(**row)


def _standing() -> sa.Select[Any]:
    """One row a case, with its newest evidence and its latest decision."""
    newest = _newest_version()
    decided = _latest_decision()
    appealed = _has_appeal()
    standing: sa.Select[Any] = (
        sa.select(
            *cases.c["case_id", "case_key", "round", "subject_type", "detector", "kind"],
            cases.c.opened_at,
            *case_versions.c["detector_version", "title", "priority", "subject_count"],
            (newest.c.version + sa.func.coalesce(decided.c.times, 0) + appealed).label("version"),
            *decisions.c["verdict", "decided_at"],
            appeals.c.appealed_at,
        )
        .join(newest, newest.c.case_id == cases.c.case_id)
        .join(
            case_versions,
            (case_versions.c.case_id == newest.c.case_id)
            & (case_versions.c.version == newest.c.version),
        )
        .outerjoin(decided, decided.c.case_id == cases.c.case_id)
        .outerjoin(
            decisions,
            (decisions.c.case_id == decided.c.case_id)
            & (decisions.c.case_version == decided.c.case_version),
        )
        .outerjoin(
            appeals,
            (appeals.c.case_id == decided.c.case_id)
            & (appeals.c.case_version > decided.c.case_version),
        )
    )
    return standing


def _is_open(standing: sa.Subquery) -> sa.ColumnElement[bool]:
    return sa.or_(standing.c.verdict.is_(None), standing.c.appealed_at.is_not(None))


def _has_appeal() -> sa.ColumnElement[int]:
    """1 or 0: a case is appealed at most once."""
    filed = appeals.alias("filed")
    of_case = sa.exists().where(filed.c.case_id == cases.c.case_id)
    return sa.case((of_case, 1), else_=0)


def _newest_version() -> sa.Subquery:
    columns = case_versions.c
    version = sa.func.max(columns.version).label("version")
    return sa.select(columns.case_id, version).group_by(columns.case_id).subquery()


def _latest_decision() -> sa.Subquery:
    columns = decisions.c
    latest = sa.func.max(columns.case_version).label("case_version")
    times = sa.func.count().label("times")
    return sa.select(columns.case_id, latest, times).group_by(columns.case_id).subquery()
