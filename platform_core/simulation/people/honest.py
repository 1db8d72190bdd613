"""When people open the app of their own accord, and what they open it for."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from platform_core.simulation.life.asking import PAGE_SIZE
from platform_core.simulation.people.origins import ORIGIN, origins
from platform_core.simulation.people.people import Townspeople
from platform_core.simulation.plan import VISITS_SCHEMA
from platform_core.simulation.world.world import World

Rows = npt.NDArray[np.int64]
Instants = npt.NDArray[np.datetime64]

SURFACES: Final = {"feed": 0.69, "search": 0.17, "follow": 0.09, "topic": 0.05}
"""Where visits begin; about a sixth of Xiaohongshu's traffic searches (its own figures of 2023)."""
MOOD_SHAPE: Final = 1.6
"""Of the gamma distribution of a person's days: some days they come often, on many not at all."""
WEATHER: Final = 0.05
"""Sigma of the logarithm of what a day's visits have in common."""
MOST_PAGES: Final = 25


def visits(
    world: World, people: Townspeople, day: int, rng: np.random.Generator, first: int = 0
) -> pl.DataFrame:
    """The visits of one UTC day of the run, in the order of time; rows of VISITS.

    Everybody who has joined comes, with the cause that their account has; ``first`` is the number
    of the first visit.
    """
    person, started_at = _openings(world, people.frame, day, rng)
    surface = rng.choice(list(SURFACES), person.size, p=list(SURFACES.values()))
    columns = {
        "visit": first + np.arange(person.size),
        "person": person,
        "started_at": started_at,
        "pages": _pages(people.frame["patience"].to_numpy()[person], rng),
        "surface": surface,
        "query": _queries(world, people.interests, person, surface, rng),
    }
    frame = pl.DataFrame(columns, strict=False).with_columns(
        pl.col("started_at").dt.replace_time_zone("UTC"),
        people.frame["cause"][person],
        *origins(world.plan, people.frame, person, started_at, rng).select(ORIGIN),
    )
    return frame.select(VISITS_SCHEMA.names()).cast(VISITS_SCHEMA)


def _openings(
    world: World, frame: pl.DataFrame, day: int, rng: np.random.Generator
) -> tuple[Rows, Instants]:
    """Who comes, and when; nobody before they have joined."""
    starts_at = world.plan.day_starts_at(day)
    curves = world.rhythm.hourly(starts_at) * rng.lognormal(0.0, WEATHER)
    mood = rng.gamma(MOOD_SHAPE, 1 / MOOD_SHAPE, frame.height)
    rates = frame["visits_a_day"].to_numpy() * mood
    count = rng.poisson(rates[:, None] * curves[frame["hour_profile"].to_numpy()])
    person, hour = np.nonzero(count)
    times = count[person, hour]
    person, hour = np.repeat(person, times), np.repeat(hour, times)
    started_at = world.rhythm.instants(starts_at, hour, rng)
    joined_at = frame["joins_at"].dt.replace_time_zone(None).to_numpy()
    there = np.flatnonzero(joined_at[person] <= started_at)
    ordered = there[np.argsort(started_at[there], kind="stable")]
    return person[ordered], started_at[ordered]


def _pages(patience: npt.NDArray[np.floating], rng: np.random.Generator) -> Rows:
    """How many pages are asked for, so that the cards seen are exponential around patience."""
    cards = rng.exponential(patience)
    return np.minimum(1 + cards // PAGE_SIZE, MOST_PAGES).astype(np.int64)


def _queries(
    world: World,
    interests: npt.NDArray[np.float64],
    person: Rows,
    surface: npt.NDArray[np.str_],
    rng: np.random.Generator,
) -> list[str | None]:
    """What is searched for, or the topic whose page is opened: each person's own interests."""
    queries: npt.NDArray[Any] = np.full(person.size, None, dtype=object)
    searching, browsing = (np.flatnonzero(surface == name) for name in ("search", "topic"))
    queries[searching] = world.texts.queries(rng, drawn_topics(interests[person[searching]], rng))
    names = np.array(world.topics, dtype=object)
    queries[browsing] = names[drawn_topics(interests[person[browsing]], rng)]
    return list(queries)


def drawn_topics(interests: npt.NDArray[np.float64], rng: np.random.Generator) -> Rows:
    """One topic for each row of interests, as likely as it is liked."""
    cumulated = np.cumsum(interests, axis=1)
    drawn = rng.random(len(interests)) * cumulated[:, -1]
    return np.asarray((cumulated < drawn[:, None]).sum(axis=1))
