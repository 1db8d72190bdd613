"""What a person's decision does to content: it is removed, or shown again."""

from dataclasses import dataclass
from typing import Final, cast

from platform_core import notes  # not its verbs: notes in turn have their texts screened here
from platform_core.contract.events.moderation import SubjectType
from platform_core.moderation.judgements import ContentType, Judgement, Ruling, judge, standing
from platform_core.moderation.reasons import CONTENT, Verdict
from platform_core.outbox import Origin
from platform_core.work import Work

RULINGS: Final[dict[Verdict, Ruling]] = {"confirmed": "removed", "dismissed": "passed"}


@dataclass(frozen=True)
class Ruled:
    """A decision, as far as it touches its subjects."""

    case_id: str
    subject_type: SubjectType
    subject_ids: tuple[str, ...]
    verdict: Verdict
    reason_code: str


def carry_out(work: Work, ruled: Ruled, *, by: Origin) -> None:
    """Judge each note, review or comment as a person; nothing else is touched.

    The standing judgement decides whether reviews and comments are shown; notes have a status.
    """
    if ruled.subject_type not in CONTENT:
        return
    content = cast(ContentType, ruled.subject_type)
    ruling = RULINGS[ruled.verdict]
    for subject_id in ruled.subject_ids:
        before = standing(work.connection, content, subject_id)
        case_id, why = ruled.case_id, ruled.reason_code
        judge(work, content, subject_id, ruling, why, judge="person", case_id=case_id, by=by)
        if content == "note":
            _turn_note(work, subject_id, ruling, before, by)


def _turn_note(
    work: Work, note_id: str, ruling: Ruling, before: Judgement | None, by: Origin
) -> None:
    """What its creator took back, and not moderation, stays away."""
    note = notes.note(work.connection, note_id)
    if ruling == "removed":
        notes.remove(work, note_id, by=by)
    elif note.status == "held":
        notes.release(work, note_id, by=by)
    elif before and before.verdict == "removed" and note.changed_at == before.judged_at:
        notes.restore(work, note_id, by=by)
