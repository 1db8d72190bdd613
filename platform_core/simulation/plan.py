"""What a run of the town is asked for, and the frames that its parts hand to each other.

Who visits (``PEOPLE``), when and from where (``VISITS``), what they came for (``STEPS``): honest
people, hard negatives and campaigns all make rows of these frames, and one engine lives them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, Literal
from zlib import crc32

import numpy as np
import polars as pl

from platform_core.work import Ids, seeded_ids

if TYPE_CHECKING:
    from platform_core.simulation.groups.files import Group

INSTANT: Final = pl.Datetime("us", "UTC")

Verb = Literal[
    "search",
    "read_note",
    "like",
    "unlike",
    "collect",
    "uncollect",
    "comment",
    "share",
    "follow",
    "unfollow",
    "hide",
    "report",
    "view_product",
    "add_to_cart",
    "order",
    "review",
    "claim_coupon",
    "click_ad",
    "publish_note",
    "view_brand_page",
    "view_topic",
]
"""What a step of an errand may do. ``target`` is a note, creator, product, SKU, offer, campaign,
brand or topic; of ``publish_note`` and ``search`` it is null."""


def _schema(columns: dict[str, pl.DataType | type[pl.DataType]]) -> pl.Schema:
    return pl.Schema(columns)


DEVICE: Final = pl.Struct(
    {"device_id": pl.String, "model": pl.String, "os": pl.String, "user_agent": pl.String}
)

PEOPLE_SCHEMA: Final = _schema(
    {
        "person": pl.Int32,  # the row's number
        "user_id": pl.String,  # null until signed up
        "joins_at": INSTANT,
        "cause": pl.String,  # null: an ordinary person
        "city": pl.String,
        "city_tier": pl.Int8,
        "gender": pl.String,
        "birth_year": pl.Int16,
        "has_avatar": pl.Boolean,
        "has_bio": pl.Boolean,
        "income": pl.Float32,
        "household": pl.Int32,
        "workplace": pl.Int32,
        "devices": pl.List(DEVICE),
        "home_ip": pl.String,
        "work_ip": pl.String,
        "mobile_ips": pl.List(pl.String),
        "visits_a_day": pl.Float32,
        "hour_profile": pl.Int8,
        "patience": pl.Float32,  # mean number of cards seen in a visit
        "read_rate": pl.Float32,  # of cards seen whose topic is liked on average
        "engage_rate": pl.Float32,  # of notes read
        "comment_rate": pl.Float32,  # of notes read
        "follow_rate": pl.Float32,  # of notes read
        "shop_rate": pl.Float32,  # of product cards seen that are clicked
        "buy_rate": pl.Float32,  # of product pages viewed that end in an order
        "price_sense": pl.Float32,  # 0: does not mind the price, 1: minds it much
        "return_rate": pl.Float32,  # of orders
        "review_rate": pl.Float32,  # of orders
        "is_creator": pl.Boolean,
        "notes_a_week": pl.Float32,
    }
)
"""One row per account."""

VISITS_SCHEMA: Final = _schema(
    {
        "visit": pl.Int64,  # unique within the run
        "person": pl.Int32,
        "device_id": pl.String,
        "device_model": pl.String,
        "os": pl.String,
        "user_agent": pl.String,
        "ip": pl.String,
        "started_at": INSTANT,
        "pages": pl.Int16,  # pages of cards that are asked for; 0: nothing but the errand
        "surface": pl.String,  # feed, search, topic or follow
        "query": pl.String,  # words of a search, or the topic
        "cause": pl.String,  # null: an ordinary visit
    }
)
"""One row per visit."""

STEPS_SCHEMA: Final = _schema(
    {
        "visit": pl.Int64,
        "step": pl.Int16,  # order within the visit
        "after_s": pl.Float32,  # seconds after the step before
        "first": pl.Boolean,  # before the pages are looked at, instead of after them
        "verb": pl.String,
        "target": pl.String,
        "text": pl.String,  # words of a comment, review, search or note; options of an order: JSON
        "value": pl.Int32,  # stars, quantity or dwell in milliseconds
        "link": pl.String,  # the note that led here
    }
)
"""One row per directed act within a visit."""

NOTES_SCHEMA: Final = _schema(
    {
        "note_id": pl.String,
        "person": pl.Int32,  # the author's row of PEOPLE
        "topic": pl.Int16,  # row of the topic that it is mostly about
        "published_at": INSTANT,
        "appeal": pl.Float32,  # 1 is common: multiplies reading and engaging
        "product_ids": pl.List(pl.String),
        "pull": pl.Float32,  # chance that an interested reader later buys because of it
        "cause": pl.String,
    }
)
"""One row per published note: what nobody but the simulation knows of it."""


@dataclass(frozen=True)
class Plan:
    """A town of ``users`` people over the ``days`` UTC days before ``until``."""

    days: int
    users: int
    seed: int
    until: date
    groups: "tuple[Group, ...]" = ()

    def __post_init__(self) -> None:
        if self.days < 1 or self.users < 1:
            raise ValueError(f"{self.days} days of {self.users} users: both are at least 1")

    @property
    def starts_at(self) -> datetime:
        """Midnight UTC at which the first day begins."""
        return datetime.combine(self.until, time(), UTC) - timedelta(days=self.days)

    def day_starts_at(self, day: int) -> datetime:
        """Midnight UTC at which day ``day`` begins; 0 is the first."""
        return self.starts_at + timedelta(days=day)

    def rng(self, name: str, day: int = 0) -> np.random.Generator:
        """The draws of one part of the town on one day; no part disturbs another's."""
        return np.random.default_rng([self.seed, crc32(name.encode()), day])

    def ids(self, name: str) -> Ids:
        """Ids in the platform's form, the same for the same seed and name."""
        return seeded_ids(f"{self.seed}/{name}")
