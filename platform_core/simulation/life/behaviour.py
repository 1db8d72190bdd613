"""What the app tells of moments: rows of each behaviour event, for the collector."""

from typing import Final

import numpy as np
import polars as pl

from platform_core.collector.encoding import encode
from platform_core.contract.events import behaviour as events
from platform_core.contract.events.model import EventData
from platform_core.feed import RANKER
from platform_core.simulation.acts.stamps import ids, lognormal
from platform_core.simulation.life.lore import Lore
from platform_core.simulation.life.moments import microseconds

BY: Final = ("actor_id", "device_id", "session_id", "ip", "user_agent")
LEAST_READING_S: Final = 1.5
"""A note closed sooner has not shown its products."""
PAGE_LOAD_S: Final = (0.35, 0.5)
CARD: Final = ("kind", "item_id", "slot", "position", "score", "reason")

Told = dict[type[EventData], pl.DataFrame]
"""Rows by event: event_id, occurred_at, cause, ``BY`` and the event's own columns."""


def told(happened: pl.DataFrame, cards: pl.DataFrame, lore: Lore, rng: np.random.Generator) -> Told:
    """What is told of moments (``moments.timed``) in which these cards were served."""
    of = {verb[0]: rows for verb, rows in happened.group_by(["verb"], maintain_order=True)}
    nothing = happened.clear()
    requests, viewed = of.get("request", nothing), of.get("view_product", nothing)
    viewed = viewed.with_columns(shown_at=pl.col("at") - _seconds(rng, viewed.height))
    rows: Told = {
        events.CardsServed: _served(requests, cards),
        events.SearchQueried: _queried(requests, cards),
        events.NoteImpressed: of.get("see_note", nothing).select(
            *_who("at"), "request_id", "surface", "position", note_id="item"
        ),
        events.AdImpressed: _ads(of.get("see_ad", nothing), cards),
        events.NoteRead: of.get("read_note", nothing).select(
            *_who("ends_at"), "request_id", "surface", note_id="item", dwell_ms=_dwell_ms()
        ),
        events.ProductCardImpressed: _product_cards(of, nothing, viewed, lore, rng),
        events.ProductCardClicked: _product_card(viewed, "at"),
        events.ProductViewed: _products(
            viewed.with_columns(at=pl.col("at") + _seconds(rng, viewed.height)), lore
        ),
        events.TopicViewed: of.get("view_topic", nothing).select(*_who("at"), topic="item"),
        events.BrandPageViewed: of.get("view_brand_page", nothing).select(
            *_who("at"), "surface", brand_id="item"
        ),
    }
    return {
        event: frame.with_columns(ids(rng, "event", frame.height).alias("event_id"))
        for event, frame in rows.items()
        if frame.height
    }


def lines(rows: Told, rng: np.random.Generator) -> pl.Series:
    """The events as lines of the contract, in the order of time; ties are broken at random."""
    encoded = [
        frame.select("occurred_at", line=encode(event, frame.drop("cause")))
        for event, frame in rows.items()
    ]
    if not encoded:
        return pl.Series("line", [], pl.String)
    everything = pl.concat(encoded)
    tie = pl.Series("tie", rng.random(everything.height))
    return everything.with_columns(tie).sort("occurred_at", "tie")["line"]


def _who(instant: str) -> list[pl.Expr]:
    return [pl.col(instant).alias("occurred_at"), pl.col("cause"), *map(pl.col, BY)]


def _dwell_ms() -> pl.Expr:
    return (pl.col("stay_s") * 1000).round().cast(pl.Int64)


def _seconds(rng: np.random.Generator, count: int) -> pl.Expr:
    return microseconds(pl.lit(pl.Series(lognormal(rng, *PAGE_LOAD_S, count))))


def _served(requests: pl.DataFrame, cards: pl.DataFrame) -> pl.DataFrame:
    answers = cards.group_by("request_id", maintain_order=True).agg(cards=pl.struct(CARD))
    return requests.join(answers, on="request_id", how="inner", maintain_order="left").select(
        *_who("at"), "request_id", "surface", "cards", ranker=pl.lit(RANKER)
    )


def _queried(requests: pl.DataFrame, cards: pl.DataFrame) -> pl.DataFrame:
    found = cards.filter(pl.col("kind") != "ad").group_by("request_id").agg(results=pl.len())
    searches = requests.filter((pl.col("surface") == "search") & pl.col("text").is_not_null())
    return searches.join(found, on="request_id", how="left", maintain_order="left").select(
        *_who("at"), "request_id", query="text", results=pl.col("results").fill_null(0)
    )


def _ads(seen: pl.DataFrame, cards: pl.DataFrame) -> pl.DataFrame:
    of_ad = ("unit_id", "campaign_id", "brand_id")
    ads = cards.filter(pl.col("kind") == "ad").select("request_id", "position", *of_ad)
    in_search = pl.col("surface") == "search"
    return (
        seen.with_columns(pl.col("position").cast(pl.Int64))
        .join(ads, on=["request_id", "position"], how="inner", maintain_order="left")
        .select(
            *_who("at"),
            *("request_id", "position", *of_ad),
            creative_id="item",
            placement=pl.when(in_search).then(pl.lit("search")).otherwise(pl.lit("feed")),
        )
    )


def _product_cards(
    of: dict[object, pl.DataFrame],
    nothing: pl.DataFrame,
    viewed: pl.DataFrame,
    lore: Lore,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """Cards of products seen in search results, within notes, and on a shop's shelf."""
    on_shelf = viewed.filter(pl.col("surface") == "shop")
    return pl.concat(
        [
            _product_card(of.get("see_product", nothing), "at"),
            _in_notes(of.get("read_note", nothing), lore, rng),
            _product_card(on_shelf, "shown_at"),
        ]
    )


def _product_card(moments: pl.DataFrame, instant: str) -> pl.DataFrame:
    return moments.select(
        *_who(instant), "surface", "position", "request_id", product_id="item", note_id="link"
    )


def _in_notes(read: pl.DataFrame, lore: Lore, rng: np.random.Generator) -> pl.DataFrame:
    """A note that is read shows its products before it is closed."""
    note = lore.notes.index.rows(read["item"]).tolist()
    shown = pl.Series(
        [lore.notes.products[row] if row >= 0 else [] for row in note], dtype=pl.List(pl.Int64)
    )
    after_s = pl.col("stay_s") * pl.Series(rng.uniform(0.2, 0.9, read.height))
    rows = (
        read.with_columns(shown.alias("product"), at=pl.col("at") + microseconds(after_s))
        .filter((pl.col("stay_s") >= LEAST_READING_S) & (pl.col("product").list.len() > 0))
        .with_columns(position=pl.int_ranges(1, pl.col("product").list.len() + 1, dtype=pl.Int32))
        .explode("product", "position")
    )
    return rows.select(
        *_who("at"),
        "position",
        surface=pl.lit("note"),
        request_id=pl.lit(None, pl.String),
        product_id=lore.products.ids[rows["product"]],
        note_id="item",
    ).select(_product_card(read.clear(), "at").columns)


def _products(viewed: pl.DataFrame, lore: Lore) -> pl.DataFrame:
    row = lore.products.index.rows(viewed["item"])
    known = pl.Series(row >= 0)
    return viewed.select(
        *_who("at"),
        "surface",
        product_id="item",
        note_id="link",
        brand_id=lore.products.brand[row],
        price_minor=pl.Series(lore.products.price_minor[row]),
        currency=pl.lit("CNY"),
    ).filter(known)
