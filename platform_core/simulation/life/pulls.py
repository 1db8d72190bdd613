"""Notes that make people want things: purchases that would not have happened without them."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from random import Random
from typing import Any, Final

import numpy as np
import polars as pl

from platform_core.simulation.acts.stamps import chance
from platform_core.simulation.life.lore import Lore
from platform_core.simulation.life.wishes import Wish, step

INTERESTED: Final = 1.0
"""From this affinity with the note's topic on, a reader can be won."""
LEAST_READING_S: Final = 3.0
DAYS: Final = (1.4, 0.8)
"""Median and sigma of the days until somebody comes back to buy."""
SEARCHES: Final = 0.5
"""Of those who come back, who look for the product by its name."""
SEARCH_S, VIEW_S, ORDER_S = 6.0, 8.0, 16.0
STEP_SIGMA: Final = 0.6


def pulled(
    happened: pl.DataFrame,
    lore: Lore,
    visits: dict[int, dict[str, Any]],
    deaf: Collection[str],
    draw: Random,
    rng: np.random.Generator,
) -> Iterator[Wish]:
    """Wishes to buy what notes show that were just read.

    Args:
        visits: rows of VISITS by number.
        deaf: causes for which people read without caring.
    """
    read = happened.filter(
        (pl.col("verb") == "read_note")
        & (pl.col("stay_s") >= LEAST_READING_S)
        & ~pl.col("cause").is_in(sorted(deaf)).fill_null(False)
    )
    note = lore.notes.index.rows(read["item"])
    known = note >= 0
    read, note = read.filter(pl.Series(known)), note[known]
    liking = lore.traits.affinity(read["person"].cast(pl.Int64).to_numpy(), lore.notes.topic[note])
    wins = chance(rng, np.where(liking >= INTERESTED, lore.notes.pull[note], 0.0))
    for row in read.with_columns(row=note).filter(pl.Series(wins)).iter_rows(named=True):
        if shown := lore.notes.products[row["row"]]:
            yield _wish(row, draw.choice(shown), lore, visits[row["visit"]], draw)


def _wish(
    read: dict[str, Any], product: int, lore: Lore, origin: dict[str, Any], draw: Random
) -> Wish:
    product_id, query = lore.products.ids[product], lore.products.names[product]
    looks = step("search", _about(SEARCH_S, draw), text=query)
    median, sigma = DAYS
    due = read["ends_at"] + timedelta(days=median * draw.lognormvariate(0.0, sigma))
    searches = draw.random() < SEARCHES
    return Wish(
        due=due,
        steps=(
            *([looks] if searches else []),
            step("view_product", _about(VIEW_S, draw), target=product_id),
            step("order", _about(ORDER_S, draw), target=product_id),
        ),
        origin=origin,
        effect={
            "note_id": read["item"],
            "read_at": read["ends_at"],
            "query": query if searches else None,
        },
    )


def _about(median_s: float, draw: Random) -> float:
    return median_s * draw.lognormvariate(0.0, STEP_SIGMA)
