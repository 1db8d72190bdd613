"""Errands: what people came for, and what they look up on an impulse, step by step."""

from typing import Final

import numpy as np
import polars as pl

from platform_core.simulation.acts.stamps import lognormal
from platform_core.simulation.life.browsing import TAP_S, dwell
from platform_core.simulation.life.lore import NOWHERE, Lore
from platform_core.simulation.life.moments import moments
from platform_core.simulation.life.shopping import VIEW_S

ON_NOTES: Final = (
    "read_note",
    "like",
    "unlike",
    "collect",
    "uncollect",
    "comment",
    "share",
    "hide",
    "report",
)
AFTER_CARDS: Final = 100
"""What a step does comes so much later than the request that its cards came with."""
SHELF: Final = 0.25
"""How fast attention falls along a shop's shelf."""
ANY: Final = "any"
_PLACE: Final = pl.col("phase").cast(pl.Int64) * 10**9 + pl.col("seq")
_WANTED: Final = (pl.col("request_id"), pl.col("position"), pl.lit(True).alias("wanted"))


def wanted(cards: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """Served cards with ``wanted``: whether a step of the visit is after this very card.

    The first step on a note wants the first card of it, if that came before; the n-th ``click_ad``
    wants the n-th ad of the campaign, or, without a target, the n-th ad of any.
    """
    hits = pl.concat([_wanted_notes(cards, steps), _wanted_ads(cards, steps)])
    return cards.join(
        hits.unique(), on=["request_id", "position"], how="left", maintain_order="left"
    ).with_columns(pl.col("wanted").fill_null(False))


def _wanted_notes(cards: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    touched = (
        steps.filter(pl.col("verb").is_in(ON_NOTES))
        .group_by("visit", item_id="target")
        .agg(before=_PLACE.min())
    )
    return (
        cards.filter(pl.col("kind") == "note")
        .unique(["visit", "item_id"], keep="first", maintain_order=True)
        .join(touched, on=["visit", "item_id"], how="inner")
        .filter(pl.col("before") > _PLACE)
        .select(*_WANTED)
    )


def _wanted_ads(cards: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    clicks = steps.filter(pl.col("verb") == "click_ad").select(
        "visit", pl.col("target").fill_null(ANY), nth=_nth("visit", "target")
    )
    ads = cards.filter(pl.col("kind") == "ad")
    served = pl.concat(
        [
            ads.select("visit", "request_id", "position", target="campaign_id"),
            ads.select("visit", "request_id", "position", target=pl.lit(ANY)),
        ]
    ).with_columns(nth=_nth("visit", "target"))
    return served.join(clicks, on=["visit", "target", "nth"], how="inner").select(*_WANTED)


def _nth(*within: str) -> pl.Expr:
    return pl.int_range(pl.len()).over(*within)


def acted(
    steps: pl.DataFrame, met: pl.DataFrame, lore: Lore, rng: np.random.Generator
) -> pl.DataFrame:
    """The moments of steps, besides those at which cards are served and seen.

    Args:
        steps: ``asking.placed``, with the person of the visit.
        met: visit, target, request_id, surface, position of the card through which the visit
            came upon each target, and ``is_listed``: whether the card was looked up for the step.
    """
    own = steps.filter(pl.col("verb").is_in(["search", "click_ad"]).not_())
    own = own.join(met, on=["visit", "target"], how="left", maintain_order="left")
    shelf = pl.Series(rng.geometric(SHELF, own.height))
    in_note = pl.col("link").is_not_null()
    own = own.with_columns(
        request_id=pl.when(~in_note).then("request_id"),
        surface=pl.when(in_note)
        .then(pl.lit("note"))
        .otherwise(pl.col("surface").fill_null("shop")),
        position=pl.when(in_note)
        .then(_nth_in_note(own, lore))
        .otherwise(pl.col("position").fill_null(shelf)),
    )
    return moments(
        **own.select("visit", "phase", "seq", "verb", "text", "link", "request_id").to_dict(),
        sub=own["sub"] + AFTER_CARDS,
        lead_s=own.select(_lead(rng, own.height)).to_series(),
        stay_s=_stay(own, lore, rng),
        item=own["target"],
        surface=own["surface"],
        position=own["position"],
        value=own["value"],
    )


def _nth_in_note(own: pl.DataFrame, lore: Lore) -> pl.Series:
    """Where the target stands among the products of the note that led to it; 1 is the first."""
    note = lore.notes.index.rows(own["link"]).tolist()
    product = lore.products.index.rows(own["target"]).tolist()
    shown = [lore.notes.products[row] if row != NOWHERE else [] for row in note]
    return pl.Series(
        [1 + (of.index(row) if row in of else 0) for of, row in zip(shown, product, strict=True)],
        dtype=pl.Int64,
    )


def _lead(rng: np.random.Generator, count: int) -> pl.Expr:
    """The step's own seconds have passed before the cards that were looked up for it."""
    tap = pl.Series(lognormal(rng, *TAP_S, count))
    return pl.when(pl.col("is_listed").fill_null(False)).then(tap).otherwise("after_s")


def _stay(own: pl.DataFrame, lore: Lore, rng: np.random.Generator) -> pl.Series:
    """Seconds spent on notes and product pages: what the step says, or as long as anybody would."""
    note = lore.notes.index.rows(own["target"])
    person = own["person"].cast(pl.Int64).to_numpy()
    liking = np.ones(own.height)
    known = note >= 0
    liking[known] = lore.traits.affinity(person[known], lore.notes.topic[note[known]])
    reading, viewing = dwell(rng, liking), lognormal(rng, *VIEW_S, own.height)
    said = pl.col("value") / 1000
    return own.select(
        pl.when(pl.col("verb") == "read_note")
        .then(said.fill_null(pl.Series(reading)))
        .when(pl.col("verb") == "view_product")
        .then(said.fill_null(pl.Series(viewing)))
        .otherwise(0.0)
    ).to_series()
