"""A town of a few literal brands, wares and notes, for groups to aim at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from platform_core.simulation.groups.crews import Crew, crews_of, people_on
from platform_core.simulation.groups.errand_plans import errands_of_day
from platform_core.simulation.groups.files import Group
from platform_core.simulation.groups.recruit import Recruits, recruited
from platform_core.simulation.groups.scene import Brand, Ware
from platform_core.simulation.people.people import Townspeople, draw
from platform_core.simulation.plan import NOTES_SCHEMA, Plan

UNTIL = date(2026, 3, 1)
TOPICS = ("护肤", "零食")
BRANDS = tuple(
    Brand(
        brand_id=f"brand_{row}",
        name=f"牌{row}",
        category=("skincare", "snacks")[row % 2],
        share=2.0 - row / 4,
        products=tuple(f"product_{row}{number}" for number in range(6)),
        campaigns=(f"campaign_{row}",),
        keywords=(f"词{row}",),
        coupons=(f"offer_{row}",),
    )
    for row in range(6)
)
WARES = {
    product: Ware(f"货{product[-2:]}", row % 2)
    for row, brand in enumerate(BRANDS)
    for product in brand.products
}


class Words:
    """Everybody says the same."""

    def comment(self, rng: np.random.Generator, topic: int) -> str:
        return "同意"

    def review(self, rng: np.random.Generator, product_id: str, stars: int) -> str:
        return f"{stars}星"

    def note(
        self,
        rng: np.random.Generator,
        topic: int,
        product_id: str | None = None,
        city: str = "",
    ) -> tuple[str, str]:
        return "标题", "正文"


@dataclass(frozen=True)
class LiteralTown:
    """See ``scene.Town``."""

    topics: tuple[str, ...] = TOPICS
    texts: Words = field(default_factory=Words)
    wares: Mapping[str, Ware] = field(default_factory=lambda: WARES)
    brand_of_staff: Mapping[int, int] = field(default_factory=dict)

    def brands_at(self, at: datetime) -> tuple[Brand, ...]:
        return BRANDS


@dataclass(frozen=True)
class Settled:
    """A plan's people with all its groups, as they are when the run begins."""

    plan: Plan
    people: Townspeople
    recruits: tuple[Recruits, ...]

    def recruits_of(self, group_id: str) -> Recruits:
        return next(of for of in self.recruits if of.group.id == group_id)

    def members(self, group_id: str) -> pl.DataFrame:
        return self.people.frame[self.recruits_of(group_id).members]


def settled(groups: Sequence[Group], *, users: int = 400, days: int = 28, seed: int = 1) -> Settled:
    """A town with these groups; everybody who is there before the run has signed up."""
    plan = Plan(days, users, seed, UNTIL, tuple(groups))
    enlisted = recruited(plan, neighbours(plan))
    early = pl.col("joins_at") < plan.starts_at
    named = pl.when(early).then(pl.format("user_{}", "person")).alias("user_id")
    people = Townspeople(enlisted.people.frame.with_columns(named), enlisted.people.interests)
    return Settled(plan, people, enlisted.recruits)


def neighbours(plan: Plan) -> Townspeople:
    """Ordinary people who all joined the week before the run."""
    first = np.datetime64((plan.starts_at - timedelta(days=7)).replace(tzinfo=None), "us")
    return draw(plan, plan.users, plan.rng("people"), joins_at=np.full(plan.users, first))


def notes_of(town: Settled) -> pl.DataFrame:
    """One note of every creator, and one of every member who publishes, each with a product."""
    authors = town.people.frame.filter("is_creator")["person"]
    products = list(WARES)
    rows = [
        {
            "note_id": f"note_{number}",
            "person": person,
            "topic": number % 2,
            "published_at": town.plan.starts_at,
            "appeal": 1.0,
            "product_ids": [products[number % len(products)]],
            "pull": 0.0,
            "cause": None,
        }
        for number, person in enumerate([*authors, *authors])
    ]
    return pl.DataFrame(rows, NOTES_SCHEMA)


def crews(town: Settled) -> tuple[Crew, ...]:
    return crews_of(town.plan, town.recruits, LiteralTown(), town.people.frame, notes_of(town))


def lived(town: Settled) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Visits and steps of all groups over the whole run, steps with the cause of their visit."""
    notes, groups = notes_of(town), crews(town)
    visits, steps, first = [], [], 0
    for day in range(town.plan.days):
        today = people_on(town.plan, groups, town.people.frame, day)
        came, did = errands_of_day(town.plan, groups, LiteralTown(), today, notes, day)
        visits.append(came.with_columns(pl.col("visit") + first))
        steps.append(did.with_columns(pl.col("visit") + first))
        first += came.height
    everything = pl.concat(visits)
    caused = pl.concat(steps).join(everything.select("visit", "person", "cause"), on="visit")
    return everything, caused
