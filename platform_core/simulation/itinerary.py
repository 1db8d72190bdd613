"""Who comes on a day, and what for: honest people, creators, groups, and what was wished before."""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

import polars as pl

from platform_core.simulation.groups.crews import Crew, people_on
from platform_core.simulation.groups.errand_plans import errands_of_day
from platform_core.simulation.life.wishes import Wishes
from platform_core.simulation.people import creators, honest
from platform_core.simulation.people.origins import ORIGIN, origins
from platform_core.simulation.people.people import Townspeople
from platform_core.simulation.plan import STEPS_SCHEMA, Plan
from platform_core.simulation.world.world import World

WORDLESS = ("search", "topic")


class Itinerary(NamedTuple):
    """A day's visits (rows of VISITS) and their steps (rows of STEPS)."""

    visits: pl.DataFrame
    steps: pl.DataFrame


def itinerary(
    world: World,
    crews: Sequence[Crew],
    people: Townspeople,
    notes: pl.DataFrame,
    wishes: Wishes,
    day: int,
    first: int,
) -> Itinerary:
    """Everything that is planned for a day; visits are numbered from ``first``, at random."""
    plan = world.plan
    today = Townspeople(people_on(plan, crews, people.frame, day), people.interests)
    came = [
        Itinerary(
            honest.visits(world, today, day, plan.rng("visits", day)), STEPS_SCHEMA.to_frame()
        ),
        Itinerary(*creators.notes_of_day(world, today, day, plan.rng("notes", day))),
        Itinerary(*errands_of_day(plan, crews, world, today.frame, notes, day)),
    ]
    together = numbered(came, plan, day, first)
    further = _wished(plan, today, wishes, together.visits, day, first + together.visits.height)
    visits = pl.concat([together.visits, further.visits])
    return Itinerary(_answerable(visits), pl.concat([together.steps, further.steps]))


def numbered(came: Sequence[Itinerary], plan: Plan, day: int, first: int) -> Itinerary:
    """All visits with numbers of their own, which say nothing of where they come from."""
    places = [one.visits.select("visit", source=pl.lit(source)) for source, one in enumerate(came)]
    old = pl.concat(places)
    shuffled = plan.rng("numbers", day).permutation(old.height)
    numbers = old.with_columns(number=pl.Series(first + shuffled, dtype=pl.Int64))
    return Itinerary(
        pl.concat([_renamed(one.visits, source, numbers) for source, one in enumerate(came)]).sort(
            "visit"
        ),
        pl.concat([_renamed(one.steps, source, numbers) for source, one in enumerate(came)]).sort(
            "visit", "step"
        ),
    )


def _renamed(frame: pl.DataFrame, source: int, numbers: pl.DataFrame) -> pl.DataFrame:
    of_source = numbers.filter(pl.col("source") == source).select("visit", "number")
    joined = frame.join(of_source, on="visit", how="left", maintain_order="left")
    return joined.with_columns(visit="number").select(frame.columns)


def _wished(
    plan: Plan, people: Townspeople, wishes: Wishes, visits: pl.DataFrame, day: int, first: int
) -> Itinerary:
    draw = Random(f"{plan.seed}/wishes/{day}")
    own, steps = wishes.fulfil(visits, plan.day_starts_at(day), first, draw)
    came_from = origins(
        plan,
        people.frame,
        own["person"].cast(pl.Int64).to_numpy(),
        own["started_at"].dt.replace_time_zone(None).to_numpy(),
        plan.rng("wished", day),
    )
    return Itinerary(own.with_columns(came_from.select(ORIGIN)), steps)


def _answerable(visits: pl.DataFrame) -> pl.DataFrame:
    """Whoever has no words to search for looks at the feed instead."""
    wordless = pl.col("surface").is_in(WORDLESS) & pl.col("query").is_null()
    return visits.with_columns(surface=pl.when(wordless).then(pl.lit("feed")).otherwise("surface"))
