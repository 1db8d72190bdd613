"""One page for one person, and what the collector is told of pages."""

from datetime import datetime

import numpy as np
import polars as pl
import sqlalchemy as sa

from platform_core.ads.book import AuctionBook
from platform_core.contract.events.behaviour import Card, CardsServed, Surface
from platform_core.feed.ranker import RANKER, Ranker
from platform_core.feed.requests import SCHEMA
from platform_core.search import SearchIndex

CARD: tuple[str, ...] = tuple(Card.model_fields)


def feed(
    engine: sa.Engine,
    user_id: str | None,
    *,
    request_id: str,
    now: datetime,
    rng: np.random.Generator,
    surface: Surface = "feed",
    query: str | None = None,
    size: int = 20,
    ranker: Ranker | None = None,
    book: AuctionBook | None = None,
    index: SearchIndex | None = None,
) -> pl.DataFrame:
    """One page of cards, as ``Ranker.serve`` gives it; without a ranker, a new one ranks.

    Raises:
        ValueError: the surface has no such pages, or the size is not 1 to 100.
    """
    ranker = ranker or Ranker.load(engine, now=now)
    row = (request_id, user_id, surface, now, size, query)
    request = pl.DataFrame([row], schema=SCHEMA, orient="row")
    return ranker.serve(request, rng, book=book, index=index)


def served_event(cards: pl.DataFrame) -> CardsServed:
    """What was served to one request, of which there is at least one card.

    Raises:
        ValueError: the cards are those of no request, or of several.
    """
    told = served_frame(cards)
    if len(told) != 1:
        raise ValueError(f"cards of {len(told)} requests: an event tells of one")
    row = told.row(0, named=True)
    return CardsServed(**row | {"cards": [Card(**card) for card in row["cards"]]})


def served_frame(cards: pl.DataFrame) -> pl.DataFrame:
    """The data of ``cards.served`` of many requests, one row each: what the collector encodes."""
    return cards.group_by("request_id", maintain_order=True).agg(
        pl.col("surface").first(),
        pl.lit(RANKER).alias("ranker"),
        pl.struct(CARD).alias("cards"),
    )
