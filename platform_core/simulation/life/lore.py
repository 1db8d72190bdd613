"""What nobody but the simulation knows, as arrays: one look-up answers thousands of questions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NOWHERE: Final = -1
"""The row of a thing that the simulation knows nothing about."""

RATES: Final = (
    "patience",
    "read_rate",
    "engage_rate",
    "comment_rate",
    "follow_rate",
    "shop_rate",
    "buy_rate",
    "price_sense",
    "return_rate",
    "review_rate",
    "income",
)
AFFINITY_POWER: Final = 0.7
AFFINITY_RANGE: Final = (0.1, 4.0)


@dataclass
class Index:
    """Where the thing with an id stands."""

    row_of: dict[str, int] = field(default_factory=dict)

    def add(self, ids: pl.Series) -> None:
        """Further ids, in the rows after the last."""
        self.row_of.update(
            zip(ids, range(len(self.row_of), len(self.row_of) + len(ids)), strict=True)
        )

    def rows(self, ids: pl.Series) -> Rows:
        """The rows of many ids; ``NOWHERE`` for those unknown and for null."""
        return np.fromiter(map(self.row_of.get, ids, repeat(NOWHERE)), np.int64, len(ids))


class Traits:
    """People's rates and interests by person number."""

    def __init__(self, people: pl.DataFrame, interests: Floats) -> None:
        self.rates: dict[str, Floats] = {
            name: people[name].cast(pl.Float64).to_numpy() for name in RATES
        }
        self.interests = interests

    def __getitem__(self, rate: str) -> Floats:
        return self.rates[rate]

    def affinity(self, person: Rows, topic: Rows) -> Floats:
        """How much a person likes a topic: 1 is neither more nor less than any other."""
        share = self.interests[person, topic] * self.interests.shape[1]
        low, high = AFFINITY_RANGE
        return np.asarray(np.clip(share, low, high) ** AFFINITY_POWER)


@dataclass
class Notes:
    """What a note is like, by its row."""

    index: Index = field(default_factory=Index)
    ids: list[str] = field(default_factory=list)
    author: Rows = field(default_factory=lambda: np.empty(0, np.int64))
    topic: Rows = field(default_factory=lambda: np.empty(0, np.int64))
    appeal: Floats = field(default_factory=lambda: np.empty(0))
    pull: Floats = field(default_factory=lambda: np.empty(0))
    products: list[list[int]] = field(default_factory=list)
    """Rows of the products that each note shows."""
    by_author: dict[int, list[int]] = field(default_factory=dict)

    def add(self, notes: pl.DataFrame, products: "Products") -> None:
        """Further published notes (rows of NOTES)."""
        self.index.add(notes["note_id"])
        self.ids += notes["note_id"].to_list()
        self.author = np.append(self.author, notes["person"].cast(pl.Int64).to_numpy())
        self.topic = np.append(self.topic, notes["topic"].cast(pl.Int64).to_numpy())
        self.appeal = np.append(self.appeal, notes["appeal"].cast(pl.Float64).to_numpy())
        self.pull = np.append(self.pull, notes["pull"].cast(pl.Float64).to_numpy())
        for row, author in enumerate(notes["person"].to_list(), start=len(self.products)):
            self.by_author.setdefault(author, []).append(row)
        shown = [ids.to_list() if ids is not None else [] for ids in notes["product_ids"]]
        self.products += [[products.index.row_of[product] for product in ids] for ids in shown]

    def latest_by(self, author_of: int, count: int) -> list[int]:
        """Rows of the newest notes by the author of a note, the newest first."""
        return self.by_author[int(self.author[author_of])][: -count - 1 : -1]


class Products:
    """What a product is like, by its row.

    Args:
        products: product_id, brand_id, topic, price_minor, appeal, quality (0 is common),
            return_rate (a factor), name and weight_grams.
        skus: sku_id and product_id.
    """

    def __init__(self, products: pl.DataFrame, skus: pl.DataFrame) -> None:
        self.index = Index()
        self.index.add(products["product_id"])
        self.ids = products["product_id"]
        self.brand = products["brand_id"]
        self.names: list[str] = products["name"].to_list()
        self.topic: Rows = products["topic"].cast(pl.Int64).to_numpy()
        self.price_minor: Rows = products["price_minor"].to_numpy()
        self.appeal, self.quality, self.return_rate = (
            products[name].cast(pl.Float64).to_numpy()
            for name in ("appeal", "quality", "return_rate")
        )
        self.grams: list[int] = products["weight_grams"].to_list()
        variants = skus.group_by("product_id", maintain_order=True).agg("sku_id")
        self.skus: dict[str, list[str]] = dict(variants.iter_rows())
        self._product_of = dict(skus.select("sku_id", "product_id").iter_rows())
        self.offers = pl.repeat(None, len(self.ids), dtype=pl.String, eager=True)
        """The coupon offer that can be had for each product."""

    def offer(self, of_brands: Mapping[str, Sequence[str]]) -> None:
        """Coupon offers that can be had now, by brand; the first of each counts."""
        first = {brand: offers[0] for brand, offers in of_brands.items() if offers}
        self.offers = pl.Series("offer", [first.get(brand) for brand in self.brand], pl.String)

    def offer_of(self, sku_id: str) -> str | None:
        """The coupon offer that can be had for a variant."""
        row = self.index.row_of[self._product_of[sku_id]]
        offer: str | None = self.offers[row]
        return offer


@dataclass
class Lore:
    """Everything that is known of the town on one day."""

    traits: Traits
    notes: Notes
    products: Products
    users: pl.Series
    """User ids by person number; null until signed up."""
    topics: tuple[str, ...]
    comment: Callable[[np.random.Generator, int], str]
    """Words that somebody leaves under a note of a topic."""
    carts: float = 1.0
    orders: float = 1.0
    """How the day differs from others in carts filled and orders placed."""

    def authors(self, notes: Rows) -> pl.Series:
        """User ids of the authors of the notes in these rows."""
        return self.users[self.notes.author[notes]]
