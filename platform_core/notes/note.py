"""A note as it stands: its row, and the event that tells of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from platform_core.contract.events.state import NoteChanged, ProductCard
from platform_core.database import reading
from platform_core.tables.notes import notes
from platform_core.work import Refusal

Status = Literal["draft", "held", "published", "removed"]

_NOTE: Final = sa.select(notes).where(notes.c.note_id == sa.bindparam("id"))
_LOCKED: Final = _NOTE.with_for_update()


class NoteUnknown(Refusal):
    """There is no note with this id."""


@dataclass(frozen=True)
class Note:
    """``published_at`` is when it was first shown, ``mentions`` are the ids of brands."""

    note_id: str
    creator_id: str
    status: Status
    title: str
    text: str
    topics: tuple[str, ...]
    place: str | None
    products: tuple[ProductCard, ...]
    mentions: tuple[str, ...]
    is_disclosed_ad: bool
    published_at: datetime | None
    changed_at: datetime

    def event(self) -> NoteChanged:
        """The event that tells of this state.

        Raises:
            ValueError: it is not what the contract allows.
        """
        facts = {name: value for name, value in vars(self).items() if not name.endswith("_at")}
        lists = {name: list(facts[name]) for name in ("topics", "products", "mentions")}
        return NoteChanged(**facts | lists)

    def row(self) -> dict[str, Any]:
        """The note's row of ``notes``."""
        stamps = {"published_at": self.published_at, "changed_at": self.changed_at}
        return self.event().model_dump() | stamps


def note(source: sa.Connection | sa.Engine, note_id: str) -> Note:
    """The note as it stands.

    Raises:
        NoteUnknown: there is no such note.
    """
    if isinstance(source, sa.Engine):
        with reading(source) as connection:
            return note(connection, note_id)
    return _note(source, note_id, _NOTE)


def locked_note(connection: sa.Connection, note_id: str) -> Note:
    """The note as it stands; no other transaction changes it before this one ends.

    Raises:
        NoteUnknown: there is no such note.
    """
    return _note(connection, note_id, _LOCKED)


def _note(connection: sa.Connection, note_id: str, query: sa.Select[Any]) -> Note:
    row = connection.execute(query, {"id": note_id}).mappings().one_or_none()
    if row is None:
        raise NoteUnknown(f"there is no note {note_id!r}: draft it first")
    lists = {name: tuple(row[name]) for name in ("topics", "mentions")}
    cards = tuple(ProductCard(**card) for card in row["products"])
    return Note(**dict(row) | lists | {"products": cards})
