"""The errands of all groups on one day, as visits and steps that are lived like any others."""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import polars as pl

from platform_core.simulation.groups.crews import Crew
from platform_core.simulation.groups.errand_schema import Errand
from platform_core.simulation.groups.errand_steps import Author, Means
from platform_core.simulation.groups.scene import Scene, Town, scene_of
from platform_core.simulation.groups.schedules import Clock, Instants, Rows
from platform_core.simulation.people.origins import ORIGIN, origins
from platform_core.simulation.plan import STEPS_SCHEMA, VISITS_SCHEMA, Plan

MOST_PAGES: Final = 25
SETTLING_S: Final = (600.0, 1.2)
"""Median and sigma of the seconds between somebody's sign-up and an errand on the same day."""

_NOBODY: Final = VISITS_SCHEMA.to_frame().drop(ORIGIN)

Row = dict[str, Any]


def errands_of_day(
    plan: Plan,
    crews: Iterable[Crew],
    town: Town,
    people: pl.DataFrame,
    notes: pl.DataFrame,
    day: int,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Visits and steps (rows of VISITS and STEPS) of all groups on one UTC day of the run.

    Visits are numbered from 0. What exists when the day begins can be aimed at; steps for which
    there is no target are left out.

    Args:
        people: rows of PEOPLE as they are on the day (``crews.people_on``).
        notes: rows of NOTES, in the order of publication.
    """
    scene = scene_of(town, people, notes, plan.day_starts_at(day))
    clock = Clock(plan)
    visits, steps = [_NOBODY], [STEPS_SCHEMA.to_frame()]
    for crew in crews:
        rng = plan.rng(f"errands/{crew.id}", day)
        persons, starts = _who(crew, clock, people, day, rng)
        if persons.size:
            came = _visits(crew, scene, persons, starts, sum(v.height for v in visits), rng)
            visits.append(came)
            steps.append(_steps(crew, scene, town, people, came, rng))
    rng = plan.rng("errands/origins", day)
    return _from_somewhere(plan, people, pl.concat(visits), rng), pl.concat(steps)


def _who(
    crew: Crew, clock: Clock, people: pl.DataFrame, day: int, rng: np.random.Generator
) -> tuple[Rows, Instants]:
    """Who comes when; those who sign up that day come after it, or not at all any more."""
    persons = crew.acting(day, rng)
    if not persons.size:
        return persons, np.empty(0, "datetime64[us]")
    profiles = people["hour_profile"].gather(persons).to_numpy().astype(np.int64)
    starts = clock.starts(crew.recruits.group.schedule, day, profiles, rng)
    joined_at = people["joins_at"].gather(persons).dt.replace_time_zone(None).to_numpy()
    median, sigma = SETTLING_S
    settled_us = 1e6 * median * rng.lognormal(0.0, sigma, persons.size)
    starts = np.maximum(starts, joined_at + settled_us.astype("timedelta64[us]"))
    ends = np.datetime64(clock.plan.day_starts_at(day + 1).replace(tzinfo=None), "us")
    there = starts < ends
    return persons[there], starts[there]


def _visits(
    crew: Crew,
    scene: Scene,
    persons: Rows,
    starts: Instants,
    first: int,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """Rows of VISITS without the columns that tell from where."""
    errand = crew.recruits.group.errand
    columns = {
        "visit": first + np.arange(persons.size),
        "person": persons,
        "started_at": starts,
        "pages": np.minimum(_pages(errand, persons.size, rng), MOST_PAGES),
        "surface": errand.surface,
        "query": [_query(crew, scene, errand, rng) for _ in persons],
        "cause": crew.id,
    }
    frame = pl.DataFrame(columns, schema_overrides={"query": pl.String})
    zoned = frame.with_columns(pl.col("started_at").dt.replace_time_zone("UTC"))
    return zoned.select(_NOBODY.columns).cast(_NOBODY.schema)


def _from_somewhere(
    plan: Plan, people: pl.DataFrame, visits: pl.DataFrame, rng: np.random.Generator
) -> pl.DataFrame:
    """Rows of VISITS: everybody on their devices, from where they are at that time."""
    persons = visits["person"].cast(pl.Int64).to_numpy()
    instants = visits["started_at"].dt.replace_time_zone(None).to_numpy()
    of = origins(plan, people, persons, instants, rng).select(ORIGIN)
    return visits.with_columns(of.iter_columns()).select(VISITS_SCHEMA.names()).cast(VISITS_SCHEMA)


def _pages(errand: Errand, count: int, rng: np.random.Generator) -> Rows:
    """Geometric around the mean; words that were searched for are always looked up."""
    fewest = 0 if errand.query is None else 1
    beyond = max(errand.pages - fewest, 0.0)
    return fewest + rng.geometric(1 / (1 + beyond), count) - 1


def _query(crew: Crew, scene: Scene, errand: Errand, rng: np.random.Generator) -> str | None:
    if errand.query is None:
        return None
    return crew.aims.draw(errand.query, scene, set(), -1, rng)


def _steps(
    crew: Crew,
    scene: Scene,
    town: Town,
    people: pl.DataFrame,
    came: pl.DataFrame,
    rng: np.random.Generator,
) -> pl.DataFrame:
    author = Author(scene, town.texts, rng)
    group = crew.recruits.group
    rows: list[Row] = []
    for visit, person in came.select("visit", "person").iter_rows():
        means = Means(group.id, person, people["city"][person])
        written = author.steps(group.errand, crew.aims, means)
        rows += [{"visit": visit, **row} for row in written]
    return pl.DataFrame(rows, schema=dict(STEPS_SCHEMA))
