"""How far people look down the cards that they were served, and what they open of it.

Attention falls with the position as a power of it: the position-based click model (Craswell et al.
2008) with the propensities 1/k^eta that Joachims et al. (2017) fitted; eta about 1 in ranked
search results, much flatter in a feed, where people scroll.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from platform_core.simulation.acts.stamps import chance
from platform_core.simulation.life.lore import Floats, Lore, Rows

PLACE: Final = ("visit", "phase", "seq", "request_id", "surface", "position")
ETA: Final = {"search": 0.9}
ETA_ELSEWHERE: Final = 0.18
INTENT: Final = {"search": 3.2, "follow": 1.6, "topic": 1.2}
"""How much rather cards are opened where people came for something; 1 in the feed."""
AD_APPEAL: Final = 0.35
"""How much less an ad is opened than a note that people came for."""
MEANT_CARDS: Final = 4.0
"""Mean cards looked at when somebody came for one thing."""


@dataclass(frozen=True)
class Looked:
    """Cards that were seen, with the rows that say what they are; aligned with each other."""

    cards: pl.DataFrame
    person: Rows
    note: Rows
    product: Rows
    wanted: np.ndarray
    browsed: np.ndarray


def looked(cards: pl.DataFrame, lore: Lore, rng: np.random.Generator) -> Looked:
    """The cards that were seen.

    Args:
        cards: served cards with visit, phase, seq, person, is_last (page), size and ``wanted``:
            whether the visit's errand is after this very card.
    """
    cards = cards.filter(_seen(cards, lore, rng))
    return Looked(
        cards,
        cards["person"].cast(pl.Int64).to_numpy(),
        lore.notes.index.rows(cards["note_id"]),
        lore.products.index.rows(cards["item_id"]),
        cards["wanted"].to_numpy(),
        cards["browsed"].to_numpy(),
    )


def _seen(cards: pl.DataFrame, lore: Lore, rng: np.random.Generator) -> pl.Series:
    """Pages but the last are looked through; on the last, people stop at random."""
    pages = cards.group_by("request_id", maintain_order=True).agg(
        pl.col("person", "browsed", "is_last").first(),
        size=pl.len().cast(pl.Float64),
        wanted_to=pl.col("position").filter("wanted").max().fill_null(0),
    )
    mean = np.where(
        pages["browsed"], lore.traits["patience"][pages["person"].cast(pl.Int64)], MEANT_CARDS
    )
    depth = np.where(pages["is_last"], _stops(mean, pages["size"].to_numpy(), rng), pages["size"])
    depth = np.maximum(depth, pages["wanted_to"])
    depths = pages.select("request_id", depth=depth)
    reach = cards.join(depths, on="request_id", how="left", maintain_order="left")["depth"]
    return cards["position"] <= reach


def _stops(mean: Floats, size: np.ndarray, rng: np.random.Generator) -> Floats:
    """How many of a page's cards are seen: exponential, cut off at the page's end, at least 1."""
    within = 1 - np.exp(-size / mean)
    return np.asarray(np.ceil(-mean * np.log1p(-rng.random(len(mean)) * within)))


def attention(position: np.ndarray, surface: pl.Series) -> Floats:
    """How likely a card at this position is considered, 1 at the first."""
    eta = surface.replace_strict(ETA, default=ETA_ELSEWHERE, return_dtype=pl.Float64).to_numpy()
    return np.asarray(position.astype(np.float64) ** -eta)


def opened(seen: Looked, lore: Lore, rng: np.random.Generator) -> Rows:
    """Which rows of the seen cards, of notes and ads, are opened."""
    known = np.flatnonzero(seen.note >= 0)
    cards, person, note = seen.cards[known], seen.person[known], seen.note[known]
    is_ad = (cards["kind"] == "ad").to_numpy()
    intent = cards["surface"].replace_strict(INTENT, default=1.0, return_dtype=pl.Float64)
    odds = (
        lore.traits["read_rate"][person]
        * lore.traits.affinity(person, lore.notes.topic[note])
        * lore.notes.appeal[note]
        * attention(cards["position"].to_numpy(), cards["surface"])
        * intent.to_numpy()
        * np.where(is_ad, AD_APPEAL, 1.0)
    )
    drawn = chance(rng, np.clip(np.where(seen.browsed[known], odds, 0.0), 0.0, 0.9))
    return np.asarray(known[drawn | (seen.wanted[known] & is_ad)])
