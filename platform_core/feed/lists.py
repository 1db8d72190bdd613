"""For every reader, each slot's notes in its order: readers x length, padded with -1."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from platform_core.appeal import Floats

Integers = npt.NDArray[np.int64]
NONE = -1


@dataclass(frozen=True)
class Listed:
    """``notes`` are numbers of the pool; ``scores`` what they are ordered by."""

    notes: Integers
    scores: Floats


def best(scores: Floats, length: int) -> Listed:
    """The notes with the highest scores of each reader; scores of 0 and less are left out.

    ``scores`` is readers x notes.
    """
    length = min(length, scores.shape[1])
    if not length:
        return nothing(len(scores))
    rest = scores.shape[1] - length
    top = np.argpartition(scores, rest - 1 if rest else 0, axis=1)[:, rest:]
    of_top = np.take_along_axis(scores, top, axis=1)
    order = np.lexsort((top, -of_top), axis=1)
    notes = np.take_along_axis(top, order, axis=1)
    sorted_scores = np.take_along_axis(of_top, order, axis=1)
    return Listed(np.where(sorted_scores > 0, notes, NONE), sorted_scores)


def of_cells(readers: Integers, notes: Integers, scores: Floats, count: int, length: int) -> Listed:
    """The same for few notes a reader, given as cells; ``count`` readers in all."""
    order = np.lexsort((notes, -scores, readers))
    readers, notes, scores = readers[order], notes[order], scores[order]
    place = np.arange(len(readers)) - np.searchsorted(readers, readers)
    near = place < length
    listed = Listed(
        np.full((count, length), NONE, dtype=np.int64), np.zeros((count, length), dtype=np.float32)
    )
    listed.notes[readers[near], place[near]] = notes[near]
    listed.scores[readers[near], place[near]] = scores[near]
    return listed


def nothing(count: int) -> Listed:
    """Empty lists."""
    return Listed(np.full((count, 1), NONE, dtype=np.int64), np.zeros((count, 1), dtype=np.float32))


def stacked(lists: list[Listed], length: int) -> Listed:
    """Slots x readers x length."""
    return Listed(
        np.stack([_padded(one.notes, length, NONE) for one in lists]),
        np.stack([_padded(one.scores, length, 0) for one in lists]),
    )


def _padded(values: npt.NDArray[np.generic], length: int, filler: int) -> npt.NDArray[np.generic]:
    values = values[:, :length]
    return np.pad(values, ((0, 0), (0, length - values.shape[1])), constant_values=filler)


def choose(plan: Integers, lists: Listed, taken: npt.NDArray[np.bool_]) -> tuple[Listed, Integers]:
    """Fill positions from top to bottom, no note twice.

    Args:
        plan: readers x positions, the number of the slot, -1 where there is no position.
        lists: slots x readers x length; slot 0 stands in where the planned one has nothing left.
        taken: readers x notes that must not be chosen; those that are chosen are added.

    Returns:
        The chosen notes with their scores, and the number of the slot that each came from.
    """
    readers = np.arange(len(plan))
    slots = np.full(plan.shape, NONE, dtype=np.int64)
    chosen = Listed(np.full(plan.shape, NONE, dtype=np.int64), np.zeros(plan.shape, np.float32))
    begin = np.zeros(lists.notes.shape[:2], dtype=np.int64)
    for position in range(plan.shape[1]):
        wanted = plan[:, position]
        slot, place = _free(np.maximum(wanted, 0), readers, lists, taken, begin)
        found = (wanted >= 0) & (place >= 0)
        rows = readers[found]
        note = lists.notes[slot[found], rows, place[found]]
        chosen.notes[rows, position] = note
        chosen.scores[rows, position] = lists.scores[slot[found], rows, place[found]]
        slots[rows, position] = slot[found]
        taken[rows, note] = True
    return chosen, slots


def _free(
    slot: Integers,
    readers: Integers,
    lists: Listed,
    taken: npt.NDArray[np.bool_],
    begin: Integers,
) -> tuple[Integers, Integers]:
    """The slot and its first place that is not taken; place -1 where nothing is left.

    ``begin`` is slots x readers: everything before is taken, and stays so.
    """
    place = _first_free(slot, readers, lists.notes, taken, begin)
    slot = np.where(place >= 0, slot, 0)
    missing = place < 0
    place[missing] = _first_free(slot[missing], readers[missing], lists.notes, taken, begin)
    return slot, place


def _first_free(
    slot: Integers,
    readers: Integers,
    notes: Integers,
    taken: npt.NDArray[np.bool_],
    begin: Integers,
) -> Integers:
    place = begin[slot, readers]
    length = notes.shape[2]
    looking = np.flatnonzero(place < length)
    while looking.size:
        note = notes[slot[looking], readers[looking], place[looking]]
        passed = (note < 0) | taken[readers[looking], note]
        looking = looking[passed]
        place[looking] += 1
        looking = looking[place[looking] < length]
    begin[slot, readers] = place
    return np.where(place < length, place, NONE)
