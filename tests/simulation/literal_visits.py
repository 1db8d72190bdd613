"""A few literal people, notes, products and visits, and a platform that answers as it is told."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import polars as pl

from platform_core.simulation.life.lore import Lore, Notes, Products, Traits
from platform_core.simulation.life.serving import placed
from platform_core.simulation.plan import NOTES_SCHEMA, PEOPLE_SCHEMA, STEPS_SCHEMA, VISITS_SCHEMA

Row = dict[str, Any]

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CARDS = {
    **dict.fromkeys(("slot", "kind", "item_id", "reason", "note_id"), pl.String),
    **dict.fromkeys(("unit_id", "campaign_id", "brand_id", "token"), pl.String),
    "score": pl.Float64,
}


def person(number: int, **rates: Any) -> Row:
    """An ordinary person who is here."""
    common = dict.fromkeys(PEOPLE_SCHEMA, None) | {
        "person": number,
        "user_id": f"user_{number}",
        "joins_at": AT,
        "patience": 15.0,
        "read_rate": 0.2,
        "engage_rate": 0.2,
        "comment_rate": 0.05,
        "follow_rate": 0.02,
        "shop_rate": 0.2,
        "buy_rate": 0.1,
        "price_sense": 0.5,
        "return_rate": 0.1,
        "review_rate": 0.3,
        "income": 1.0,
        "household": number,
    }
    return common | rates


def note(number: int, **of: Any) -> Row:
    """A note by person 0 about topic 0, which shows nothing."""
    common = {
        "note_id": f"note_{number}",
        "person": 0,
        "topic": 0,
        "published_at": AT,
        "appeal": 1.0,
        "product_ids": [],
        "pull": 0.0,
        "cause": None,
    }
    return common | of


def product(number: int, **of: Any) -> Row:
    """A product about topic 0 at a common price."""
    common = {
        "product_id": f"product_{number}",
        "brand_id": "brand_1",
        "name": f"product {number}",
        "topic": 0,
        "price_minor": 9_900,
        "appeal": 1.0,
        "quality": 0.0,
        "return_rate": 1.0,
        "weight_grams": 200,
    }
    return common | of


def lore(
    people: list[Row],
    notes: list[Row] | None = None,
    products: list[Row] | None = None,
    interests: list[list[float]] | None = None,
) -> Lore:
    """What is known of these people, notes and products; interests are even if none are given."""
    frame = pl.DataFrame(people, PEOPLE_SCHEMA)
    sold = pl.DataFrame(products or [product(1)])
    skus = sold.select("product_id", sku_id=pl.col("product_id").str.replace("product", "sku"))
    wares = Products(sold, skus)
    known = Notes()
    known.add(pl.DataFrame(notes or [], NOTES_SCHEMA), wares)
    even = np.full((len(people), 2), 0.5)
    return Lore(
        Traits(frame, np.array(interests) if interests else even),
        known,
        wares,
        frame["user_id"],
        ("topic_0", "topic_1"),
        lambda rng, topic: f"words about {topic}",
    )


def visit(number: int, **of: Any) -> Row:
    """A visit of person 0 who asks for nothing."""
    common = {
        "visit": number,
        "person": 0,
        "device_id": "device_1",
        "device_model": "model",
        "os": "os",
        "user_agent": "agent",
        "ip": "192.0.2.1",
        "started_at": AT,
        "pages": 0,
        "surface": "feed",
        "query": None,
        "cause": None,
    }
    return common | of


def visits(*rows: Row) -> pl.DataFrame:
    return pl.DataFrame(rows, VISITS_SCHEMA)


def step(number: int, verb: str, **of: Any) -> Row:
    """A step of visit 1, five seconds after the one before."""
    common = dict.fromkeys(STEPS_SCHEMA, None) | {
        "visit": 1,
        "step": number,
        "after_s": 5.0,
        "first": False,
        "verb": verb,
    }
    return common | of


def steps(*rows: Row) -> pl.DataFrame:
    return pl.DataFrame(rows, STEPS_SCHEMA)


class Answers:
    """A platform that answers every request with the same cards."""

    def __init__(self, *cards: Row) -> None:
        self._cards = cards

    def serve(
        self, asked: pl.DataFrame, visits: pl.DataFrame, rng: np.random.Generator
    ) -> pl.DataFrame:
        """The cards, with ``item_id`` and whatever else they were given; notes by default."""
        rows = [
            _card(position, card) | {"request_id": request_id, "surface": surface}
            for request_id, surface in asked.select("request_id", "surface").iter_rows()
            for position, card in enumerate(self._cards, start=1)
        ]
        served = {"request_id": pl.String, "surface": pl.String, "position": pl.Int64, **CARDS}
        people = visits.select("visit", "person")
        return placed(
            pl.DataFrame(rows, served), asked.join(people, on="visit", maintain_order="left")
        )


def _card(position: int, card: Row) -> Row:
    common = dict.fromkeys(CARDS, None) | {
        "position": position,
        "slot": "interest",
        "kind": "note",
        "score": 1.0 / position,
        "reason": "interest",
        "note_id": card["item_id"],
    }
    return common | card
