"""Feed, topic and follow pages: positions filled from the pool, reader by reader."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from platform_core.feed.layout import EXPLORED, FEED, SLOTS
from platform_core.feed.lists import Integers, Listed, choose
from platform_core.feed.pool import Pool
from platform_core.feed.readers import Readers
from platform_core.feed.recommendations import Recommendations
from platform_core.feed.seen import Seen
from platform_core.feed.tastes import Audience, slot_lists

LISTS_PER_ROUND: Final = 256
MAX_PLACES: Final = 400
"""So far down a list is looked; no person goes further, and a machine need not."""
SPARE: Final = 16
"""Notes beyond the positions, for those that an ad of the page already shows."""
REASONS: Final = {
    "fresh": "new",
    "quality": "well_received",
    "recommended": "recommended",
    "follow": "followed_creator",
    "explore": "explored",
}
CARDS: Final = pl.Schema(
    {
        "request_id": pl.String,
        "position": pl.Int64,
        "slot": pl.String,
        "kind": pl.String,
        "item_id": pl.String,
        "score": pl.Float64,
        "reason": pl.String,
        "note_id": pl.String,
    }
)


@dataclass(frozen=True)
class _Round:
    """Some lists of cells: their readers, and what each position is planned to hold."""

    cells: pl.DataFrame
    lists: pl.DataFrame
    plan: Integers


def browse(
    cells: pl.DataFrame,
    ads: pl.DataFrame,
    pool: Pool,
    readers: Readers,
    recommendations: Recommendations | None,
    seen: Seen,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """Fill the open positions (rows of ``open_positions``) with notes; rows of ``CARDS``."""
    cells = cells.filter(pl.col("place") < MAX_PLACES)
    if cells.is_empty() or not pool.note_ids:
        return CARDS.to_frame()
    cells = cells.with_columns(_planned(cells, rng))
    shown = cells.select("list", "request_id").unique().join(ads, on="request_id")
    filled = []
    for some in _rounds(cells):
        audience = Audience.of(some.lists, pool, readers, recommendations, seen)
        taken = _taken(some.lists, shown, pool)
        lists = slot_lists(audience, pool, some.plan.shape[1] + SPARE, rng)
        chosen, slots = choose(some.plan, lists, taken)
        filled.append(_cards(some, chosen, slots, audience, pool))
    return pl.concat(filled)


def _planned(cells: pl.DataFrame, rng: np.random.Generator) -> pl.Series:
    """The number of the slot that each position is planned for."""
    numbers = {slot: number for number, slot in enumerate(SLOTS)}
    layout = np.array([numbers[slot] for slot in FEED])
    plan = layout[(cells["position"].to_numpy() - 1) % len(FEED)]
    plan = np.where(rng.random(len(plan)) < EXPLORED, numbers["explore"], plan)
    follows = (cells["surface"] == "follow").to_numpy()
    return pl.Series("plan", np.where(follows, numbers["follow"], plan))


def _rounds(cells: pl.DataFrame) -> Iterator[_Round]:
    """Lists of a like length go together, so that short ones are not padded to the longest."""
    columns = pl.col("user_id", "surface", "query").first()
    lists = cells.group_by("list").agg(columns, pl.len().alias("length")).sort("length", "list")
    for some in lists.iter_slices(LISTS_PER_ROUND):
        rows = some.select("list", pl.int_range(pl.len()).alias("row"))
        of_some = cells.join(rows, on="list", maintain_order="left")
        plan = np.full((len(some), int(some["length"].to_numpy().max())), -1, dtype=np.int64)
        plan[of_some["row"].to_numpy(), of_some["place"].to_numpy()] = of_some["plan"].to_numpy()
        yield _Round(of_some, some, plan)


def _taken(lists: pl.DataFrame, shown: pl.DataFrame, pool: Pool) -> npt.NDArray[np.bool_]:
    """Lists x notes: an ad of one of the list's pages shows the note already."""
    taken = np.zeros((len(lists), len(pool.note_ids)), dtype=np.bool_)
    rows = lists.select("list", pl.int_range(pl.len()).alias("row")).join(shown, on="list")
    for row, note_id in zip(rows["row"], rows["note_id"], strict=True):
        if note_id in pool.numbers:
            taken[row, pool.numbers[note_id]] = True
    return taken


def _cards(
    some: _Round, chosen: Listed, slots: Integers, audience: Audience, pool: Pool
) -> pl.DataFrame:
    rows, places = some.cells["row"].to_numpy(), some.cells["place"].to_numpy()
    notes, numbers = chosen.notes[rows, places], slots[rows, places]
    found = notes >= 0
    note_ids = pl.Series(pool.note_ids, dtype=pl.String).gather(notes[found])
    slot = pl.Series(SLOTS).gather(numbers[found])
    return pl.DataFrame(
        {
            "request_id": some.cells["request_id"].filter(pl.Series(found)),
            "position": some.cells["position"].filter(pl.Series(found)),
            "slot": slot,
            "kind": pl.repeat("note", int(found.sum()), eager=True),
            "item_id": note_ids,
            "score": chosen.scores[rows, places][found].astype(np.float64),
            "reason": slot.replace_strict(REASONS, default=None, return_dtype=pl.String),
            "note_id": note_ids,
        },
        schema=CARDS,
    ).with_columns(pl.col("reason").fill_null(_interest(audience, pool, rows[found], notes[found])))


def _interest(audience: Audience, pool: Pool, rows: Integers, notes: Integers) -> pl.Series:
    """The topic of the note that the reader cares for most."""
    shared = audience.weights[rows] * pool.about[notes]
    if not pool.topics:
        return pl.Series(["popular"] * len(rows), dtype=pl.String)
    names = pl.Series([f"interest:{topic}" for topic in pool.topics], dtype=pl.String)
    none = pl.Series((shared.max(axis=1) == 0) if len(rows) else [], dtype=pl.Boolean)
    best = names.gather(np.argmax(shared, axis=1))
    return pl.select(pl.when(none).then(pl.lit("popular")).otherwise(best)).to_series()
