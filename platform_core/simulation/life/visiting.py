"""A block of visits, from the first request to the last moment; one path for everybody."""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import polars as pl

from platform_core.simulation.acts.stamps import MICROSECONDS, ids
from platform_core.simulation.life.asking import answered, placed, requests, topics_opened
from platform_core.simulation.life.browsing import browse, glances
from platform_core.simulation.life.errands import acted, wanted
from platform_core.simulation.life.looking import looked
from platform_core.simulation.life.lookups import listed, met, unmet, with_impulses
from platform_core.simulation.life.lore import Lore
from platform_core.simulation.life.moments import timed

STEP: Final = ("visit", "phase", "seq", "sub", "after_s", "verb", "target", "text", "value", "link")


class Serves(Protocol):
    """Whatever answers requests for cards."""

    def serve(
        self, asked: pl.DataFrame, visits: pl.DataFrame, rng: np.random.Generator
    ) -> pl.DataFrame:
        """The cards of requests (``asking.REQUESTS_SCHEMA``), each in its place of the visit."""
        ...


@dataclass(frozen=True)
class Lived:
    """What happened in a block: timed moments, and all cards that were served."""

    happened: pl.DataFrame
    cards: pl.DataFrame


def opened(visits: pl.DataFrame, users: pl.Series, rng: np.random.Generator) -> pl.DataFrame:
    """Visits (rows of VISITS) with session and user; each begins a random moment later.

    However its beginning was drawn, the microseconds of it tell nothing.
    """
    moment = pl.Series(rng.integers(0, MICROSECONDS, visits.height)).cast(pl.Duration("us"))
    return visits.with_columns(
        pl.col("started_at") + moment,
        ids(rng, "session", visits.height).alias("session_id"),
        actor_id=users[visits["person"].cast(pl.Int64)],
    )


def live(
    visits: pl.DataFrame,
    steps: pl.DataFrame,
    serving: Serves,
    lore: Lore,
    rng: np.random.Generator,
) -> Lived:
    """Let the visits (``opened``) of a block and their steps (rows of STEPS) happen."""
    people = visits.select("visit", "person")
    planned = placed(steps).select(STEP).join(people, on="visit", maintain_order="left")
    asked = requests(visits, planned, rng)
    cards = wanted(serving.serve(asked, visits, rng), planned)
    browsed = browse(cards, lore, rng)
    acting = with_impulses(planned, browsed, lore, rng)
    found = met(cards)
    looked_up, further = listed(unmet(acting, found), lore, rng)
    happened = pl.concat(
        [
            answered(asked),
            answered(looked_up),
            topics_opened(visits, rng),
            browsed.happened,
            glances(looked(further, lore, rng), rng),
            acted(acting, _both(found, met(further)), lore, rng),
        ]
    )
    return Lived(timed(happened, visits, rng), pl.concat([cards, further], how="diagonal_relaxed"))


def _both(found: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    return pl.concat(
        [
            found.with_columns(is_listed=pl.lit(False)),
            listed.with_columns(is_listed=pl.lit(True)),
        ],
        how="vertical_relaxed",
    )
