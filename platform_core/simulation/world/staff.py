"""The people who run the brands' accounts: they sign up first and write about their own wares."""

from typing import Final

import numpy as np
import polars as pl

from platform_core.outbox import Origin
from platform_core.simulation.people import people
from platform_core.simulation.people.people import HISTORY_DAYS, Townspeople, chosen_interests
from platform_core.simulation.people.rhythm import profile_names
from platform_core.simulation.plan import Plan
from platform_core.simulation.words.vocabulary import vocabulary
from platform_core.users import Device, become_creator, sign_up
from platform_core.work import Work

WORKING_DAY: Final = (1.0, 9.0)
"""Hours (UTC) in which they are at work in Shanghai."""
NOTES_A_WEEK: Final = 2.5
VISITS_A_DAY: Final = 0.8


def hired(plan: Plan, rng: np.random.Generator) -> Townspeople:
    """One person for each brand, in the brands' order, who buys nothing; not signed up yet."""
    count = len(vocabulary("brands")["brands"])
    opening = np.datetime64(plan.day_starts_at(-HISTORY_DAYS).replace(tzinfo=None), "us")
    hours = rng.uniform(*WORKING_DAY, count) * 3.6e9
    drawn = people.draw(
        plan, count, rng, joins_at=opening + hours.astype(np.int64).astype("timedelta64[us]")
    )
    frame = drawn.frame.with_columns(
        has_avatar=pl.lit(True),
        has_bio=pl.lit(True),
        is_creator=pl.lit(True),
        hour_profile=pl.lit(profile_names().index("office"), pl.Int8),
        notes_a_week=pl.lit(NOTES_A_WEEK, pl.Float32),
        visits_a_day=pl.lit(VISITS_A_DAY, pl.Float32),
        buy_rate=pl.lit(0.0, pl.Float32),
        review_rate=pl.lit(0.0, pl.Float32),
    )
    return Townspeople(frame, drawn.interests)


def signed_up(work: Work, staff: Townspeople, topics: tuple[str, ...]) -> Townspeople:
    """The staff with user ids: they have joined and may publish."""
    chosen = chosen_interests(staff.interests, topics)
    rows = staff.frame.iter_rows(named=True)
    ids = []
    for row, interests in zip(rows, chosen, strict=True):
        then = work.at(row["joins_at"])
        by = origin(row)
        user_id = sign_up(
            then,
            **{name: row[name] for name in ("city", "city_tier", "gender", "birth_year")},
            has_avatar=row["has_avatar"],
            has_bio=row["has_bio"],
            interests=interests,
            device=_device(row),
            by=by,
        )
        become_creator(then, user_id, by=Origin(**vars(by) | {"actor_id": user_id}))
        ids.append(user_id)
    frame = staff.frame.with_columns(user_id=pl.Series(ids, dtype=pl.String))
    return Townspeople(frame, staff.interests)


def origin(row: dict[str, object]) -> Origin:
    """Where a person (a row of PEOPLE) acts from when at work, or else at home."""
    device: dict[str, str] = row["devices"][0]  # type: ignore[index]
    return Origin(
        actor_id=row["user_id"],  # type: ignore[arg-type]
        device_id=device["device_id"],
        ip=row["work_ip"] or row["home_ip"],  # type: ignore[arg-type]
        user_agent=device["user_agent"],
    )


def _device(row: dict[str, object]) -> Device:
    device: dict[str, str] = row["devices"][0]  # type: ignore[index]
    return Device(device["device_id"], device["model"], device["os"])
