"""One case with all that it rests on and all that became of it."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from platform_core.database import reading
from platform_core.moderation.appeals import Appeal
from platform_core.moderation.decisions import Decision
from platform_core.moderation.ranking import CaseSummary, summary
from platform_core.moderation.signals import Subject
from platform_core.tables.moderation import appeals, case_subjects, case_versions, decisions

T = TypeVar("T", Subject, "CaseVersion", Decision, Appeal)


@dataclass(frozen=True)
class CaseVersion:
    """The evidence as it was frozen when the case was opened or extended."""

    version: int
    title: str
    detector_version: int
    priority: float
    subject_count: int
    evidence: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True)
class Case(CaseSummary):
    """A case in full; subjects by day, versions and decisions from the oldest on."""

    subjects: tuple[Subject, ...]
    versions: tuple[CaseVersion, ...]
    decisions: tuple[Decision, ...]
    appeals: tuple[Appeal, ...]

    @property
    def evidence(self) -> dict[str, Any]:
        """The newest evidence; what it rested on before is in ``versions``."""
        return self.versions[-1].evidence


def case(engine: sa.Engine, case_id: str) -> Case:
    """The case with its evidence, subjects and decisions.

    Raises:
        CaseUnknown: there is no such case.
    """
    with reading(engine) as connection:
        return Case(
            **vars(summary(connection, case_id)),
            subjects=_rows(connection, Subject, case_subjects, case_id, "event_date", "subject_id"),
            versions=_rows(connection, CaseVersion, case_versions, case_id, "version"),
            decisions=_rows(connection, Decision, decisions, case_id, "case_version"),
            appeals=_rows(connection, Appeal, appeals, case_id, "case_version"),
        )


def _rows(
    connection: sa.Connection, kind: type[T], table: sa.Table, case_id: str, *order: str
) -> tuple[T, ...]:
    """The table's rows of one case, as facts of the given kind."""
    columns = [table.c[field.name] for field in fields(kind)]
    of_case = sa.select(*columns).where(table.c.case_id == case_id)
    rows = connection.execute(of_case.order_by(*(table.c[name] for name in order)))
    return tuple(kind(**row) for row in rows.mappings())
