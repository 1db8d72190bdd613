"""Literal events of what people do with notes, and of how notes, products and people stand."""

from typing import Any

from tests.events import event
from tests.warehouse.acts import Event


def noted(id_: str, time: str, note: str, *, creator: str = "carl", **rest: Any) -> Event:
    """The full new state of a note: published, without brands, unless told."""
    state: Event = {
        "creator_id": creator,
        "status": "published",
        "title": note,
        "text": "words",
        "topics": [],
        "products": [],
        "mentions": [],
        "is_disclosed_ad": False,
    }
    return event("note.changed", id_, time, source="platform", note_id=note, **{**state, **rest})


def card(product: str, brand: str | None = None) -> Event:
    """A product that a note shows."""
    return {"product_id": product, **({"brand_id": brand} if brand else {})}


def impressed(
    id_: str,
    time: str,
    note: str = "n1",
    *,
    actor: str = "ann",
    request: str = "r1",
    surface: str = "feed",
    position: int = 1,
) -> Event:
    """A note's card was rendered; to nobody that is known if ``actor`` is empty."""
    viewer: Event = {"actorid": actor} if actor else {}
    return event(
        "note.impressed",
        id_,
        time,
        **viewer,
        note_id=note,
        request_id=request,
        surface=surface,
        position=position,
    )


def opened(
    id_: str,
    time: str,
    note: str = "n1",
    *,
    actor: str = "ann",
    request: str = "r1",
    surface: str = "feed",
    dwell_ms: int = 1000,
) -> Event:
    """A note was opened and closed again."""
    return event(
        "note.read",
        id_,
        time,
        actorid=actor,
        note_id=note,
        request_id=request,
        surface=surface,
        dwell_ms=dwell_ms,
    )


def engaged(verb: str, id_: str, time: str, note: str = "n1", **rest: Any) -> Event:
    """``note.<verb>`` by ann, unless told."""
    return event(f"note.{verb}", id_, time, **{"actorid": "ann", "note_id": note, **rest})


def followed(verb: str, id_: str, time: str, *, actor: str = "ann", creator: str = "carl") -> Event:
    """``creator.followed`` or ``creator.unfollowed``."""
    return event(f"creator.{verb}", id_, time, actorid=actor, creator_id=creator)


def searched(
    id_: str, time: str, query: str = "lipstick", *, actor: str = "ann", request: str = "r1"
) -> Event:
    """A person searched and found two things."""
    return event(
        "search.queried", id_, time, actorid=actor, request_id=request, query=query, results=2
    )


def carded(
    act: str,
    id_: str,
    time: str,
    product: str = "b1-p1",
    *,
    actor: str = "ann",
    surface: str = "note",
    **rest: Any,
) -> Event:
    """``product_card.impressed`` or ``product_card.clicked``, at the top."""
    return event(
        f"product_card.{act}",
        id_,
        time,
        actorid=actor,
        product_id=product,
        surface=surface,
        **{"position": 1, **rest},
    )


def ad_shown(
    id_: str,
    time: str,
    *,
    actor: str = "ann",
    request: str = "r1",
    placement: str = "feed",
    creative: str = "cr1",
    brand: str = "b1",
) -> Event:
    """An ad was rendered."""
    return event(
        "ad.impressed",
        id_,
        time,
        actorid=actor,
        request_id=request,
        position=1,
        placement=placement,
        creative_id=creative,
        unit_id="u1",
        campaign_id="c1",
        brand_id=brand,
    )


def ad_clicked(
    id_: str,
    time: str,
    *,
    actor: str = "ann",
    request: str = "r1",
    placement: str = "feed",
    creative: str = "cr1",
) -> Event:
    """The ad of this request was clicked."""
    return event(
        "ad.clicked",
        id_,
        time,
        actorid=actor,
        campaign_id="c1",
        brand_id="b1",
        placement=placement,
        creative_id=creative,
        request_id=request,
    )


def creative(id_: str, time: str, note: str, *, creative: str = "cr1") -> Event:
    """The note is shown as an ad."""
    return event(
        "creative.changed",
        id_,
        time,
        source="platform",
        creative_id=creative,
        unit_id="u1",
        note_id=note,
        status="active",
    )
