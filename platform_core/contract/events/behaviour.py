"""What people do: high volume, written by the collector."""

from typing import Annotated, Literal

from pydantic import Field

from platform_core.contract.events.model import EventData, Part
from platform_core.contract.fields import (
    AmountMinor,
    Count,
    Currency,
    EntityId,
    FreeText,
    Milliseconds,
    Quantity,
    Score,
)

Surface = Literal[
    "feed", "search", "topic", "follow", "profile", "brand_page", "shop", "note", "cart", "link"
]
"""Where something was shown or where it was opened from."""

Placement = Literal["feed", "search"]
"""Where an ad may stand."""


class Card(Part):
    """One card of an answer, as the ranker meant it."""

    kind: Literal["note", "product", "ad"]
    item_id: Annotated[EntityId, Field(description="note, product or creative")]
    slot: Annotated[EntityId, Field(description="which list filled the position")]
    position: Annotated[Quantity, Field(description="from the top, 1 is the first")]
    score: Annotated[Score, Field(description="what it was ranked by, within its slot")]
    reason: Annotated[EntityId, Field(description="why it is there")]


class CardsServed(EventData):
    """The platform answered one request for cards; what a person then saw is impressed."""

    type = "cards.served"
    request_id: EntityId
    surface: Surface
    ranker: Annotated[EntityId, Field(description="name and version of what ranked the cards")]
    cards: list[Card]


class NoteImpressed(EventData):
    """A note's card was rendered on a person's screen."""

    type = "note.impressed"
    note_id: EntityId
    request_id: Annotated[EntityId, Field(description="the request that served the card")]
    surface: Surface
    position: Quantity


class NoteRead(EventData):
    """A person opened a note; told when it is closed again."""

    type = "note.read"
    note_id: EntityId
    request_id: EntityId | None = None
    surface: Surface
    dwell_ms: Annotated[Milliseconds, Field(description="how long it was open")]


class TopicViewed(EventData):
    """A person opened a topic's page."""

    type = "topic.viewed"
    topic: EntityId


class SearchQueried(EventData):
    """A person searched; what was shown is impressed with the same ``request_id``."""

    type = "search.queried"
    request_id: EntityId
    query: FreeText
    results: Annotated[Count, Field(description="found notes and products")]


class ProductCardImpressed(EventData):
    """A product's card was rendered: within a note, in search results or in a shop."""

    type = "product_card.impressed"
    product_id: EntityId
    surface: Surface
    note_id: EntityId | None = None
    request_id: EntityId | None = None
    position: Quantity


class ProductCardClicked(EventData):
    """A person clicked a product's card."""

    type = "product_card.clicked"
    product_id: EntityId
    surface: Surface
    note_id: EntityId | None = None
    request_id: EntityId | None = None
    position: Quantity


class ProductViewed(EventData):
    """A person opened a product page."""

    type = "product.viewed"
    product_id: EntityId
    brand_id: Annotated[EntityId | None, Field(description="the brand shown on the page")] = None
    price_minor: AmountMinor | None = None
    currency: Currency | None = None
    surface: Surface | None = None
    note_id: Annotated[EntityId | None, Field(description="the note that led here")] = None


class BrandPageViewed(EventData):
    """A person opened a brand's page."""

    type = "brand_page.viewed"
    brand_id: EntityId
    surface: Surface


class AdImpressed(EventData):
    """An ad was rendered."""

    type = "ad.impressed"
    request_id: EntityId
    position: Quantity
    placement: Placement
    creative_id: EntityId
    unit_id: EntityId
    campaign_id: EntityId
    brand_id: Annotated[EntityId, Field(description="the advertiser")]


BEHAVIOUR = (
    NoteImpressed,
    CardsServed,
    NoteRead,
    ProductCardImpressed,
    ProductCardClicked,
    ProductViewed,
    AdImpressed,
    SearchQueried,
    TopicViewed,
    BrandPageViewed,
)
