"""What moderation does with notes."""

from dataclasses import replace

from platform_core.notes.note import Status, locked_note
from platform_core.notes.writing import NoteNotChangeable, change
from platform_core.outbox import Origin
from platform_core.work import Work


def hold(work: Work, note_id: str, *, by: Origin) -> None:
    """Nobody sees the published note until it is released.

    Raises:
        NoteUnknown: there is no such note.
        NoteNotChangeable: it is a draft or removed.
    """
    _turn(work, note_id, "held", by)


def release(work: Work, note_id: str, *, by: Origin) -> None:
    """The held note is published.

    Raises:
        NoteUnknown: there is no such note.
        NoteNotChangeable: it is a draft or removed.
    """
    _turn(work, note_id, "published", by)


def restore(work: Work, note_id: str, *, by: Origin) -> None:
    """The note that moderation removed is published again.

    Raises:
        NoteUnknown: there is no such note.
        NoteNotChangeable: it is not removed.
    """
    found = locked_note(work.connection, note_id)
    if found.status != "removed":
        raise NoteNotChangeable(
            f"note {note_id!r} is {found.status}: only a removed one comes back"
        )
    change(work, found, replace(found, status="published"), by)


def _turn(work: Work, note_id: str, status: Status, by: Origin) -> None:
    found = locked_note(work.connection, note_id)
    if found.status not in ("held", "published"):
        raise NoteNotChangeable(
            f"note {note_id!r} is {found.status}, it cannot become {status}: "
            "only what was offered for publishing can"
        )
    change(work, found, replace(found, status=status), by)
