"""A town before its first day: brands and shops, people, groups, and the notes that are there."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final, NamedTuple
from zlib import crc32

import polars as pl
import sqlalchemy as sa

from platform_core.commerce import EmbeddedProvider, Fault, PaymentRequest
from platform_core.simulation.acts.agenda import Agenda
from platform_core.simulation.acts.cast import Cast, deeds
from platform_core.simulation.acts.diary import Diary
from platform_core.simulation.acts.registry import Registry
from platform_core.simulation.acts.stars import qualities
from platform_core.simulation.groups.crews import Crew, crews_of
from platform_core.simulation.groups.recruit import recruited
from platform_core.simulation.life.lore import Lore, Notes, Products, Traits
from platform_core.simulation.life.serving import Serving
from platform_core.simulation.life.visiting import live, opened
from platform_core.simulation.life.wishes import Wishes
from platform_core.simulation.people.creators import notes_before
from platform_core.simulation.people.people import HISTORY_DAYS, Townspeople, townspeople
from platform_core.simulation.plan import Plan
from platform_core.simulation.town import Town
from platform_core.simulation.truth import Truth
from platform_core.simulation.world.world import World, build
from platform_core.work import begin

FAULTS: Final[dict[Fault, int]] = {
    "refused": 30,
    "timed_out": 8,
    "unreached": 3,
    "called_back_twice": 5,
}
"""Of 1,000 payments, how many go wrong in which way."""


class Founded(NamedTuple):
    """A town that can begin to live, and the groups in it."""

    town: Town
    crews: tuple[Crew, ...]


class Troubles:
    """What goes wrong with payments: the same for the same payment, but it arrives in the end."""

    def __init__(self) -> None:
        self._lost: set[str] = set()

    def __call__(self, request: PaymentRequest) -> Collection[Fault]:
        """The faults of one attempt to charge."""
        luck = crc32(request.payment_id.encode()) % 1000
        for fault, share in FAULTS.items():
            if luck < share and request.payment_id not in self._lost:
                self._lost |= {request.payment_id} if fault == "unreached" else set()
                return (fault,)
            luck -= share
        return ()


def founded(engine: sa.Engine, plan: Plan, serving: Serving, diary: Diary, truth: Truth) -> Founded:
    """Build the town, let everybody sign up who is there at the start, and publish their notes."""
    ids = plan.ids("platform")
    with begin(engine, now=plan.day_starts_at(-HISTORY_DAYS), ids=ids) as work:
        world = build(work, plan)
    people = townspeople(plan, world.staff, plan.rng("people"))
    enlisted = recruited(plan, people)
    registry = Registry(enlisted.people, world.topics)
    cast = Cast(
        seed=plan.seed,
        lore=_lore(plan, world, enlisted.people),
        agenda=Agenda(truth),
        wishes=Wishes(),
        truth=truth,
        provider=EmbeddedProvider(faults=Troubles()),
        words=world.texts,
        households=enlisted.people.frame["household"].to_list(),
        creators=set(world.brand_of_staff),
    )
    town = Town(world, engine, ids, registry, serving, cast, diary, world.notes)
    town.sign_up(plan.starts_at)
    _publish_history(town)
    crews = crews_of(plan, enlisted.recruits, world, registry.people.frame, town.notes)
    return Founded(town, crews)


def _lore(plan: Plan, world: World, people: Townspeople) -> Lore:
    good = qualities(world.products.height, plan.rng("quality"))
    products = Products(world.products.with_columns(quality=pl.Series(good)), world.skus)
    notes = Notes()
    notes.add(world.notes, products)
    return Lore(
        traits=Traits(people.frame, people.interests),
        notes=notes,
        products=products,
        users=people.frame["user_id"],
        topics=world.topics,
        comment=world.texts.comment,
    )


def _publish_history(town: Town) -> None:
    """What was written in the days before the run is published, each note at its time."""
    plan, rng = town.plan, town.plan.rng("history")
    visits, steps = notes_before(town.world, town.registry.people, plan.rng("notes before"))
    there = opened(visits, town.registry.users, rng)
    town.serving.refresh(plan.starts_at - timedelta(days=1))
    lived = live(there, steps, town.serving, town.cast.lore, rng)
    rows = {row["visit"]: row for row in there.iter_rows(named=True)}
    asked = deeds(lived.happened.filter(pl.col("verb") == "publish_note"), lived.cards, rows)
    town.act(plan.starts_at, asked)
