"""The ranker: pages of cards for many people at once."""

from datetime import datetime
from typing import Final, Self

import numpy as np
import polars as pl
import sqlalchemy as sa

from platform_core.ads.book import AuctionBook
from platform_core.database import reading
from platform_core.feed.browsing import browse
from platform_core.feed.pool import Shelf
from platform_core.feed.readers import Readers
from platform_core.feed.recommendations import Recommendations
from platform_core.feed.requests import ad_slots, checked, open_positions
from platform_core.feed.results import search
from platform_core.feed.seen import Seen
from platform_core.search import SearchIndex

RANKER: Final = "meadow/1"
"""Name and version of what ranks, as ``cards.served`` tells it."""
CARDS: Final = pl.Schema(
    {
        "request_id": pl.String,
        "surface": pl.String,
        "position": pl.Int64,
        "slot": pl.String,
        "kind": pl.String,
        "item_id": pl.String,
        "score": pl.Float64,
        "reason": pl.String,
        "note_id": pl.String,
        "unit_id": pl.String,
        "campaign_id": pl.String,
        "brand_id": pl.String,
        "keyword_id": pl.String,
        "price_minor": pl.Int64,
        "token": pl.String,
    }
)


class Ranker:
    """Ranks published notes as they were at the last ``refresh``.

    A long-lived one is cheap to refresh, for it reads only what has changed. ``seen`` outlives it:
    whoever makes a new ranker hands on the old one's.
    """

    def __init__(
        self, engine: sa.Engine, recommendations: Recommendations | None, seen: Seen
    ) -> None:
        self.seen = seen
        self._engine = engine
        self._recommendations = recommendations
        self._shelf = Shelf()

    @classmethod
    def load(
        cls,
        engine: sa.Engine,
        *,
        now: datetime,
        recommendations: Recommendations | None = None,
        seen: Seen | None = None,
    ) -> Self:
        """A ranker of what is published at ``now``.

        ``recommendations`` is what the warehouse published.
        """
        ranker = cls(engine, recommendations, seen or Seen())
        ranker.refresh(now=now)
        return ranker

    def refresh(self, *, now: datetime) -> None:
        """Rank what is published, how it is received and how old it is at ``now``."""
        with reading(self._engine) as connection:
            self._pool = self._shelf.pool(connection, now)

    def serve(
        self,
        requests: pl.DataFrame,
        rng: np.random.Generator,
        *,
        book: AuctionBook | None = None,
        index: SearchIndex | None = None,
    ) -> pl.DataFrame:
        """Fill a page for every request.

        Args:
            requests: ``request_id``, ``user_id`` (null: nobody is signed in), ``surface`` (feed,
                follow, topic or search), ``at``, ``size`` and, where there are such requests,
                ``query`` (the topic of a topic page, the words of a search). A person's requests
                for one surface and query are pages one after the other: none repeats another.
            rng: what is explored, and the auction's draws.
            book: who bids for ad positions; without it there are no ads.
            index: what searches are answered from; without it they find nothing.

        Returns:
            Rows of ``CARDS`` in the order of time and position; positions count from 1 without a
            gap. ``item_id`` is a note, product or, for an ad, creative; ``note_id`` the note on the
            card. Columns from ``unit_id`` on are an ad's; ``token`` is what ``ads.click`` takes.

        Raises:
            ValueError: a request is not as it should be.
        """
        requests = checked(requests)
        with reading(self._engine) as connection:
            readers = Readers.load(connection, requests["user_id"].drop_nulls().to_list())
            ads = _ads(requests, readers, book, rng)
            cells = open_positions(requests, ads)
            searched = pl.col("surface") == "search"
            found = search(connection, cells.filter(searched), index, readers)
        browsed = browse(
            cells.filter(~searched), ads, self._pool, readers, self._recommendations, self.seen, rng
        )
        cards = _pages(requests, [browsed, found, ads])
        self._remember(requests, cards)
        return cards

    def _remember(self, requests: pl.DataFrame, cards: pl.DataFrame) -> None:
        to_people = cards.filter(pl.col("kind") == "note").join(
            requests.select("request_id", "user_id").drop_nulls(),
            on="request_id",
            maintain_order="left",
        )
        self.seen.add(to_people["user_id"].to_list(), to_people["note_id"].to_list())


def _ads(
    requests: pl.DataFrame, readers: Readers, book: AuctionBook | None, rng: np.random.Generator
) -> pl.DataFrame:
    if book is None:
        return CARDS.to_frame().drop("surface")
    won = book.auction(ad_slots(requests, readers), rng)
    return won.with_columns(
        pl.lit("ad").alias("slot"),
        pl.lit("ad").alias("kind"),
        pl.col("creative_id").alias("item_id"),
        pl.when(pl.col("keyword_id").is_null())
        .then(pl.lit("bid"))
        .otherwise(pl.lit("keyword"))
        .alias("reason"),
    ).drop("creative_id")


def _pages(requests: pl.DataFrame, parts: list[pl.DataFrame]) -> pl.DataFrame:
    cards = pl.concat(parts, how="diagonal_relaxed")
    order = requests.select("request_id", "surface").with_row_index("order")
    return (
        cards.join(order, on="request_id")
        .sort("order", "position")
        .with_columns(pl.int_range(1, pl.len() + 1).over("order").alias("position"))
        .select(pl.col(name).cast(dtype) for name, dtype in CARDS.items())
    )
