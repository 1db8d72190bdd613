"""What is still to come: tasks by their time, and what people mean to do when they next visit."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from itertools import count

from platform_core.simulation.truth import Truth
from platform_core.work import Refusal, Work

Task = Callable[[Work], object]


@dataclass(order=True)
class _Entry:
    at: datetime
    order: int
    task: Task = field(compare=False)
    cause: str | None = field(compare=False)


@dataclass
class Agenda:
    """Tasks in the order of their time; those of one moment in the order in which they came."""

    truth: Truth
    refusals: Counter[str] = field(default_factory=Counter)
    _entries: list[_Entry] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)

    def add(self, at: datetime, task: Task, cause: str | None) -> None:
        """Do something at a time, for a cause or for none."""
        heappush(self._entries, _Entry(at, next(self._order), task, cause))

    def run(self, work: Work, until: datetime) -> None:
        """Do all that is due before ``until``, and what that brings up.

        A refused task has changed nothing and is counted by the name of its refusal.
        """
        while self._entries and self._entries[0].at < until:
            self._do(work, heappop(self._entries))

    def _do(self, work: Work, entry: _Entry) -> None:
        told = len(work.told)
        try:
            with work.at(entry.at).attempt() as attempt:
                entry.task(attempt)
        except Refusal as refusal:
            self.refusals[type(refusal).__name__] += 1
        else:
            self.truth.told(work.told[told:], entry.cause)

    def __len__(self) -> int:
        return len(self._entries)
