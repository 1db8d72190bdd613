"""What each slot has to offer each reader."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from platform_core.appeal import Floats
from platform_core.feed.layout import SLOTS
from platform_core.feed.lists import Integers, Listed, best, of_cells, stacked
from platform_core.feed.pool import Pool
from platform_core.feed.readers import Readers
from platform_core.feed.recommendations import Recommendations
from platform_core.feed.seen import Seen

CURIOSITY: Final = 0.1
"""What a note is worth that is about nothing the reader cares for; 1 is all they care for."""
SEEN_AGAIN: Final = 0.02
"""What remains of the score of a note that was served before: it comes when all else is used."""
FRESH_HOURS: Final = 24
WELL_RECEIVED: Final = 200
"""The notes from which slot ``quality`` is filled."""

Flags = npt.NDArray[np.bool_]
Cells = tuple[Integers, Integers, Floats]


@dataclass(frozen=True)
class Audience:
    """Those whose lists are filled together; all arrays are readers x topics or notes."""

    weights: Floats
    may_see: Flags
    has_seen: Flags
    follows_only: Flags
    followed: Cells
    recommended: Cells

    @classmethod
    def of(
        cls,
        lists: pl.DataFrame,
        pool: Pool,
        readers: Readers,
        recommendations: Recommendations | None,
        seen: Seen,
    ) -> "Audience":
        """``lists`` has ``user_id``, ``surface`` and ``query``, one row a reader."""
        people = lists["user_id"].to_list()
        rows = lists.select("user_id", pl.int_range(pl.len()).alias("row"))
        has_seen = np.zeros((len(people), len(pool.note_ids)), dtype=np.bool_)
        has_seen[seen.among(people, pool.note_ids)] = True
        return cls(
            weights=readers.weights(people, pool.topics),
            may_see=_may_see(lists, rows, pool, readers),
            has_seen=has_seen,
            follows_only=(lists["surface"] == "follow").to_numpy(),
            followed=_followed(rows, pool, readers),
            recommended=_recommended(rows, pool, recommendations),
        )


def slot_lists(audience: Audience, pool: Pool, length: int, rng: np.random.Generator) -> Listed:
    """Every slot's notes for every reader, in the order of ``SLOTS``: slots x readers x length."""
    fits = audience.weights @ pool.about.T
    fits += CURIOSITY
    fits *= audience.may_see
    unseen = fits * ~audience.has_seen
    of_slot = {
        "interest": best(_by_interest(fits, audience, pool), length),
        "fresh": best(unseen[:, : np.searchsorted(pool.age_hours, FRESH_HOURS)], length),
        "quality": _well_received(unseen, pool, length),
        "recommended": _cells(audience.recommended, audience, length, only_unseen=True),
        "follow": _cells(audience.followed, audience, length, only_unseen=False),
        "explore": _drawn(audience, length, rng),
    }
    return stacked([of_slot[slot] for slot in SLOTS], length)


def _by_interest(fits: Floats, audience: Audience, pool: Pool) -> Floats:
    scores: Floats = fits * (pool.freshness * pool.quality)
    rows, columns = np.nonzero(audience.has_seen)
    scores[rows, columns] *= SEEN_AGAIN
    scores[audience.follows_only] = 0
    return scores


def _well_received(unseen: Floats, pool: Pool, length: int) -> Listed:
    top = np.argsort(-pool.quality, kind="stable")[:WELL_RECEIVED]
    listed = best(unseen[:, top] * pool.quality[top], length)
    return Listed(np.where(listed.notes >= 0, top[listed.notes], -1), listed.scores)


def _cells(cells: Cells, audience: Audience, length: int, *, only_unseen: bool) -> Listed:
    readers, notes, scores = cells
    shown = audience.may_see[readers, notes]
    if only_unseen:
        shown &= ~audience.has_seen[readers, notes]
    return of_cells(readers[shown], notes[shown], scores[shown], len(audience.may_see), length)


def _drawn(audience: Audience, length: int, rng: np.random.Generator) -> Listed:
    """Notes drawn evenly; the score is the chance of each."""
    readers, count = audience.may_see.shape
    notes = rng.integers(0, count, (readers, length))
    shown = np.take_along_axis(audience.may_see, notes, axis=1)
    return Listed(np.where(shown, notes, -1), np.full(notes.shape, 1 / count, dtype=np.float32))


def _may_see(lists: pl.DataFrame, rows: pl.DataFrame, pool: Pool, readers: Readers) -> Flags:
    """Not what they have hidden, nor their own; on a topic's page what is about it."""
    may_see = np.ones((len(lists), len(pool.note_ids)), dtype=np.bool_)
    numbers = pl.DataFrame({"note_id": pool.note_ids, "note": range(len(pool.note_ids))})
    hidden = rows.join(readers.hidden, on="user_id").join(numbers, on="note_id")
    may_see[hidden["row"].to_numpy(), hidden["note"].to_numpy()] = False
    own = rows.join(pool.creators, left_on="user_id", right_on="creator_id")
    may_see[own["row"].to_numpy(), own["note"].to_numpy()] = False
    on_topic = (lists["surface"] == "topic").to_numpy()
    for row in np.flatnonzero(on_topic):
        column = pool.topics.get(lists["query"][int(row)])
        may_see[row] &= False if column is None else pool.about[:, column] > 0
    return may_see


def _followed(rows: pl.DataFrame, pool: Pool, readers: Readers) -> Cells:
    """By followed creators; the newest first."""
    cells = rows.join(readers.followed, on="user_id").join(pool.creators, on="creator_id")
    notes = cells["note"].to_numpy()
    return cells["row"].to_numpy(), notes, pool.freshness[notes]


def _recommended(rows: pl.DataFrame, pool: Pool, recommendations: Recommendations | None) -> Cells:
    if recommendations is None:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32)
    people = rows["user_id"].drop_nulls().unique().to_list()
    numbers = pl.DataFrame({"note_id": pool.note_ids, "note": range(len(pool.note_ids))})
    cells = recommendations.of(people).join(rows, on="user_id").join(numbers, on="note_id")
    scores = cells["score"].to_numpy().astype(np.float32)
    return cells["row"].to_numpy(), cells["note"].to_numpy(), scores
