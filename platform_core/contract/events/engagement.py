"""What people leave on notes and creators; each can be undone."""

from typing import Annotated

from pydantic import Field

from platform_core.contract.events.behaviour import Surface
from platform_core.contract.events.model import EventData
from platform_core.contract.fields import EntityId, FreeText, PersonId


class _OfNote(EventData):
    note_id: EntityId
    surface: Annotated[Surface | None, Field(description="where the note was met")] = None
    request_id: EntityId | None = None


class NoteLiked(_OfNote):
    """A person likes a note."""

    type = "note.liked"


class NoteUnliked(_OfNote):
    """A person no longer likes a note."""

    type = "note.unliked"


class NoteCollected(_OfNote):
    """A person saved a note."""

    type = "note.collected"


class NoteUncollected(_OfNote):
    """A person removed a note from the saved ones."""

    type = "note.uncollected"


class NoteShared(_OfNote):
    """A person sent a note to somebody."""

    type = "note.shared"


class NoteHidden(_OfNote):
    """A person wants to see less like this note."""

    type = "note.hidden"


class NoteUnhidden(_OfNote):
    """A person took that back."""

    type = "note.unhidden"


class NoteReported(_OfNote):
    """A person reported a note."""

    type = "note.reported"
    reason: EntityId


class NoteCommented(_OfNote):
    """A person commented on a note."""

    type = "note.commented"
    comment_id: EntityId
    text: FreeText


class NoteUncommented(_OfNote):
    """A comment was taken back."""

    type = "note.uncommented"
    comment_id: EntityId


class CreatorFollowed(EventData):
    """A person follows a creator."""

    type = "creator.followed"
    creator_id: PersonId


class CreatorUnfollowed(EventData):
    """A person no longer follows a creator."""

    type = "creator.unfollowed"
    creator_id: PersonId


ENGAGEMENT = (
    NoteLiked,
    NoteUnliked,
    NoteCollected,
    NoteUncollected,
    NoteCommented,
    NoteUncommented,
    NoteShared,
    NoteHidden,
    NoteUnhidden,
    NoteReported,
    CreatorFollowed,
    CreatorUnfollowed,
)
