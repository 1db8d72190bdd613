"""What creators do with notes: they draft, publish, edit and remove them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa

from platform_core.catalog import ProductUnknown
from platform_core.contract.events.state import ProductCard
from platform_core.moderation.content import screen
from platform_core.notes.mentions import mentioned_brands
from platform_core.notes.note import Note, Status, locked_note
from platform_core.outbox import Origin
from platform_core.tables.catalog import products
from platform_core.tables.engagement import COUNTS, note_counts
from platform_core.tables.notes import notes
from platform_core.users import active_creator, active_user
from platform_core.work import Refusal, Work

NO_COUNTS: Final = dict.fromkeys(COUNTS, 0)
_LISTED: Final = sa.select(products.c.product_id, products.c.brand_id).where(
    products.c.product_id.in_(sa.bindparam("ids", expanding=True)), products.c.status == "listed"
)


class NoteNotChangeable(Refusal):
    """A note in this state cannot become what was asked for."""


class NotTheCreator(Refusal):
    """Only the one who wrote a note edits and publishes it."""


@dataclass(frozen=True)
class Content:
    """What a creator writes; the text may mention brands, as in ``@Name``."""

    title: str
    text: str
    topics: Sequence[str] = ()
    place: str | None = None
    product_ids: Sequence[str] = ()
    is_disclosed_ad: bool = False


def draft(work: Work, creator_id: str, content: Content, *, by: Origin) -> str:
    """A note that only its creator sees; returns its id.

    Raises:
        CreatorUnknown: nobody with this id is a creator.
        UserSuspended: the creator is suspended.
        ProductUnknown: it shows a product that is not listed.
        ValueError: the content is not what the contract allows.
    """
    active_creator(work, creator_id)
    fresh = Note(
        note_id=work.ids("note"),
        creator_id=creator_id,
        status="draft",
        published_at=None,
        changed_at=work.now,
        **_facts(work, content),
    )
    work.connection.execute(sa.insert(notes), fresh.row())
    work.connection.execute(sa.insert(note_counts), {"note_id": fresh.note_id} | NO_COUNTS)
    work.tell(fresh.event(), by)
    return fresh.note_id


def publish(work: Work, note_id: str, *, by: Origin) -> Status:
    """Show the note to everybody, or hold it if the machine finds something; returns which.

    A note that is published or held already stays what it is.

    Raises:
        NoteUnknown: there is no such note.
        NoteNotChangeable: it was removed.
        NotTheCreator: somebody else wrote it.
        UserSuspended: the creator is suspended.
    """
    found = _own(work, note_id, by)
    if found.status != "draft":
        return found.status
    return change(work, found, replace(found, status=_screened(work, found)), by)


def edit(work: Work, note_id: str, content: Content, *, by: Origin) -> Status:
    """The note says something else; a published one is checked again, and may become held.

    Raises:
        NoteUnknown: there is no such note.
        NoteNotChangeable: it was removed.
        NotTheCreator: somebody else wrote it.
        UserSuspended: the creator is suspended.
        ProductUnknown: it shows a product that is not listed.
        ValueError: the content is not what the contract allows.
    """
    found = _own(work, note_id, by)
    edited = replace(found, **_facts(work, content))
    if edited.status == "published" and edited != found:
        edited = replace(edited, status=_screened(work, edited))
    return change(work, found, edited, by)


def remove(work: Work, note_id: str, *, by: Origin) -> None:
    """Nobody sees the note any more, and it never comes back; its creator or a moderator acts.

    Raises:
        NoteUnknown: there is no such note.
    """
    found = locked_note(work.connection, note_id)
    change(work, found, replace(found, status="removed"), by)


def change(work: Work, found: Note, changed: Note, by: Origin) -> Status:
    """Write what has changed and tell of it, if anything has; returns the status."""
    if changed != found:
        published_at = changed.published_at
        if changed.status == "published" and published_at is None:
            published_at = work.now
        changed = replace(changed, published_at=published_at, changed_at=work.now)
        one = notes.c.note_id == changed.note_id
        work.connection.execute(sa.update(notes).where(one).values(changed.row()))
        work.tell(changed.event(), by)
    return changed.status


def _own(work: Work, note_id: str, by: Origin) -> Note:
    """The note, if whoever acts may change it; the platform may."""
    found = locked_note(work.connection, note_id)
    if by.actor_id not in (None, found.creator_id):
        raise NotTheCreator(f"note {note_id!r} is not by {by.actor_id!r}: its creator changes it")
    if found.status == "removed":
        raise NoteNotChangeable(f"note {note_id!r} was removed: write another one")
    active_user(work, found.creator_id)
    return found


def _screened(work: Work, candidate: Note) -> Status:
    found = screen(
        work,
        "note",
        candidate.note_id,
        title=candidate.title,
        text=candidate.text,
        is_disclosed_ad=candidate.is_disclosed_ad,
    )
    return "published" if found.verdict == "passed" else "held"


def _facts(work: Work, content: Content) -> dict[str, Any]:
    return {
        "title": content.title,
        "text": content.text,
        "topics": tuple(dict.fromkeys(content.topics)),
        "place": content.place,
        "products": _cards(work, content.product_ids),
        "mentions": tuple(mentioned_brands(work.connection, content.text)),
        "is_disclosed_ad": content.is_disclosed_ad,
    }


def _cards(work: Work, product_ids: Sequence[str]) -> tuple[ProductCard, ...]:
    wanted = list(dict.fromkeys(product_ids))
    if not wanted:
        return ()
    rows = work.connection.execute(_LISTED, {"ids": wanted}).all()
    brands: dict[str, str] = dict(rows)
    if missing := [p for p in wanted if p not in brands]:
        raise ProductUnknown(f"no product {missing[0]!r} is listed: show another one")
    return tuple(ProductCard(product_id=p, brand_id=brands[p]) for p in wanted)
