"""Who lives in the town, and how much people differ.

Rates are lognormal around their median: few people do most of everything, as on any platform.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from platform_core.simulation.people import places
from platform_core.simulation.people.devices import phones, tablets
from platform_core.simulation.people.rhythm import profile_names, profile_shares, rhythm_of
from platform_core.simulation.plan import PEOPLE_SCHEMA, Plan
from platform_core.simulation.words.vocabulary import vocabulary

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

RATES: Final = {
    "visits_a_day": (0.75, 0.95, 12.0),
    "patience": (13.0, 0.65, 90.0),
    "read_rate": (0.075, 0.50, 0.5),
    "engage_rate": (0.075, 0.85, 0.8),
    "comment_rate": (0.006, 1.10, 0.3),
    "follow_rate": (0.005, 1.00, 0.3),
    "shop_rate": (0.10, 0.70, 0.6),
    "buy_rate": (0.030, 0.80, 0.4),
    "return_rate": (0.045, 0.90, 0.6),
    "review_rate": (0.16, 0.80, 0.95),
    "notes_a_week": (0.9, 0.85, 14.0),
}
"""Median, sigma of the logarithm, and the most that anybody has."""
HISTORY_DAYS: Final = 14
"""The town opens so long before the run; short, as every day with events is one more partition."""
HERE_BEFORE: Final = 0.82
"""Of all people, those who are here when the run begins; the others join in its course."""
FEMALE: Final = 0.70
"""About 70 % of Xiaohongshu's users are women (Qian-gua's user reports of 2022 and 2024)."""
AGES: Final = {(16, 22): 0.27, (23, 29): 0.36, (30, 36): 0.22, (37, 45): 0.11, (46, 66): 0.04}
YOUNG: Final = 27
CREATORS: Final = 0.06
SECOND_DEVICE: Final = 0.24
CONCENTRATION: Final = 5.0
"""Of the Dirichlet distribution of interests: lower means fewer, stronger ones."""
CHOSEN_INTERESTS: Final = 0.12
"""Topics with at least this share of a person's interest are the ones chosen at sign-up."""
INCOME_SPREAD: Final = 0.5
MEDIAN_INCOME: Final = 5_800
"""Yuan a month of somebody with income 1: half of the town, students included, has less."""


class Townspeople(NamedTuple):
    """``frame`` is of PEOPLE; ``interests`` are shares: people x topics, rows sum to 1."""

    frame: pl.DataFrame
    interests: Floats


def townspeople(plan: Plan, staff: Townspeople, rng: np.random.Generator) -> Townspeople:
    """The staff of the brands, who have signed up, and after them the plan's ordinary people."""
    joins_at = _joins(plan, rng)
    drawn = draw(plan, plan.users, rng, joins_at=joins_at, after=staff.frame)
    return joined(staff, drawn)


def joined(some: Townspeople, others: Townspeople) -> Townspeople:
    """Both together; ``others`` were drawn after ``some``."""
    return Townspeople(
        pl.concat([some.frame, others.frame]), np.vstack([some.interests, others.interests])
    )


def draw(
    plan: Plan,
    count: int,
    rng: np.random.Generator,
    *,
    joins_at: npt.NDArray[np.datetime64],
    after: pl.DataFrame | None = None,
) -> Townspeople:
    """So many ordinary people who join at these moments (UTC) and have not signed up yet.

    Persons, households and workplaces are numbered after those of ``after``. They share homes and
    workplaces among themselves only.
    """
    facts = _facts(plan, count, rng)
    facts |= places.of(facts["city"], facts["hour_profile"], count, rng, after)
    facts |= _rates(facts, count, rng)
    facts["devices"] = _devices(facts["income"], facts["household"], rng)
    facts["city_tier"] = _city_values("tier")[facts["city"]]
    facts["city"] = np.array(list(vocabulary("cities")["cities"]), object)[facts["city"]]
    first = 0 if after is None else after.height
    numbered = {"person": first + np.arange(count), "joins_at": joins_at.astype("datetime64[us]")}
    absent: dict[str, None] = {"user_id": None, "cause": None}
    interests = _interests(facts["gender"], facts["birth_year"], plan, rng)
    frame = pl.DataFrame(numbered | facts).with_columns(**{n: pl.lit(v) for n, v in absent.items()})
    zoned = frame.with_columns(pl.col("joins_at").dt.replace_time_zone("UTC"))
    return Townspeople(zoned.select(PEOPLE_SCHEMA.names()).cast(PEOPLE_SCHEMA), interests)


def chosen_interests(interests: Floats, topics: tuple[str, ...]) -> list[list[str]]:
    """The topics that people choose when they sign up, strongest first, at least one each."""
    order = np.argsort(-interests, axis=1)
    strong = np.maximum(1, (interests >= CHOSEN_INTERESTS).sum(axis=1))
    return [
        [topics[topic] for topic in ranked[:many]]
        for ranked, many in zip(order, strong, strict=True)
    ]


def _joins(plan: Plan, rng: np.random.Generator) -> npt.NDArray[np.datetime64]:
    """When people join: most before the run, the others evenly within it, in waking hours."""
    is_early = rng.random(plan.users) < HERE_BEFORE
    day = np.where(
        is_early,
        -rng.integers(1, HISTORY_DAYS + 1, plan.users),
        rng.integers(0, plan.days, plan.users),
    )
    curve = profile_shares() @ rhythm_of(plan).hourly(plan.starts_at)
    hour = rng.choice(24, plan.users, p=curve / curve.sum())
    return rhythm_of(plan).instants(plan.starts_at, day * 24 + hour, rng)


def _facts(plan: Plan, count: int, rng: np.random.Generator) -> dict[str, Any]:
    age = _ages(count, rng)
    weights = _city_values("weight")
    city = rng.choice(weights.size, count, p=weights / weights.sum())
    incomes = vocabulary("cities")["income"]
    usual = np.array([incomes[tier] for tier in _city_values("tier")]) / MEDIAN_INCOME
    earning = np.clip((age - 17) / 12, 0.35, 1.0)
    return {
        "city": city,
        "gender": rng.choice(["female", "male", "unknown"], count, p=[FEMALE, 0.96 - FEMALE, 0.04]),
        "birth_year": plan.until.year - age,
        "has_avatar": rng.random(count) < 0.78,
        "has_bio": rng.random(count) < 0.36,
        "income": usual[city] * earning * rng.lognormal(0.0, INCOME_SPREAD, count),
        "hour_profile": _profiles(age, rng),
        "is_creator": rng.random(count) < CREATORS,
    }


def _ages(count: int, rng: np.random.Generator) -> Rows:
    spans, shares = np.array(list(AGES)), np.array(list(AGES.values()))
    span = spans[rng.choice(len(spans), count, p=shares)]
    return rng.integers(span[:, 0], span[:, 1] + 1)


def _profiles(age: Rows, rng: np.random.Generator) -> Rows:
    """How people's days run: only the young study, hardly any of them is at home all day."""
    names, shares = profile_names(), profile_shares()
    weights = np.tile(shares, (age.size, 1))
    weights[:, names.index("student")] *= np.where(age <= 23, 3.0, 0.02)
    weights[:, names.index("office")] *= np.where(age <= 21, 0.15, 1.2)
    weights[:, names.index("home")] *= np.where(age <= 23, 0.2, 1.3)
    cumulated = np.cumsum(weights, axis=1)
    drawn = rng.random(age.size) * cumulated[:, -1]
    return np.asarray((cumulated < drawn[:, None]).sum(axis=1))


def _rates(facts: dict[str, Any], count: int, rng: np.random.Generator) -> dict[str, Floats]:
    rates = {
        name: median * rng.lognormal(0.0, sigma, count)
        for name, (median, sigma, _) in RATES.items()
    }
    income, is_creator = facts["income"], facts["is_creator"]
    rates["visits_a_day"] *= np.where(is_creator, 1.9, 1.0)
    rates["comment_rate"] *= np.where(is_creator, 2.0, 1.0)
    rates["buy_rate"] *= np.clip(income, 0.3, 3.0) ** 0.3
    rates["notes_a_week"] *= is_creator
    limited = {name: np.minimum(rates[name], RATES[name][2]) for name in rates}
    minded = 0.1 - 1.1 * np.log(income) + rng.normal(0.0, 0.9, count)
    return limited | {"price_sense": 1 / (1 + np.exp(-minded))}


def _devices(income: Floats, household: Rows, rng: np.random.Generator) -> pl.Series:
    """A phone each; some have a tablet or second phone, which a whole household may share."""
    own = phones(income, rng)
    homes, home = np.unique(household, return_inverse=True)
    shared = tablets(np.ones(homes.size), rng)[home]
    has_second = pl.Series((rng.random(homes.size) < SECOND_DEVICE)[home])
    frame = pl.DataFrame({"own": own, "shared": shared, "has_second": has_second})
    both = pl.concat_list("own", "shared")
    lists = pl.when("has_second").then(both).otherwise(pl.concat_list("own"))
    return frame.select(devices=lists)["devices"]


def _interests(
    gender: npt.NDArray[np.generic],
    birth_year: npt.NDArray[np.generic],
    plan: Plan,
    rng: np.random.Generator,
) -> Floats:
    topics = list(vocabulary("topics").values())
    weight, female, young = (
        np.array([topic[name] for topic in topics]) for name in ("weight", "female", "young")
    )
    is_young = (plan.until.year - birth_year.astype(int)) < YOUNG
    leaning = np.where((gender == "female")[:, None], female, 1.0) * np.where(
        is_young[:, None], young, 1.0
    )
    expected = weight * leaning
    shape = CONCENTRATION * expected / expected.sum(axis=1, keepdims=True)
    drawn = rng.gamma(shape) + 1e-9
    return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))


def _city_values(name: str) -> npt.NDArray[np.generic]:
    return np.array([city[name] for city in vocabulary("cities")["cities"].values()])
