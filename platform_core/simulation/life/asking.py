"""Requests for cards: the pages that a visit asks for, and the searches among its steps."""

from typing import Final

import numpy as np
import polars as pl

from platform_core.simulation.acts.stamps import ids, lognormal
from platform_core.simulation.life.moments import (
    FIRST_STEPS,
    LATER_STEPS,
    PAGES,
    SPACING,
    moments,
)

PAGE_SIZE: Final = 10
LOAD_S: Final = (0.6, 0.5)
TURN_S: Final = (1.2, 0.6)

REQUESTS_SCHEMA: Final = pl.Schema(
    {
        "request_id": pl.String,
        "visit": pl.Int64,
        "phase": pl.Int8,
        "seq": pl.Int32,
        "sub": pl.Int32,
        "after_s": pl.Float64,
        "surface": pl.String,
        "query": pl.String,
        "size": pl.Int64,
        "is_last": pl.Boolean,  # of the visit's pages: people stop somewhere on it
        "browsed": pl.Boolean,  # people decide by their own rates what to do with its cards
    }
)
"""One row per request for cards."""


def placed(steps: pl.DataFrame) -> pl.DataFrame:
    """Steps with the place in their visit: phase, seq and sub."""
    return steps.with_columns(
        phase=pl.when("first").then(FIRST_STEPS).otherwise(LATER_STEPS).cast(pl.Int8),
        seq=pl.col("step").cast(pl.Int32) * SPACING,
        sub=pl.lit(0, pl.Int32),
    )


def requests(visits: pl.DataFrame, steps: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """What the visits ask for, in the order of visits; ``steps`` are ``placed``."""
    asked = pl.concat([_pages(visits, rng), _searches(steps)]).sort(
        "visit", "phase", "seq", maintain_order=True
    )
    return identified(asked, rng)


def identified(asked: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """The requests with ids."""
    return asked.with_columns(ids(rng, "request", asked.height).alias("request_id")).select(
        pl.col(name).cast(kind) for name, kind in REQUESTS_SCHEMA.items()
    )


def answered(asked: pl.DataFrame) -> pl.DataFrame:
    """The moments at which the requests are answered."""
    return moments(
        **asked.select("visit", "phase", "seq", "sub", "request_id", "surface").to_dict(),
        lead_s=asked["after_s"],
        verb="request",
        item=asked["request_id"],
        text=asked["query"],
    )


def topics_opened(visits: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """The moments at which visits to a topic's page open it."""
    opening = visits.filter((pl.col("surface") == "topic") & (pl.col("pages") > 0))
    return moments(
        visit=opening["visit"],
        phase=PAGES,
        seq=0,
        lead_s=lognormal(rng, *LOAD_S, opening.height),
        verb="view_topic",
        item=opening["query"],
    )


def _pages(visits: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    pages = (
        visits.filter(pl.col("pages") > 0)
        .select("visit", "surface", "query", "pages", page=pl.int_ranges(1, pl.col("pages") + 1))
        .explode("page")
    )
    first, turn = LOAD_S, TURN_S
    return pages.select(
        "visit",
        phase=pl.lit(PAGES),
        seq=pl.col("page") * SPACING,
        sub=pl.lit(0),
        after_s=pl.when(pl.col("page") == 1)
        .then(pl.Series(lognormal(rng, *first, pages.height)))
        .otherwise(pl.Series(lognormal(rng, *turn, pages.height))),
        surface="surface",
        query="query",
        size=pl.lit(PAGE_SIZE),
        is_last=pl.col("page") == pl.col("pages"),
        browsed=pl.lit(True),
    ).select(_cast())


def _searches(steps: pl.DataFrame) -> pl.DataFrame:
    return (
        steps.filter(pl.col("verb") == "search")
        .select(
            "visit",
            "phase",
            "seq",
            "sub",
            "after_s",
            surface=pl.lit("search"),
            query="text",
            size=pl.lit(PAGE_SIZE),
            is_last=pl.lit(True),
            browsed=pl.lit(False),
        )
        .select(_cast())
    )


def _cast() -> list[pl.Expr]:
    return [pl.col(n).cast(t) for n, t in REQUESTS_SCHEMA.items() if n != "request_id"]
