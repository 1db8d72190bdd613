"""The simulation: a town lives through the platform's services, and the truth of it is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from platform_core.collector import SOURCE, Collector
from platform_core.database import reading
from platform_core.landing import last_sequence
from platform_core.outbox import relay
from platform_core.simulation.acts.diary import Diary
from platform_core.simulation.acts.restocking import restock
from platform_core.simulation.founding import Founded, founded
from platform_core.simulation.itinerary import itinerary
from platform_core.simulation.life.serving import Serving
from platform_core.simulation.plan import Plan
from platform_core.simulation.reviewers import review
from platform_core.simulation.truth import Truth
from platform_core.tables.users import users

TICK: Final = timedelta(microseconds=1)


class NotEmpty(ValueError):
    """A town needs a platform of its own; nothing was changed."""


@dataclass(frozen=True)
class SimulationReport:
    """What a run made; refusals are what people asked for and the platform's rules forbade."""

    days: int
    visits: int
    app_events: int
    platform_events: int
    refusals: Mapping[str, int]


def simulate(
    engine: sa.Engine,
    home: Path,
    plan: Plan,
    *,
    timezone: str = "Asia/Shanghai",
    after_day: Callable[[int], None] | None = None,
) -> SimulationReport:
    """Let a town live on an empty platform.

    Events land in ``home/landing``, the truth in ``home/truth``, the search index in
    ``home/search``. The same plan gives the same bytes.

    Args:
        after_day: is told the number of each day that is over.

    Raises:
        NotEmpty: the platform, its landing zone or the truth of a run is there already.
    """
    _check_empty(engine, home)
    collector = Collector(home / "landing")
    with Truth(home / "truth") as truth:
        serving = Serving(engine, home / "search", timezone)
        lives = founded(engine, plan, serving, Diary(collector, truth), truth)
        town, crews = lives
        truth.write_causes(crew.cause(plan) for crew in crews)
        relayed = first = 0
        for day in range(plan.days):
            first = _plan_and_live(engine, lives, day, first)
            relayed += relay(
                engine, home / "landing", now=plan.day_starts_at(day + 1) - TICK
            ).events
            truth.close_day()
            if after_day:
                after_day(day)
        people = town.registry.people.frame
        truth.write_accounts(row for crew in crews for row in crew.accounts(people))
    refusals = dict(sorted(town.cast.agenda.refusals.items()))
    return SimulationReport(plan.days, town.visits, town.app_events, relayed, refusals)


def _plan_and_live(engine: sa.Engine, founded: Founded, day: int, first_visit: int) -> int:
    """One day, and what reviewers make of it; returns the next day's first visit."""
    town, crews = founded
    people, wishes = town.registry.people, town.cast.wishes
    planned = itinerary(town.world, crews, people, town.notes, wishes, day, first_visit)
    restock(engine, town.cast, town.plan.day_starts_at(day))
    town.live_day(day, planned)
    ends_at = town.plan.day_starts_at(day + 1)
    review(engine, now=ends_at - TICK, seed=town.plan.seed, ids=town.ids)
    return first_visit + planned.visits.height


def _check_empty(engine: sa.Engine, home: Path) -> None:
    with reading(engine) as connection:
        lived_in = connection.scalar(sa.select(sa.exists().where(users.c.user_id.is_not(None))))
    landed = last_sequence(home / "landing", SOURCE) > 0
    if lived_in or landed or (home / "truth").exists():
        raise NotEmpty(
            f"{home}: a platform has been lived in here; a town needs an empty one: choose another "
            "MEADOW_HOME, or remove what is there"
        )
