"""Judgements on content: what a machine or a person ruled, each kept. Rows are only ever added."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import sqlalchemy as sa

from platform_core.contract.events.moderation import ContentJudged
from platform_core.outbox import Origin
from platform_core.tables.moderation import content_judgements
from platform_core.work import Work

ContentType = Literal["note", "review", "comment"]
Judge = Literal["machine", "person"]
Ruling = Literal["passed", "held", "removed"]

_OF_SUBJECT: Final = (
    sa.select(content_judgements)
    .where(
        content_judgements.c.subject_type == sa.bindparam("subject_type"),
        content_judgements.c.subject_id == sa.bindparam("subject_id"),
    )
    .order_by(content_judgements.c.position)
)


@dataclass(frozen=True)
class Judgement:
    """One ruling on one text; ``text_sha256`` is null when nobody has told what it was."""

    judgement_id: str
    subject_type: ContentType
    subject_id: str
    text_sha256: str | None
    judge: Judge
    verdict: Ruling
    reason_code: str
    case_id: str | None
    judged_at: datetime


def judge(
    work: Work,
    subject_type: ContentType,
    subject_id: str,
    verdict: Ruling,
    reason_code: str,
    *,
    judge: Judge = "machine",
    case_id: str | None = None,
    text_sha256: str | None = None,
    by: Origin,
) -> str:
    """Add a judgement and return its id; it is about the newest text unless another is named."""
    if text_sha256 is None:
        text_sha256 = _newest_text(judgements(work.connection, subject_type, subject_id))
    judgement = Judgement(
        judgement_id=work.ids("judgement"),
        subject_type=subject_type,
        subject_id=subject_id,
        text_sha256=text_sha256,
        judge=judge,
        verdict=verdict,
        reason_code=reason_code,
        case_id=case_id,
        judged_at=work.now,
    )
    work.connection.execute(sa.insert(content_judgements), vars(judgement))
    facts = {name: value for name, value in vars(judgement).items() if name != "judged_at"}
    work.tell(ContentJudged(**facts), by)
    return judgement.judgement_id


def judgements(
    connection: sa.Connection, subject_type: ContentType, subject_id: str
) -> list[Judgement]:
    """All that was ruled on the subject, the oldest first."""
    subject = {"subject_type": subject_type, "subject_id": subject_id}
    rows = connection.execute(_OF_SUBJECT, subject).mappings()
    return [Judgement(**{k: v for k, v in row.items() if k != "position"}) for row in rows]


def standing(
    connection: sa.Connection, subject_type: ContentType, subject_id: str
) -> Judgement | None:
    """What counts: the newest person's judgement on the newest text, else the newest machine's."""
    history = judgements(connection, subject_type, subject_id)
    return standing_of(history, _newest_text(history))


def standing_of(history: list[Judgement], text_sha256: str | None) -> Judgement | None:
    """What counts about one text: a person has not ruled on words that came later."""
    of_text = [j for j in history if j.text_sha256 == text_sha256]
    by_people = [j for j in of_text if j.judge == "person"]
    return next(reversed(by_people or of_text), None)


def _newest_text(history: list[Judgement]) -> str | None:
    return history[-1].text_sha256 if history else None
