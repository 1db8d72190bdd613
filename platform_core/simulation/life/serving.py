"""The platform as the app sees it: requests go in, cards come out, a block of visits at once."""

from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import sqlalchemy as sa

from platform_core.ads import AuctionBook
from platform_core.feed import Ranker
from platform_core.search import SearchIndex

OF_REQUEST: Final = ("visit", "phase", "seq", "sub", "is_last", "browsed", "person")


class Serving:
    """Answers requests from what the platform held at the last ``refresh``."""

    def __init__(self, engine: sa.Engine, index_folder: Path, timezone: str) -> None:
        self._engine = engine
        self._timezone = timezone
        self._index = SearchIndex.open(index_folder)
        self._ranker: Ranker | None = None
        self._book: AuctionBook | None = None

    def refresh(self, now: datetime) -> None:
        """Take up what has been published, engaged with, bid and spent until ``now``."""
        if self._ranker is None:
            self._ranker = Ranker.load(self._engine, now=now)
        else:
            self._ranker.refresh(now=now)
        self._book = AuctionBook.load(self._engine, now=now, timezone=self._timezone)

    def index(self) -> None:
        """Let searches find what has been published until now."""
        self._index.refresh(self._engine)

    def serve(
        self, asked: pl.DataFrame, visits: pl.DataFrame, rng: np.random.Generator
    ) -> pl.DataFrame:
        """The cards of requests (``asking.REQUESTS_SCHEMA``), each in its place of the visit.

        Raises:
            RuntimeError: it was never refreshed.
        """
        if self._ranker is None:
            raise RuntimeError("refresh before serving: there is nothing to answer from")
        of = visits.select("visit", "person", user_id="actor_id", at="started_at")
        requests = asked.join(of, on="visit", how="left", maintain_order="left")
        cards = self._ranker.serve(
            requests.select("request_id", "user_id", "surface", "at", "size", "query"),
            rng,
            book=self._book,
            index=self._index,
        )
        return placed(cards, requests)


def placed(cards: pl.DataFrame, requests: pl.DataFrame) -> pl.DataFrame:
    """Cards with the place of their request in the visit, further down with each position."""
    return (
        cards.join(
            requests.select("request_id", *OF_REQUEST),
            on="request_id",
            how="left",
            maintain_order="left",
        )
        .with_columns(pl.col("seq") + pl.col("position").cast(pl.Int32))
        .sort("visit", "phase", "seq", maintain_order=True)
    )
