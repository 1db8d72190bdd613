"""Appeals: whom a decision concerns may have it looked at again, once and by somebody else."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from platform_core.contract.events.moderation import Appealed
from platform_core.database import one_at_a_time
from platform_core.moderation.ranking import summary
from platform_core.outbox import Origin
from platform_core.tables.moderation import appeals
from platform_core.work import Refusal, Work


class NothingToAppeal(Refusal):
    """Nobody has decided the case yet."""


class AlreadyAppealed(Refusal):
    """The case was appealed before; what the second reviewer rules is final."""


@dataclass(frozen=True)
class Appeal:
    """One appeal; ``case_version`` is the version of the case that it is about."""

    appeal_id: str
    case_id: str
    case_version: int
    text: str
    appellant_id: str | None
    appealed_at: datetime


def appeal(work: Work, case_id: str, text: str, *, by: Origin) -> str:
    """Put a decided case back into the queue, for another reviewer; returns the appeal's id.

    Raises:
        CaseUnknown: there is no such case.
        NothingToAppeal: it is not decided yet.
        AlreadyAppealed: it was appealed before.
    """
    one_at_a_time(work.connection, "moderate")
    case = summary(work.connection, case_id)
    if case.verdict is None:
        raise NothingToAppeal(f"case {case_id!r} is not decided yet: wait for the decision")
    if _appealed(work.connection, case_id):
        raise AlreadyAppealed(f"case {case_id!r} was appealed before: that is possible once")
    filed = Appeal(work.ids("appeal"), case_id, case.version, text, by.actor_id, work.now)
    work.connection.execute(sa.insert(appeals), vars(filed))
    told = {name: getattr(filed, name) for name in Appealed.model_fields}
    work.tell(Appealed(**told), by)
    return filed.appeal_id


def _appealed(connection: sa.Connection, case_id: str) -> bool:
    of_case = sa.select(sa.exists().where(appeals.c.case_id == case_id))
    return bool(connection.scalar(of_case))
