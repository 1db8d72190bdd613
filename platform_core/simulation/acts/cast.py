"""What the executors of acts share, and an act as they are given it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any, Final, Protocol
from zlib import crc32

import numpy as np
import polars as pl

from platform_core.commerce import EmbeddedProvider, Order
from platform_core.outbox import Origin
from platform_core.simulation.acts.agenda import Agenda
from platform_core.simulation.life.lore import Lore
from platform_core.simulation.life.wishes import Wishes
from platform_core.simulation.plan import VISITS_SCHEMA
from platform_core.simulation.truth import Truth
from platform_core.work import ID_BITS

BY: Final = ("actor_id", "device_id", "session_id", "ip", "user_agent")
FACTS: Final = ("at", "verb", "item", "text", "value", "link", "request_id", "surface", "token")
SHARED_INSTRUMENT: Final = 0.12
"""Of people, those who pay with what their household shares."""


class Words(Protocol):
    """How people write about what they bought."""

    def review(self, rng: np.random.Generator, product_id: str, stars: int) -> str:
        """Words beside so many stars."""
        ...


@dataclass(frozen=True, slots=True)
class Deed:
    """One act that a service is asked for; ``origin`` is its visit (a row of VISITS)."""

    at: datetime
    verb: str
    item: str | None
    text: str | None
    value: int | None
    link: str | None
    request_id: str | None
    surface: str | None
    token: str | None
    place: tuple[int, int]  # visit, and seq within it
    by: Origin
    origin: dict[str, Any]

    @property
    def user_id(self) -> str:
        return self.by.actor_id or ""

    @property
    def person(self) -> int:
        return int(self.origin["person"])

    @property
    def cause(self) -> str | None:
        cause: str | None = self.origin["cause"]
        return cause

    @property
    def target(self) -> str:
        """What it is about.

        Raises:
            ValueError: the step names nothing.
        """
        if self.item is None:
            raise ValueError(f"a step to {self.verb} needs a target")
        return self.item


@dataclass(frozen=True)
class Purchase:
    """One order on its way; ``options`` are what the step says of it."""

    deed: Deed
    order: Order
    options: dict[str, Any]

    @property
    def order_id(self) -> str:
        return self.order.order_id


@dataclass
class Cast:
    """What all acts of a run share."""

    seed: int
    lore: Lore
    agenda: Agenda
    wishes: Wishes
    truth: Truth
    provider: EmbeddedProvider
    words: Words
    households: list[int]
    """By person."""
    draw: Random = field(default_factory=Random)
    rng: np.random.Generator = field(default_factory=np.random.default_rng)
    published: list[dict[str, Any]] = field(default_factory=list)
    """Notes (rows of NOTES) that are not yet part of the lore."""
    creators: set[int] = field(default_factory=set)
    coupons: dict[tuple[str, str | None], str] = field(default_factory=dict)
    """Coupons that are claimed and not redeemed, by user and offer."""

    def sku(self, deed: Deed) -> str:
        """The variant that a deed is about; one visit means the same variant of a product."""
        variants = self.lore.products.skus.get(deed.target)
        if variants is None:
            return deed.target
        return variants[crc32(f"{deed.by.session_id}/{deed.item}".encode()) % len(variants)]

    def address(self, person: int) -> str:
        """Where a person's parcels go: to the household."""
        return self.opaque("address", f"household/{self.households[person]}")

    def instrument(self, person: int) -> str:
        """What a person pays with."""
        shares = crc32(f"{self.seed}/{person}".encode()) % 100 < 100 * SHARED_INSTRUMENT
        whose = f"household/{self.households[person]}" if shares else f"person/{person}"
        return self.opaque("instrument", whose)

    def opaque(self, kind: str, name: str) -> str:
        """A token that tells nothing of what it stands for."""
        digest = sha256(f"{self.seed}/{kind}/{name}".encode()).hexdigest()
        return f"{kind}_{digest[: ID_BITS // 4]}"

    def after(self, at: datetime, median_s: float, sigma: float = 0.6) -> datetime:
        """A moment later, a lognormal time after."""
        return at + timedelta(seconds=median_s * self.draw.lognormvariate(0.0, sigma))

    def likely(self, probability: float) -> bool:
        """One draw."""
        return self.draw.random() < probability


def deeds(
    happened: pl.DataFrame, cards: pl.DataFrame, visits: Mapping[int, dict[str, Any]]
) -> list[Deed]:
    """The acts among moments, in their order.

    Args:
        happened: moments (``moments.timed``) whose verbs services are asked for.
        cards: those that were served, ads with their ``token``.
        visits: the visits (``visiting.opened``) by number.
    """
    ads = cards.filter(pl.col("kind") == "ad").select("request_id", "position", "token")
    rows = happened.with_columns(pl.col("position").cast(pl.Int64)).join(
        ads, on=["request_id", "position"], how="left", maintain_order="left"
    )
    return [_deed(row, visits[row["visit"]]) for row in rows.iter_rows(named=True)]


def first_use(visit: dict[str, Any]) -> Deed:
    """Signing in on the device of a visit, as it begins."""
    nothing = dict.fromkeys(FACTS)
    return _deed(nothing | {"at": visit["started_at"], "verb": "sign_in", "seq": 0}, visit)


def _deed(row: dict[str, Any], visit: dict[str, Any]) -> Deed:
    return Deed(
        place=(visit["visit"], row["seq"]),
        by=Origin(**{name: visit[name] for name in BY}),
        origin={name: visit[name] for name in VISITS_SCHEMA},
        **{name: row[name] for name in FACTS},
    )
