"""Literal events of notes, of those who read them, and of who people are."""

from typing import Any

from tests.events import event
from tests.warehouse.acts import Event

LONG = 20_000


def note(
    note_id: str, time: str, *topics: str, by: str = "creator", status: str = "published"
) -> Event:
    """The note about these topics changed."""
    return event(
        "note.changed",
        f"{note_id}-{status}-{time}",
        time,
        note_id=note_id,
        creator_id=by,
        status=status,
        title=note_id,
        text="",
        topics=list(topics),
        products=[],
        mentions=[],
        is_disclosed_ad=False,
    )


def opened(
    note_id: str, time: str, actor: str, *, dwell_ms: int = LONG, id_: str = "", **rest: Any
) -> Event:
    """A person opened the note, long enough to read it unless told otherwise."""
    return event(
        "note.read",
        id_ or f"read-{actor}-{note_id}-{time}",
        time,
        actorid=actor,
        note_id=note_id,
        surface="feed",
        dwell_ms=dwell_ms,
        **rest,
    )


def engaged(verb: str, note_id: str, time: str, actor: str) -> Event:
    """A person liked, collected, shared or hid the note, or took that back."""
    return event(
        f"note.{verb}", f"{verb}-{actor}-{note_id}-{time}", time, actorid=actor, note_id=note_id
    )


def signed_up(user: str, time: str, on: str, *, city_tier: int = 1) -> Event:
    """A user's state, who signed up on the day ``on``."""
    return event(
        "user.changed",
        f"user-{user}-{time}",
        time,
        user_id=user,
        status="active",
        registered_on=on,
        city_tier=city_tier,
        has_avatar=True,
        has_bio=False,
        interests=[],
    )


def product(product_id: str, time: str, category: str, price: int) -> Event:
    """A product's state."""
    return event(
        "product.changed",
        f"{product_id}-{time}",
        time,
        product_id=product_id,
        name=product_id,
        category=category,
        price_minor=price,
        currency="CNY",
    )
