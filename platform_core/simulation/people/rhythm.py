"""When people come: the hours of a Shanghai day, weekends, and the shopping festival."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from platform_core.simulation.plan import Plan
from platform_core.simulation.words.vocabulary import vocabulary

Floats = npt.NDArray[np.float64]

ZONE: Final = ZoneInfo("Asia/Shanghai")
DAYS_FOR_A_FESTIVAL: Final = 7  # a shorter run has none
SATURDAY: Final = 5


class Demand(NamedTuple):
    """How one local day differs from an ordinary one; 1 is ordinary."""

    visits: float
    carts: float
    orders: float


ORDINARY: Final = Demand(1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Rhythm:
    """The town's calendar; ``festival`` is the first of three local days, None without one."""

    festival: date | None

    @property
    def festival_at(self) -> datetime | None:
        """Local midnight at which the festival begins, as a UTC instant."""
        if self.festival is None:
            return None
        return datetime.combine(self.festival, time(), ZONE).astimezone(UTC)

    def demand(self, at: datetime) -> Demand:
        """How the local day of an instant differs: factors on visits, filled carts and orders."""
        if self.festival is None:
            return ORDINARY
        since = (at.astimezone(ZONE).date() - self.festival).days
        return _festival_days().get(since, ORDINARY)

    def hourly(self, starts_at: datetime, hours: int = 24) -> Floats:
        """Expected visits in each hour from ``starts_at`` on: profiles x hours.

        In parts of a mean ordinary day's visits; 24 ordinary hours sum to about 1.
        """
        curves = _curves()
        moments = [starts_at + timedelta(hours=hour) for hour in range(hours)]
        local = [moment.astimezone(ZONE) for moment in moments]
        is_weekend = [int(moment.weekday() >= SATURDAY) for moment in local]
        shares = curves[:, is_weekend, [moment.hour for moment in local]]
        return np.asarray(shares * [self.demand(moment).visits for moment in moments])

    def instants(
        self, starts_at: datetime, hours: npt.NDArray[np.integer], rng: np.random.Generator
    ) -> npt.NDArray[np.datetime64]:
        """A moment within each of the given hours after ``starts_at``, to the microsecond (UTC)."""
        first = np.datetime64(starts_at.replace(tzinfo=None), "us")
        offsets = ((hours + rng.random(hours.size)) * 3.6e9).astype("timedelta64[us]")
        return first + offsets


def rhythm_of(plan: Plan) -> Rhythm:
    """The calendar of a run: its festival begins when two thirds of its days are over."""
    if plan.days < DAYS_FOR_A_FESTIVAL:
        return Rhythm(None)
    return Rhythm(plan.day_starts_at(plan.days * 2 // 3).astimezone(ZONE).date())


def profile_shares() -> Floats:
    """How common each hour profile is; their order is that of ``PEOPLE.hour_profile``."""
    shares = np.array([profile["share"] for profile in vocabulary("rhythm")["profiles"].values()])
    return np.asarray(shares / shares.sum())


def profile_names() -> tuple[str, ...]:
    """The hour profiles, in the order of ``PEOPLE.hour_profile``."""
    return tuple(vocabulary("rhythm")["profiles"])


def local_hours(instants: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
    """The local hour (0 to 23) of UTC instants; Shanghai has no summer time."""
    return (instants.astype("datetime64[h]").astype(np.int64) + 8) % 24


def on_weekend(instants: npt.NDArray[np.datetime64]) -> npt.NDArray[np.bool_]:
    """Whether UTC instants fall on a local Saturday or Sunday."""
    days = (instants + np.timedelta64(8, "h")).astype("datetime64[D]").astype(np.int64)
    return np.isin((days + 3) % 7, (5, 6))  # day 0, 1970-01-01, was a Thursday


@cache
def _curves() -> Floats:
    """Profiles x (weekday, weekend) x 24 local hours; a mean day of the week sums to 1."""
    said = vocabulary("rhythm")
    weekend = said["weekend"]
    shapes = np.array([[p["weekday"], p["weekend"]] for p in said["profiles"].values()], float)
    shapes /= shapes.sum(axis=2, keepdims=True)
    levels = np.array([1.0, weekend]) * 7 / (5 + 2 * weekend)
    return np.asarray(shapes * levels[None, :, None])


@cache
def _festival_days() -> dict[int, Demand]:
    said = vocabulary("rhythm")["festival"]
    return {since: Demand(**factors) for since, factors in said.items()}
