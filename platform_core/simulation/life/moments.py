"""Moments: what happens within a visit, one after the other, and at which time each happens.

Whatever decides that something happens, a person's rates or an errand's step, it becomes a moment
here, and everything that is told follows from moments alone.
"""

from typing import Final

import numpy as np
import polars as pl

from platform_core.simulation.acts.stamps import MICROSECONDS

FIRST_STEPS, PAGES, LATER_STEPS = 0, 1, 2
"""The phases of a visit."""

SPACING: Final = 1_000
"""Between one page or step and the next, room for what happens at each of its positions."""

MOMENTS_SCHEMA: Final = pl.Schema(
    {
        "visit": pl.Int64,
        "phase": pl.Int8,
        "seq": pl.Int32,  # order within the phase
        "sub": pl.Int32,  # order within the same place
        "lead_s": pl.Float64,  # after the end of the moment before
        "stay_s": pl.Float64,  # how long it lasts
        "verb": pl.String,
        "item": pl.String,  # note, product, SKU, creative, creator, offer, brand, topic
        "request_id": pl.String,
        "surface": pl.String,
        "position": pl.Int32,
        "link": pl.String,  # the note that led here
        "text": pl.String,
        "value": pl.Int64,
    }
)
"""One row per moment; besides the verbs of steps there are ``request``, ``see_note``, ``see_ad``
and ``see_product``."""

WHO: Final = (
    "actor_id",
    "device_id",
    "session_id",
    "ip",
    "user_agent",
    "device_model",
    "os",
    "person",
    "cause",
)
"""What a moment takes over from its visit."""


def moments(visit: pl.Series, **columns: object) -> pl.DataFrame:
    """Rows of MOMENTS, one for each of ``visit``; whatever is not given is null, or 0 seconds."""
    given = {"visit": visit, "lead_s": 0.0, "stay_s": 0.0, "sub": 0, **columns}
    return pl.DataFrame(
        [_column(name, given.get(name), kind, len(visit)) for name, kind in MOMENTS_SCHEMA.items()]
    )


def _column(name: str, value: object, kind: pl.DataType, count: int) -> pl.Series:
    # straight from Series to Series: an expression costs a tenth of a millisecond, and this is
    # called twenty times a block
    if isinstance(value, pl.Series):
        return value.cast(kind).alias(name)
    if isinstance(value, np.ndarray | list):
        return pl.Series(name, value).cast(kind)
    return pl.Series(name, [value], kind).new_from_index(0, count)


def timed(happened: pl.DataFrame, visits: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """The moments with ``at`` and ``ends_at`` and with who acts, in the order of time.

    Moments at the same time are in random order.
    """
    ordered = happened.sort("visit", "phase", "seq", "sub", maintain_order=True)
    ended = (pl.col("lead_s") + pl.col("stay_s")).cum_sum().over("visit")
    joined = ordered.with_columns(ended_s=ended).join(
        visits.select("visit", "started_at", *WHO), on="visit", how="left", maintain_order="left"
    )
    start = pl.col("started_at")
    return (
        joined.with_columns(
            at=start + microseconds(pl.col("ended_s") - pl.col("stay_s")),
            ends_at=start + microseconds(pl.col("ended_s")),
            tie=pl.Series(rng.random(joined.height)),
        )
        .drop("started_at", "ended_s")
        .sort("at", "tie")
    )


def microseconds(seconds: pl.Expr) -> pl.Expr:
    return (seconds * MICROSECONDS).cast(pl.Int64).cast(pl.Duration("us"))
