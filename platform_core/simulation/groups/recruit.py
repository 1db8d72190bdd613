"""Who takes part in the groups: people who live in the town anyway, and accounts made for it."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from platform_core.simulation.groups import circumstances
from platform_core.simulation.groups.schedules import Floats, Rows, Span, errands, span
from platform_core.simulation.groups.schema import Group, Profile
from platform_core.simulation.people.people import HISTORY_DAYS, RATES, Townspeople, draw, joined
from platform_core.simulation.people.rhythm import profile_shares, rhythm_of
from platform_core.simulation.plan import Plan

NEVER: Final = -1
ACTIVITY: Final = 0.6
"""Sigma of the logarithm of how much of a group's errands each member takes on."""
PLACES: Final = ("household", "workplace", "city")
FEWEST_TOGETHER: Final = 2
INTEREST_NOISE: Final = 0.5
NOTES_A_WEEK: Final = 0.9
FACTORS: Final = (
    "patience",
    "read_rate",
    "engage_rate",
    "buy_rate",
    "return_rate",
    "review_rate",
    "visits_a_day",
)


@dataclass(frozen=True)
class Recruits:
    """The members (rows of PEOPLE) and the plan of a group; arrays are aligned with members.

    ``active``: how much of the group's errands each takes on; ``joins_on``: the day of the run on
    which each signs up, negative before it; ``once_on``: the day of the only errand of each, of
    groups that act once; ``counts``: errands on each day of the span.
    """

    group: Group
    span: Span
    members: Rows
    active: Floats
    joins_on: Rows
    once_on: Rows
    counts: Rows


class Enlisted(NamedTuple):
    """The town's people with those of all groups, and who of them belongs to which."""

    people: Townspeople
    recruits: tuple[Recruits, ...]


def recruited(plan: Plan, people: Townspeople) -> Enlisted:
    """Take and add the people of the plan's groups; nobody belongs to two of them.

    Those who have signed up already are left alone, and so is a group for which the town has
    nobody. New accounts stand after everybody else.
    """
    taken = people.frame["user_id"].is_not_null().to_numpy()
    enlisted = []
    for group in plan.groups:
        rng = plan.rng(f"recruit/{group.id}")
        when = span(group.schedule, plan.days, rng)
        people, members = _members(plan, group, when, people, taken, rng)
        taken = np.append(taken, np.zeros(people.frame.height - taken.size, bool))
        taken[members] = True
        if members.size:
            people = _changed(people, group, members, rng)
            enlisted.append(_planned(plan, group, when, people.frame, members, rng))
    settled = circumstances.settled(plan, [(r.group, r.members) for r in enlisted], people.frame)
    return Enlisted(people._replace(frame=settled), tuple(enlisted))


def size(group: Group, users: int) -> int:
    """How many members a group has in a town of so many users."""
    usual = max(group.actors.at_least, group.actors.per_1000 * users / 1000)
    return round(float(usual * group.strength**0.5))


def _members(
    plan: Plan,
    group: Group,
    when: Span,
    people: Townspeople,
    taken: np.ndarray,
    rng: np.random.Generator,
) -> tuple[Townspeople, Rows]:
    count = size(group, plan.users)
    if group.actors.origin == "ordinary":
        return people, _ordinary(plan, group, when, people, taken, count, rng)
    joins_at = _joins(plan, group, when, count, rng)
    further = draw(plan, count, rng, joins_at=joins_at, after=people.frame)
    first = people.frame.height
    return joined(people, further), np.arange(first, first + count)


def _ordinary(
    plan: Plan,
    group: Group,
    when: Span,
    people: Townspeople,
    taken: np.ndarray,
    count: int,
    rng: np.random.Generator,
) -> Rows:
    """People who are there when it begins; those who have more in common stand together."""
    frame = people.frame
    free = ~taken & (frame["joins_at"] < plan.day_starts_at(when.first)).to_numpy()
    free &= frame["cause"].is_null().to_numpy()
    if group.actors.creators:
        free &= frame["is_creator"].to_numpy()
    rows = np.flatnonzero(free)
    if group.actors.bond == "interest":
        topic = rng.integers(people.interests.shape[1])
        liking = people.interests[rows, topic] * rng.lognormal(0.0, INTEREST_NOISE, rows.size)
        return rows[np.argsort(-liking)][:count]
    if group.actors.bond in PLACES:
        return rows[_together(frame[group.actors.bond].gather(rows), rng)][:count]
    weights = np.ones(rows.size) if group.actors.hijacked else _activity(frame, rows)
    return rows[np.argsort(-(np.log(weights) + rng.gumbel(size=rows.size)))][:count]


def _activity(frame: pl.DataFrame, rows: Rows) -> Floats:
    visits = frame["visits_a_day"].gather(rows).to_numpy().astype(np.float64)
    return np.asarray(np.maximum(visits, 1e-3))


def _together(place: pl.Series, rng: np.random.Generator) -> Rows:
    """An order in which those of one place stand together, large places more likely first."""
    places = pl.DataFrame({"place": place, "row": np.arange(len(place))}).drop_nulls()
    sizes = places.group_by("place", maintain_order=True).len()
    sizes = sizes.filter(pl.col("len") >= FEWEST_TOGETHER)
    luck = np.log(sizes["len"].to_numpy()) + rng.gumbel(size=sizes.height)
    ranked = sizes.with_columns(luck=pl.Series(-luck))
    ordered = places.join(ranked, on="place", maintain_order="left").sort(
        "luck", maintain_order=True
    )
    return ordered["row"].to_numpy()


def _joins(
    plan: Plan, group: Group, when: Span, count: int, rng: np.random.Generator
) -> np.ndarray:
    """When accounts sign up: new ones within the campaign, aged ones in the time before it."""
    is_aged = group.actors.origin == "aged"
    first, end = (-HISTORY_DAYS, when.first) if is_aged else when
    earliest, latest = sorted(group.actors.joins)
    share = rng.uniform(earliest, latest, count)
    day = np.minimum(first + np.floor(share * (end - first)), end - 1).astype(np.int64)
    rhythm = rhythm_of(plan)
    curve = profile_shares() @ rhythm.hourly(plan.starts_at)
    hour = rng.choice(24, count, p=curve / curve.sum())
    return rhythm.instants(plan.starts_at, day * 24 + hour, rng)


def _changed(
    people: Townspeople, group: Group, members: Rows, rng: np.random.Generator
) -> Townspeople:
    """The people with the members' rates as the group's profile and camouflage make them."""
    frame, actors = people.frame, group.actors
    rows = frame[members]
    factors = {name: getattr(actors.profile, name) for name in FACTORS}
    if actors.origin != "ordinary":
        factors["visits_a_day"] *= actors.camouflage
        rows = _made_up(rows, actors.profile, actors.creators, actors.camouflage, rng)
    rows = rows.with_columns(
        (pl.col(name) * factor).clip(upper_bound=RATES[name][2]) for name, factor in factors.items()
    )
    if actors.profile.price_sense is not None:
        rows = rows.with_columns(price_sense=pl.lit(actors.profile.price_sense, pl.Float32))
    if actors.whole:
        rows = rows.with_columns(cause=pl.lit(group.id))
    return people._replace(frame=circumstances.replaced(frame, rows))


def _made_up(
    rows: pl.DataFrame,
    profile: Profile,
    creators: bool,
    camouflage: float,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """What operators fill in of the accounts that they make."""
    count = rows.height
    notes = NOTES_A_WEEK * camouflage * rng.lognormal(0.0, ACTIVITY, count) if creators else 0.0
    shares = {"has_avatar": profile.has_avatar, "has_bio": profile.has_bio}
    filled = {n: rng.random(count) < share for n, share in shares.items() if share is not None}
    return rows.with_columns(
        *(pl.Series(name, values) for name, values in filled.items()),
        pl.Series("notes_a_week", np.broadcast_to(notes, count), pl.Float32),
        is_creator=pl.lit(creators),
    )


def _planned(
    plan: Plan,
    group: Group,
    when: Span,
    frame: pl.DataFrame,
    members: Rows,
    rng: np.random.Generator,
) -> Recruits:
    since = (frame["joins_at"].gather(members) - plan.starts_at).dt.total_seconds().to_numpy()
    joins_on = np.floor(since / 86_400).astype(np.int64)
    counts = errands(group, members.size if group.errand.steps else 0, when, rng)
    return Recruits(
        group=group,
        span=when,
        members=members,
        active=rng.lognormal(0.0, ACTIVITY, members.size),
        joins_on=joins_on,
        once_on=_only_errands(counts, when.first, joins_on, rng),
        counts=counts,
    )


def _only_errands(counts: Rows, first: int, joins_on: Rows, rng: np.random.Generator) -> Rows:
    """The day of each member's only errand, as many as the counts allow; ``NEVER`` for the rest.

    Those who sign up later than their day act as soon as they are there.
    """
    days = np.repeat(np.arange(len(counts)) + first, counts)[: len(joins_on)]
    chosen = np.full(len(joins_on), NEVER, np.int64)
    chosen[: len(days)] = days
    chosen = rng.permutation(chosen)
    return np.where(chosen == NEVER, NEVER, np.maximum(chosen, joins_on))
