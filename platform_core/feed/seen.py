"""What people were served lately, so that the next page does not repeat it."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]

REMEMBERED: Final = 256
"""Notes that are remembered of each person: the last ones."""
NOBODY: Final = -1


class Seen:
    """The last notes that each person was served; outlives the rankers that use it.

    Takes 1 kB a person, however long it is used.
    """

    def __init__(self) -> None:
        self._people: dict[str, int] = {}
        self._notes: dict[str, int] = {}
        self._rings = np.full((0, REMEMBERED), NOBODY, dtype=np.int32)
        self._ends = np.zeros(0, dtype=np.int64)

    def add(self, people: Sequence[str], notes: Sequence[str]) -> None:
        """Remember that each of ``people`` was served the note beside."""
        if not people:
            return
        rows = self._rows(people)
        codes = [self._notes.setdefault(note, len(self._notes)) for note in notes]
        order = np.argsort(rows, kind="stable")
        rows = rows[order]
        starts = np.r_[0, np.flatnonzero(np.diff(rows)) + 1]
        counts = np.diff(np.r_[starts, len(rows)])
        within = np.arange(len(rows)) - np.repeat(starts, counts)
        places = (self._ends[rows] + within) % REMEMBERED
        self._rings[rows, places] = np.array(codes, dtype=np.int32)[order]
        self._ends[rows[starts]] += counts

    def among(
        self, people: Sequence[str | None], notes: Sequence[str]
    ) -> tuple[Integers, Integers]:
        """Where ``people`` x ``notes`` has notes that were served: rows and columns."""
        places = np.full(len(self._notes) + 1, NOBODY, dtype=np.int64)
        for column, note in enumerate(notes):
            code = self._notes.get(note)
            if code is not None:
                places[code] = column
        known = [(row, self._people.get(person or "", NOBODY)) for row, person in enumerate(people)]
        asked = np.array([pair for pair in known if pair[1] != NOBODY], dtype=np.int64)
        if not len(asked):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        columns = places[self._rings[asked[:, 1]]]
        rows = np.broadcast_to(asked[:, :1], columns.shape)
        return rows[columns != NOBODY], columns[columns != NOBODY]

    def _rows(self, people: Sequence[str]) -> Integers:
        rows = [self._people.setdefault(person, len(self._people)) for person in people]
        missing = len(self._people) - len(self._rings)
        if missing > 0:
            room = max(missing, len(self._rings))
            empty = np.full((room, REMEMBERED), NOBODY, dtype=np.int32)
            self._rings = np.concatenate([self._rings, empty])
            self._ends = np.concatenate([self._ends, np.zeros(room, dtype=np.int64)])
        return np.array(rows, dtype=np.int64)
