"""When people come: hours of a Shanghai day, weekends and the festival."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from platform_core.simulation.people.rhythm import (
    ORDINARY,
    Rhythm,
    local_hours,
    on_weekend,
    profile_names,
    profile_shares,
    rhythm_of,
)
from platform_core.simulation.plan import Plan

MONDAY = datetime(2026, 2, 2, tzinfo=UTC) - timedelta(hours=8)  # local midnight
ORDINARY_RHYTHM = Rhythm(None)


def everybody(starts_at: datetime, hours: int = 24) -> np.ndarray:
    return np.asarray(profile_shares() @ ORDINARY_RHYTHM.hourly(starts_at, hours))


def test_a_week_of_visits_is_seven_mean_days() -> None:
    week = ORDINARY_RHYTHM.hourly(MONDAY, hours=7 * 24).sum(axis=1)
    np.testing.assert_allclose(week, 7.0)


def test_a_weekday_peaks_at_noon_and_in_the_evening_and_sleeps_at_night() -> None:
    day = everybody(MONDAY)
    assert 20 <= int(day.argmax()) <= 22
    assert day[12] > day[10]
    assert day[12] > day[15]
    assert day[2:6].max() < 0.25 * day[12]
    evening = day[19:23].sum() / day.sum()
    assert 0.25 < evening < 0.4


def test_weekends_are_higher() -> None:
    assert 1.1 < everybody(MONDAY + timedelta(days=5)).sum() / everybody(MONDAY).sum() < 1.3


def test_night_owls_come_when_others_sleep() -> None:
    hourly = ORDINARY_RHYTHM.hourly(MONDAY)
    night, office = (profile_names().index(name) for name in ("night", "office"))
    assert hourly[night, :4].sum() > 4 * hourly[office, :4].sum()


def test_hours_are_those_of_the_local_day_whatever_the_utc_day() -> None:
    np.testing.assert_allclose(
        ORDINARY_RHYTHM.hourly(MONDAY + timedelta(hours=8), 16),
        ORDINARY_RHYTHM.hourly(MONDAY)[:, 8:],
    )


@pytest.mark.parametrize("day", [0, 1, 2])
def test_the_festival_brings_60_to_120_percent_more_orders(day: int) -> None:
    demand = Rhythm(date(2026, 2, 10)).demand(datetime(2026, 2, 10 + day, 4, tzinfo=UTC))
    assert 1.6 <= demand.visits * demand.orders <= 2.2


def test_before_the_festival_carts_fill_and_orders_wait() -> None:
    demand = Rhythm(date(2026, 2, 10)).demand(datetime(2026, 2, 9, 4, tzinfo=UTC))
    assert demand.carts > 1.8
    assert demand.orders < 0.8


def test_far_from_the_festival_days_are_ordinary() -> None:
    assert Rhythm(date(2026, 2, 10)).demand(MONDAY - timedelta(days=10)) == ORDINARY


def test_a_run_holds_its_festival_when_two_thirds_are_over_unless_it_is_short() -> None:
    assert rhythm_of(Plan(30, 10, 1, date(2026, 3, 2))).festival == date(2026, 2, 20)
    assert rhythm_of(Plan(6, 10, 1, date(2026, 3, 2))).festival is None


def test_instants_fall_into_their_hours_to_the_microsecond() -> None:
    starts_at = datetime(2026, 2, 2, tzinfo=UTC)
    hours = np.repeat(np.arange(24), 100)
    instants = ORDINARY_RHYTHM.instants(starts_at, hours, np.random.default_rng(1))
    since = instants - np.datetime64("2026-02-02T00:00:00", "us")
    np.testing.assert_array_equal(since // np.timedelta64(1, "h"), hours)
    assert len(np.unique(since.astype(np.int64) % 1_000)) > 800


def test_local_hours_and_weekends_are_shanghais() -> None:
    friday_evening = np.array(["2026-02-06T15:30", "2026-02-06T16:30"], dtype="datetime64[us]")
    assert local_hours(friday_evening).tolist() == [23, 0]
    assert on_weekend(friday_evening).tolist() == [False, True]
