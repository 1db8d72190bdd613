"""The reviewer's queue: every case in one line, the most urgent first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from platform_core.database import reading
from platform_core.moderation.reasons import Verdict
from platform_core.moderation.signals import Kind
from platform_core.tables.moderation import case_versions, cases, decisions

State = Literal["open", "decided"]


class CaseUnknown(LookupError):
    """There is no case with this id."""


@dataclass(frozen=True)
class CaseSummary:
    """One case as it stands.

    ``version`` is what the next decision has to name; it grows with every extension and every
    decision. ``verdict`` and ``decided_at`` are those of the latest decision.
    """

    case_id: str
    case_key: str
    round: int
    version: int
    detector: str
    detector_version: int
    kind: Kind
    title: str
    priority: float
    subject_count: int
    opened_at: datetime
    verdict: Verdict | None
    decided_at: datetime | None

    @property
    def state(self) -> State:
        """Open until the first decision."""
        return "decided" if self.verdict else "open"


def queue(
    engine: sa.Engine, *, state: State = "open", limit: int = 50, offset: int = 0
) -> list[CaseSummary]:
    """A page of the open or of the decided cases: highest priority first, then oldest first."""
    standing = _standing().subquery()
    page = (
        sa.select(standing)
        .where(standing.c.verdict.is_(None) == (state == "open"))
        .order_by(standing.c.priority.desc(), standing.c.opened_at, standing.c.case_id)
        .limit(limit)
        .offset(offset)
    )
    with reading(engine) as connection:
        return [CaseSummary(**row) for row in connection.execute(page).mappings()]


def counts(engine: sa.Engine) -> dict[State, int]:
    """How many cases are open and how many are decided."""
    all_cases = sa.select(sa.func.count()).select_from(cases)
    decided_cases = sa.select(sa.func.count(decisions.c.case_id.distinct()))
    with reading(engine) as connection:
        total = connection.execute(all_cases).scalar_one()
        decided = connection.execute(decided_cases).scalar_one()
    return {"open": total - decided, "decided": decided}


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
    standing: sa.Select[Any] = (
        sa.select(
            *cases.c["case_id", "case_key", "round", "detector", "kind", "opened_at"],
            *case_versions.c["detector_version", "title", "priority", "subject_count"],
            (newest.c.version + sa.func.coalesce(decided.c.times, 0)).label("version"),
            *decisions.c["verdict", "decided_at"],
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
    )
    return standing


def _newest_version() -> sa.Subquery:
    columns = case_versions.c
    version = sa.func.max(columns.version).label("version")
    return sa.select(columns.case_id, version).group_by(columns.case_id).subquery()


def _latest_decision() -> sa.Subquery:
    columns = decisions.c
    latest = sa.func.max(columns.case_version).label("case_version")
    times = sa.func.count().label("times")
    return sa.select(columns.case_id, latest, times).group_by(columns.case_id).subquery()
