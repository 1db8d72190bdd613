"""One act at a time, refused when it is not possible.

Each verb returns its event's id, or None when everything was so already; each refuses with
``UserUnknown`` or ``UserSuspended`` whoever may not act, with ``NoteUnknown`` or ``NoteNotShown`` a
note, with ``CommentUnknown`` a comment and with ``CreatorUnknown`` a creator that is not there. A
fact that the contract does not allow is a ``ValueError``.
"""

import sqlalchemy as sa

from platform_core.contract.events.behaviour import Surface
from platform_core.engagement.acts import Act
from platform_core.engagement.batch import engage
from platform_core.notes import note
from platform_core.outbox import Origin
from platform_core.tables.engagement import comments
from platform_core.users import active_creator, active_user
from platform_core.work import Refusal, Work


class NoteNotShown(Refusal):
    """The note is not published, so that nobody can act on it."""


class CommentUnknown(Refusal):
    """The user has written no such comment."""


class SelfFollow(Refusal):
    """Nobody follows themselves."""


def like(
    work: Work,
    note_id: str,
    *,
    by: Origin,
    surface: Surface | None = None,
    request_id: str | None = None,
) -> str | None:
    """The user likes the note."""
    return _act(work, Act("like", note_id, by, surface=surface, request_id=request_id))


def unlike(work: Work, note_id: str, *, by: Origin) -> str | None:
    """The user no longer likes the note."""
    return _act(work, Act("unlike", note_id, by))


def collect(
    work: Work,
    note_id: str,
    *,
    by: Origin,
    surface: Surface | None = None,
    request_id: str | None = None,
) -> str | None:
    """The user saves the note."""
    return _act(work, Act("collect", note_id, by, surface=surface, request_id=request_id))


def uncollect(work: Work, note_id: str, *, by: Origin) -> str | None:
    """The user removes the note from the saved ones."""
    return _act(work, Act("uncollect", note_id, by))


def share(
    work: Work,
    note_id: str,
    *,
    by: Origin,
    surface: Surface | None = None,
    request_id: str | None = None,
) -> str | None:
    """The user sends the note to somebody; every time counts."""
    return _act(work, Act("share", note_id, by, surface=surface, request_id=request_id))


def comment(
    work: Work,
    note_id: str,
    text: str,
    *,
    by: Origin,
    surface: Surface | None = None,
    request_id: str | None = None,
) -> str | None:
    """The user comments on the note; the event's id is the comment's."""
    act = Act("comment", note_id, by, text=text, surface=surface, request_id=request_id)
    return _act(work, act)


def uncomment(work: Work, comment_id: str, *, by: Origin) -> str | None:
    """The user takes their comment back."""
    return _act(work, Act("uncomment", comment_id, by))


def hide(
    work: Work,
    note_id: str,
    *,
    by: Origin,
    surface: Surface | None = None,
    request_id: str | None = None,
) -> str | None:
    """The user wants to see less like the note."""
    return _act(work, Act("hide", note_id, by, surface=surface, request_id=request_id))


def unhide(work: Work, note_id: str, *, by: Origin) -> str | None:
    """The user takes that back."""
    return _act(work, Act("unhide", note_id, by))


def report(
    work: Work,
    note_id: str,
    *,
    reason: str,
    by: Origin,
    surface: Surface | None = None,
    request_id: str | None = None,
) -> str | None:
    """The user reports the note to moderation, once."""
    act = Act("report", note_id, by, reason=reason, surface=surface, request_id=request_id)
    return _act(work, act)


def follow(work: Work, creator_id: str, *, by: Origin) -> str | None:
    """The user follows the creator."""
    return _act(work, Act("follow", creator_id, by))


def unfollow(work: Work, creator_id: str, *, by: Origin) -> str | None:
    """The user no longer follows the creator."""
    return _act(work, Act("unfollow", creator_id, by))


def _act(work: Work, act: Act) -> str | None:
    [event_id] = engage(work, [act])
    if event_id is None:
        _refuse_the_impossible(work, act)
    return event_id


def _refuse_the_impossible(work: Work, act: Act) -> None:
    active_user(work, act.user_id)
    if act.kind in ("follow", "unfollow"):
        _refuse_follow(work, act)
        return
    note_id = _own_comment(work, act) if act.kind == "uncomment" else act.target_id
    status = note(work.connection, note_id).status
    if status != "published":
        raise NoteNotShown(f"note {note_id!r} is {status}: act on a published one")


def _refuse_follow(work: Work, act: Act) -> None:
    if act.target_id == act.user_id:
        raise SelfFollow(f"{act.user_id!r} cannot {act.kind} themselves: name another creator")
    active_creator(work, act.target_id)


def _own_comment(work: Work, act: Act) -> str:
    own = (comments.c.comment_id == act.target_id) & (comments.c.user_id == act.user_id)
    note_id: str | None = work.connection.scalar(sa.select(comments.c.note_id).where(own))
    if note_id is None:
        raise CommentUnknown(f"{act.user_id!r} wrote no comment {act.target_id!r}: name an own one")
    return note_id
