"""The auction book: who bids for what, as it stands at one moment, and auctions over it."""

from datetime import datetime
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import polars as pl
import sqlalchemy as sa

from platform_core.ads.auction import Ranking, rank
from platform_core.ads.matching import click_rates, suits
from platform_core.ads.offers import offers
from platform_core.ads.pacing import Day, participation
from platform_core.ads.tokens import signed
from platform_core.database import reading
from platform_core.keys import key

REQUESTS_PER_ROUND: Final = 256
"""So many auctions are held before budgets are looked at again."""
INSTANT: Final = pl.Datetime("us", "UTC")
SHOWN: Final = pl.Schema(
    {
        "request_id": pl.String,
        "position": pl.Int64,
        "creative_id": pl.String,
        "unit_id": pl.String,
        "campaign_id": pl.String,
        "brand_id": pl.String,
        "note_id": pl.String,
        "keyword_id": pl.String,
        "price_minor": pl.Int64,
        "score": pl.Float64,
        "token": pl.String,
    }
)


class AuctionBook:
    """A snapshot of running offers with what is left of their budgets.

    It remembers what it has shown: what that will probably cost counts as spent, until the next
    snapshot knows what it did cost.
    """

    def __init__(self, running: pl.DataFrame, day: Day, now: datetime, key: bytes) -> None:
        self._offers = running
        self._day = day
        self._now = now
        self._key = key
        campaigns = running.unique("campaign_id", maintain_order=True)
        self._budget = campaigns["daily_budget_minor"].to_numpy().astype(np.float64)
        self._spent = campaigns["spent_minor"].to_numpy().astype(np.float64)
        self._campaign = _numbers(running["campaign_id"])
        self._advertiser = _numbers(running["brand_id"])

    @classmethod
    def load(cls, engine: sa.Engine, *, now: datetime, timezone: str) -> Self:
        """What runs at ``now``; budgets are those of the day that it is in ``timezone``."""
        day = Day.of(now, timezone)
        signing_key = key(engine, "ad_price")
        with reading(engine) as connection:
            return cls(offers(connection, day.date), day, now, signing_key)

    def auction(self, slots: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
        """Fill ad slots; those that nobody bids for are left out.

        Args:
            slots: one row a slot: ``request_id``, ``position``, ``user_id``, ``placement`` (feed or
                search), ``topics`` (what the person cares for), ``query``; may have ``at`` (else
                the snapshot's moment) and ``hidden`` (notes that must not be shown).
            rng: decides ties and who sits out to make a budget last.

        Returns:
            Rows of ``SHOWN``; ``score`` is bid times predicted click rate, ``token`` what
            ``click`` takes. A request's better slots, by position, go to its better ads, and each
            advertiser has one a request.
        """
        if self._offers.is_empty() or slots.is_empty():
            return SHOWN.to_frame()
        if "at" not in slots.columns:
            slots = slots.with_columns(pl.lit(self._now).cast(INSTANT).alias("at"))
        slots = slots.sort("at", "request_id", "position").with_columns(
            pl.int_range(pl.len()).over("request_id").alias("rank")
        )
        requests = slots.filter(pl.col("rank") == 0)
        ranks = int(slots["rank"].to_numpy().max()) + 1
        rounds = [
            self._round(some, ranks, rng) for some in requests.iter_slices(REQUESTS_PER_ROUND)
        ]
        won = slots.join(pl.concat(rounds), on=["request_id", "rank"], maintain_order="left")
        return self._shown(won)

    def _round(self, requests: pl.DataFrame, ranks: int, rng: np.random.Generator) -> pl.DataFrame:
        rates = click_rates(requests, self._offers)
        bids = self._offers["bid_minor"].to_numpy() * suits(requests, self._offers)
        bids = bids * self._takes_part(requests, rng)
        ranking = rank(bids, rates, self._advertiser, ranks, rng)
        self._expect(ranking, rates)
        ranks = ranking.offer.shape[1]
        return pl.DataFrame(
            {
                "request_id": requests["request_id"].gather(np.repeat(np.arange(len(bids)), ranks)),
                "rank": np.tile(np.arange(ranks), len(bids)),
                "offer": ranking.offer.ravel(),
                "price_minor": ranking.price_minor.ravel(),
                "score": ranking.score.ravel(),
            }
        ).filter(pl.col("offer") >= 0)

    def _takes_part(
        self, requests: pl.DataFrame, rng: np.random.Generator
    ) -> npt.NDArray[np.bool_]:
        """Requests x offers: whether the campaign's budget allows it to bid here."""
        elapsed = self._day.elapsed(requests["at"][0])
        share = participation(self._budget, self._spent, elapsed)
        draws = rng.random((len(requests), len(share)))
        return (draws < share)[:, self._campaign]

    def _expect(self, ranking: Ranking, rates: npt.NDArray[np.float64]) -> None:
        """Count what the winners will probably cost as spent."""
        request, position = np.nonzero(ranking.offer >= 0)
        offer = ranking.offer[request, position]
        cost = ranking.price_minor[request, position] * rates[request, offer]
        np.add.at(self._spent, self._campaign[offer], cost)

    def _shown(self, won: pl.DataFrame) -> pl.DataFrame:
        offered = self._offers[won["offer"]].drop("placement", "topics", "interests")
        ads = pl.concat(
            [
                won.select(
                    "request_id", "position", "user_id", "placement", "price_minor", "score"
                ),
                won.select(pl.col("at").alias("served_at")),
                offered.with_columns(pl.lit(self._day.date).alias("budget_day")),
            ],
            how="horizontal",
        )
        return ads.with_columns(signed(ads, self._key)).select(
            pl.col(name).cast(dtype) for name, dtype in SHOWN.items()
        )


def _numbers(ids: pl.Series) -> npt.NDArray[np.int64]:
    """Each id's number, counted from 0 by first appearance."""
    order = {value: number for number, value in enumerate(ids.unique(maintain_order=True))}
    return np.array([order[value] for value in ids], dtype=np.int64)
