"""When a group acts: its days, how many errands on each, and the moments of a day's errands."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from platform_core.simulation.groups.schema import Group, Schedule
from platform_core.simulation.people.rhythm import Rhythm, rhythm_of
from platform_core.simulation.plan import Plan

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Instants = npt.NDArray[np.datetime64]

HOURS: Final[dict[str, tuple[int, int]]] = {
    "evening": (18, 23),
    "night": (0, 6),
    "office": (9, 18),
    "morning": (8, 11),
    "anytime": (0, 24),
}
"""Local hours in which nearly all errands begin: the first, and the one after the last."""
SLACK: Final = 0.04
"""Relative number of errands in the hours beside."""
LOCAL_OFFSET: Final = 8  # Shanghai has no summer time
DAY_VARIATION: Final = 0.25
RUSH: Final = (1.2, 3.0)
"""Shape of a crowd that comes at once: a beta distribution over its minutes."""
DAY_US: Final = 86_400_000_000


class Span(NamedTuple):
    """The days on which a group acts: the first, and the one after the last."""

    first: int
    end: int

    def __contains__(self, day: object) -> bool:
        return isinstance(day, int) and self.first <= day < self.end


def span(schedule: Schedule, days: int, rng: np.random.Generator) -> Span:
    """The days of a group in a run of ``days`` days; it always begins before the run ends."""
    lasts = min(days, max(schedule.at_least_days, round(schedule.lasts * days)))
    earliest, latest = sorted(schedule.starts)
    first = int(rng.uniform(earliest, latest) * days)
    first = max(0, min(first, days - lasts))
    return Span(first, first + lasts)


def errands(group: Group, members: int, when: Span, rng: np.random.Generator) -> Rows:
    """The number of errands on each day of the span; they end when the budget does."""
    weights = shape(group.schedule, when.end - when.first, rng)
    if group.schedule.once:
        total = round(members * min(1.0, group.schedule.visits_a_day))
        counts = rng.multinomial(total, weights / weights.sum())
    else:
        mean = members * group.schedule.visits_a_day * group.strength**0.5
        counts = rng.poisson(mean * weights)
    return within_budget(group, members, counts.astype(np.int64))


def within_budget(group: Group, members: int, counts: Rows) -> Rows:
    """The counts, cut off where the budget is spent."""
    if group.budget is None:
        return counts
    scale = members / group.actors.per_1000
    affordable = int(group.budget.minor_per_1000 * scale // group.budget.visit_costs_minor)
    before = np.cumsum(counts) - counts
    return np.asarray(np.clip(affordable - before, 0, counts))


def shape(schedule: Schedule, days: int, rng: np.random.Generator) -> Floats:
    """How the days of a campaign compare; their mean is 1."""
    day = np.arange(days)
    curve = {
        "steady": np.ones(days),
        "burst": np.exp(-day / max(1.0, days / 4)),
        "ramp": np.linspace(0.2, 1.8, days) if days > 1 else np.ones(1),
        "waves": np.where((day + rng.integers(0, 4)) % 4 < 2, 1.0, 0.1),
    }[schedule.shape]
    varied = curve * rng.lognormal(0.0, DAY_VARIATION, days)
    return np.asarray(varied / varied.mean())


class Clock:
    """The moments at which errands begin, in one run."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rhythm: Rhythm = rhythm_of(plan)

    def starts(
        self, schedule: Schedule, day: int, profiles: Rows, rng: np.random.Generator
    ) -> Instants:
        """When each errand of a day begins (UTC); one for each of the people's hour profiles."""
        midnight = self.plan.day_starts_at(day)
        curves = self._curves(schedule, day)
        if schedule.within_minutes is not None and profiles.size:
            return self._rush(schedule.within_minutes, curves.mean(axis=0), day, profiles.size, rng)
        cumulated = np.cumsum(curves, axis=1)
        drawn = rng.random(profiles.size) * cumulated[profiles, -1]
        hours = (cumulated[profiles] < drawn[:, None]).sum(axis=1)
        return self.rhythm.instants(midnight, np.minimum(hours, 23), rng)

    def _rush(
        self, minutes: int, curve: Floats, day: int, count: int, rng: np.random.Generator
    ) -> Instants:
        """Everybody within some minutes of one moment of the day."""
        midnight = self.plan.day_starts_at(day)
        hour = rng.choice(24, p=curve / curve.sum())
        length = minutes * 60_000_000
        opening = min(int((hour + rng.random()) * 3.6e9), DAY_US - length)
        offsets = (opening + rng.beta(*RUSH, count) * length).astype(np.int64)
        return np.datetime64(midnight.replace(tzinfo=None), "us") + offsets.astype(
            "timedelta64[us]"
        )

    def _curves(self, schedule: Schedule, day: int) -> Floats:
        """Hour profiles x the 24 hours from midnight UTC on."""
        ordinary = self.rhythm.hourly(self.plan.day_starts_at(day))
        if schedule.hours == "ordinary":
            return ordinary
        opens, closes = HOURS[schedule.hours]
        local = (np.arange(24) + LOCAL_OFFSET) % 24
        window = np.where((local >= opens) & (local < closes), 1.0, SLACK)
        waking = schedule.hours in ("evening", "morning")
        return ordinary * window if waking else np.tile(window, (len(ordinary), 1))
