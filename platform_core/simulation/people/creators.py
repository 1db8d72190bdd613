"""What the town's creators publish: about what, when, and how far it would go.

A note is a step of a visit like any other; most appeal little and a few very much.
"""

import json
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from platform_core.simulation.people.honest import drawn_topics
from platform_core.simulation.people.origins import ORIGIN, origins
from platform_core.simulation.people.people import HISTORY_DAYS, Townspeople
from platform_core.simulation.plan import STEPS_SCHEMA, VISITS_SCHEMA
from platform_core.simulation.world.official import official_note
from platform_core.simulation.world.world import World

Rows = npt.NDArray[np.int64]

FOCUS: Final = 2.2
"""Creators write about few of their interests: the power that interests are raised to."""
SHOWS_A_PRODUCT: Final = 0.52
SECOND_PRODUCT: Final = 0.14
OTHER_TOPIC: Final = 0.35
PLACE: Final = 0.3
APPEAL_SIGMA: Final = 1.0
SKILL_SIGMA: Final = 0.45
"""Of the logarithm: creators differ, and each one's notes differ more."""
APPEAL_RANGE: Final = (0.08, 14.0)
PULL: Final = (0.006, 1.1, 0.12)
"""Median, sigma of the logarithm and maximum of the chance that a reader later buys."""
DISCLOSED: Final = 0.05
"""Of creators' notes that show a product, those paid for and marked as advertising."""
MARK: Final = "\n#广告 #品牌合作"
WRITING_S: Final = (150.0, 0.8)
MIX: Final = 0x9E3779B97F4A7C15  # splitmix64's step: a creator's skill stays the same

Note = dict[str, Any]


def notes_of_day(
    world: World, people: Townspeople, day: int, rng: np.random.Generator, first: int = 0
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The visits (rows of VISITS) of one UTC day in which notes are published, and their steps.

    The text of each ``publish_note`` step is JSON: title, text, topics (the main one first), place,
    product_ids, is_disclosed_ad, appeal (1 is common) and pull (a chance). ``first`` is the number
    of the first visit; days before the run are negative.
    """
    person, started_at = _writers(world, people.frame, day, rng)
    notes = [_note(world, people, row, rng) for row in person.tolist()]
    visits = pl.DataFrame(
        {
            "visit": first + np.arange(person.size),
            "person": person,
            "started_at": started_at,
            "pages": rng.integers(0, 3, person.size) if day >= 0 else np.zeros(person.size, int),
        }
    ).with_columns(
        pl.col("started_at").dt.replace_time_zone("UTC"),
        *origins(world.plan, people.frame, person, started_at, rng).select(ORIGIN),
        people.frame["cause"][person],
        surface=pl.lit("feed"),
        query=pl.lit(None, pl.String),
    )
    return visits.select(VISITS_SCHEMA.names()).cast(VISITS_SCHEMA), _steps(visits, notes, rng)


def notes_before(
    world: World, people: Townspeople, rng: np.random.Generator, first: int = 0
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The same for all the days before the run: what people find when it begins."""
    visits, steps = pl.DataFrame(schema=VISITS_SCHEMA), pl.DataFrame(schema=STEPS_SCHEMA)
    for day in range(-HISTORY_DAYS, 0):
        further = notes_of_day(world, people, day, rng, first + visits.height)
        visits, steps = pl.concat([visits, further[0]]), pl.concat([steps, further[1]])
    return visits, steps


def _writers(
    world: World, frame: pl.DataFrame, day: int, rng: np.random.Generator
) -> tuple[Rows, npt.NDArray[np.datetime64]]:
    """Who publishes on the day, and when; nobody before they have joined."""
    starts_at = world.plan.day_starts_at(day)
    curves = world.rhythm.hourly(starts_at)
    a_day = np.where(frame["is_creator"], frame["notes_a_week"], 0.0) / 7
    count = rng.poisson(a_day[:, None] * curves[frame["hour_profile"].to_numpy()])
    person, hour = np.nonzero(count)
    started_at = world.rhythm.instants(starts_at, hour, rng)
    joined_at = frame["joins_at"].dt.replace_time_zone(None).to_numpy()
    there = np.flatnonzero(joined_at[person] <= started_at)
    ordered = there[np.argsort(started_at[there], kind="stable")]
    return person[ordered], started_at[ordered]


def _note(world: World, people: Townspeople, person: int, rng: np.random.Generator) -> Note:
    brand = world.brand_of_staff.get(person)
    if brand is not None:
        return official_note(world.texts, world.products.filter(pl.col("brand") == brand), rng)
    focus = people.interests[person : person + 1] ** FOCUS
    topic = int(drawn_topics(focus, rng)[0])
    shown = _shown(world, topic, rng)
    city = str(people.frame["city"][person])
    title, text = world.texts.note(rng, topic, shown[0] if shown else None, city)
    is_paid = bool(shown) and rng.random() < DISCLOSED
    return {
        "title": title,
        "text": text + (MARK if is_paid else ""),
        "topics": _topics(world, topic, shown, rng),
        "place": city if rng.random() < PLACE else None,
        "product_ids": shown,
        "is_disclosed_ad": is_paid,
        "appeal": _appeal(world.plan.seed, person, rng),
        "pull": _pull(rng) if shown else 0.0,
    }


def _shown(world: World, topic: int, rng: np.random.Generator) -> list[str]:
    """The products that a note about a topic shows, if any: the more appealing the likelier."""
    ids, weights = world.products_about(topic)
    if not ids or rng.random() > SHOWS_A_PRODUCT:
        return []
    count = min(len(ids), 1 + int(rng.random() < SECOND_PRODUCT))
    chosen = rng.choice(len(ids), count, replace=False, p=weights)
    return [ids[row] for row in chosen]


def _topics(world: World, topic: int, shown: list[str], rng: np.random.Generator) -> list[str]:
    """The main topic, and sometimes another one of the product shown."""
    others = [row for product in shown for row in world.topics_of(product) if row != topic]
    if others and rng.random() < OTHER_TOPIC:
        return [world.topics[topic], world.topics[others[0]]]
    return [world.topics[topic]]


def _appeal(seed: int, person: int, rng: np.random.Generator) -> float:
    """How much more than usual a note is read; some creators are better at it."""
    skill = np.random.default_rng([seed, person, MIX]).normal(0.0, SKILL_SIGMA)
    sigma = APPEAL_SIGMA
    low, high = APPEAL_RANGE
    spread = (sigma**2 + SKILL_SIGMA**2) / 2
    return float(np.clip(np.exp(skill + rng.normal(0.0, sigma) - spread), low, high))


def _pull(rng: np.random.Generator) -> float:
    median, sigma, most = PULL
    return float(min(most, median * rng.lognormal(0.0, sigma)))


def _steps(visits: pl.DataFrame, notes: list[Note], rng: np.random.Generator) -> pl.DataFrame:
    median, sigma = WRITING_S
    frame = visits.select(
        "visit",
        step=pl.lit(1),
        after_s=pl.Series(median * rng.lognormal(0.0, sigma, visits.height)),
        first=pl.lit(False),
        verb=pl.lit("publish_note"),
        target=pl.lit(None, pl.String),
        text=pl.Series([json.dumps(note, ensure_ascii=False) for note in notes], dtype=pl.String),
        value=pl.lit(None, pl.Int32),
        link=pl.lit(None, pl.String),
    )
    return frame.cast(STEPS_SCHEMA)
