from datetime import date

import numpy as np
import pytest

from platform_core.simulation.groups.schedules import Clock, Span, shape, span
from platform_core.simulation.groups.schema import Schedule
from platform_core.simulation.people.rhythm import local_hours
from platform_core.simulation.plan import Plan

PLAN = Plan(60, 1000, 1, date(2026, 3, 1))


def rng() -> np.random.Generator:
    return np.random.default_rng(3)


def starts(schedule: Schedule, count: int = 2000) -> np.ndarray:
    return Clock(PLAN).starts(schedule, 10, np.zeros(count, np.int64), rng())


@pytest.mark.parametrize("days", [1, 2, 7, 60])
def test_a_schedule_fits_a_run_of_any_length(days: int) -> None:
    schedule = Schedule(starts=(0.6, 0.9), lasts=0.5, at_least_days=3)
    first, end = span(schedule, days, rng())
    assert 0 <= first < end <= days
    assert end - first == min(days, max(3, round(days / 2)))


@pytest.mark.parametrize("kind", ["steady", "burst", "waves", "ramp"])
@pytest.mark.parametrize("days", [1, 5, 30])
def test_shapes_move_the_errands_and_not_their_number(kind: str, days: int) -> None:
    curve = shape(Schedule(shape=kind), days, rng())  # type: ignore[arg-type]
    assert curve.sum() == pytest.approx(days)
    assert (curve > 0).all()


def test_a_burst_is_over_soon_and_a_ramp_begins_slowly() -> None:
    burst, ramp = (shape(Schedule(shape=kind), 20, rng()) for kind in ("burst", "ramp"))
    assert burst[:5].sum() > 3 * burst[-5:].sum()
    assert ramp[-5:].sum() > 3 * ramp[:5].sum()


@pytest.mark.parametrize(
    ("hours", "first", "last"),
    [("evening", 18, 22), ("night", 0, 5), ("morning", 8, 10), ("office", 9, 17)],
)
def test_most_errands_begin_in_the_hours_that_are_named(hours: str, first: int, last: int) -> None:
    local = local_hours(starts(Schedule(hours=hours)))  # type: ignore[arg-type]
    inside = (local >= first) & (local <= last)
    assert 0.75 < inside.mean() < 1


def test_ordinary_hours_are_those_of_the_people() -> None:
    local = np.bincount(local_hours(starts(Schedule(hours="ordinary"))), minlength=24)
    assert local[20:22].sum() > 10 * local[2:4].sum()


def test_a_crowd_comes_within_minutes_and_mostly_at_once() -> None:
    moments = np.sort(starts(Schedule(hours="evening", within_minutes=40)))
    minutes = (moments - moments[0]).astype(float) / 6e7
    assert minutes[-1] <= 40
    assert np.median(minutes) < 16


def test_all_errands_of_a_day_begin_on_it() -> None:
    moments = starts(Schedule(hours="night", within_minutes=1440))
    assert moments.min() >= np.datetime64(PLAN.day_starts_at(10).replace(tzinfo=None))
    assert moments.max() < np.datetime64(PLAN.day_starts_at(11).replace(tzinfo=None))


def test_a_span_knows_its_days() -> None:
    assert [day in Span(3, 5) for day in (2, 3, 4, 5)] == [False, True, True, False]
