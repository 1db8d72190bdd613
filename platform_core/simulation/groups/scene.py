"""What groups can aim at: the brands, wares, adverts and notes of the town on one day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import polars as pl

if TYPE_CHECKING:
    from platform_core.simulation.groups.errand_steps import Words


@dataclass(frozen=True)
class Ware:
    """A product, as somebody who talks about it knows it."""

    name: str  # without the brand
    topic: int


@dataclass(frozen=True)
class Brand:
    """A brand, and what of it can be aimed at."""

    brand_id: str
    name: str
    category: str
    share: float  # how known it is; 1 is common
    products: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    coupons: tuple[str, ...] = ()  # running offers


@dataclass(frozen=True)
class Scene:
    """The town at the beginning of a day.

    ``notes`` are rows of NOTES in the order of publication; ``creators`` maps a person's row to the
    user id, those who publish most first, without the brands' staff.
    """

    brands: tuple[Brand, ...]
    wares: Mapping[str, Ware]
    topics: tuple[str, ...]
    notes: pl.DataFrame
    creators: Mapping[int, str]

    def brand(self, brand_id: str | None) -> Brand | None:
        """The brand with this id."""
        return self._brands.get(brand_id or "")

    @cached_property
    def _brands(self) -> dict[str, Brand]:
        return {brand.brand_id: brand for brand in self.brands}

    @cached_property
    def brand_of(self) -> dict[str, Brand]:
        """The brand of each product."""
        return {product: brand for brand in self.brands for product in brand.products}

    @cached_property
    def products_of(self) -> dict[str, tuple[str, ...]]:
        """The products that each note shows."""
        listed = self.notes.select("note_id", "product_ids")
        return {note: tuple(products or ()) for note, products in listed.iter_rows()}

    @cached_property
    def notes_with(self) -> dict[str, list[str]]:
        """The notes that show each product."""
        shown = self.notes.select("note_id", "product_ids").explode("product_ids").drop_nulls()
        grouped = shown.group_by("product_ids", maintain_order=True).agg("note_id")
        return dict(grouped.iter_rows())

    @cached_property
    def author_of(self) -> dict[str, int]:
        """The person's row who wrote each note."""
        return dict(self.notes.select("note_id", "person").iter_rows())

    @cached_property
    def topic_of(self) -> dict[str, int]:
        """The row of the topic that each note is about."""
        return dict(self.notes.select("note_id", "topic").iter_rows())

    @cached_property
    def newest_first(self) -> list[str]:
        """Ids of all notes."""
        return self.notes["note_id"].reverse().to_list()


class Town(Protocol):
    """What groups read of a town; see ``world.World``."""

    @property
    def topics(self) -> tuple[str, ...]:
        """The names of the topics."""
        ...

    @property
    def texts(self) -> "Words":
        """How people write."""
        ...

    @property
    def wares(self) -> Mapping[str, Ware]:
        """The products by id."""
        ...

    @property
    def brand_of_staff(self) -> Mapping[int, int]:
        """The persons (rows of PEOPLE) who publish for a brand."""
        ...

    def brands_at(self, at: datetime) -> tuple[Brand, ...]:
        """The brands, with the coupons that can be claimed at that moment."""
        ...


def scene_of(town: Town, people: pl.DataFrame, notes: pl.DataFrame, at: datetime) -> Scene:
    """What can be aimed at in a town at that moment.

    Args:
        people: rows of PEOPLE; those who have signed up can be aimed at.
        notes: rows of NOTES, in the order of publication.
    """
    known = pl.col("user_id").is_not_null() & pl.col("is_creator")
    of_brands = pl.col("person").is_in(list(town.brand_of_staff))
    creators = people.filter(known & ~of_brands).sort(
        "notes_a_week", descending=True, maintain_order=True
    )
    return Scene(
        brands=town.brands_at(at),
        wares=town.wares,
        topics=town.topics,
        notes=notes,
        creators=dict(creators.select("person", "user_id").iter_rows()),
    )
