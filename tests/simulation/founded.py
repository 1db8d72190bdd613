"""Towns as they are before their first day, for tests of who lives there and what they write."""

from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from platform_core.simulation.people.people import Townspeople, townspeople
from platform_core.simulation.plan import Plan
from platform_core.simulation.world.world import World, build
from platform_core.work import begin

UNTIL = date(2026, 3, 2)
PLAN = Plan(days=30, users=400, seed=7, until=UNTIL)


def found(engine: sa.Engine, plan: Plan = PLAN) -> World:
    """The town of a plan, on a platform of its own."""
    with begin(engine, now=plan.starts_at, ids=plan.ids("town")) as work:
        return build(work, plan)


def inhabited(world: World, users: int) -> tuple[World, Townspeople]:
    """The town with so many people, whatever it was founded for."""
    world = replace(world, plan=replace(world.plan, users=users))
    return world, townspeople(world.plan, world.staff, world.plan.rng("people"))
