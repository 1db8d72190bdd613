"""Notes: what creators write, and who may see it when."""

from platform_core.notes.holding import hold, release, restore
from platform_core.notes.note import Note, NoteUnknown, Status, note
from platform_core.notes.writing import (
    Content,
    NoteNotChangeable,
    NotTheCreator,
    draft,
    edit,
    publish,
    remove,
)

__all__ = [
    "Content",
    "NotTheCreator",
    "Note",
    "NoteNotChangeable",
    "NoteUnknown",
    "Status",
    "draft",
    "edit",
    "hold",
    "note",
    "publish",
    "release",
    "remove",
    "restore",
]
