"""What people mean to do when they next open the app: review, send back, buy what they read of.

A wish is fulfilled in the person's next visit that is due, or, if none comes for some days, in one
of its own from where it was wished. Honest people and campaigns wish alike.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

import polars as pl

from platform_core.simulation.life.moments import SPACING
from platform_core.simulation.plan import STEPS_SCHEMA, VISITS_SCHEMA

PATIENCE: Final = timedelta(days=2)
FIRST_WISH: Final = 500
"""Number of the first step of a wish within a visit; errands have fewer steps."""
SAME_HOUR: Final = timedelta(minutes=80)
OWN_PAGES: Final = (0, 1, 1, 2)

Row = dict[str, Any]


@dataclass(frozen=True)
class Wish:
    """Steps that somebody will take; ``origin`` is the visit (row of VISITS) of the wish."""

    due: datetime
    steps: tuple[Row, ...]
    origin: Row
    effect: Any = None
    """What is to be noted when its order is placed."""


@dataclass
class Wishes:
    """All that is wished and not yet taken up."""

    _wishes: defaultdict[tuple[int, str | None], list[Wish]] = field(
        default_factory=lambda: defaultdict(list)
    )
    effects: dict[tuple[int, int], Any] = field(default_factory=dict)
    """The effect of a wished order, by visit and place, while its day lasts."""

    def add(self, wish: Wish) -> None:
        """Keep a wish; the earliest is fulfilled first."""
        wishes = self._wishes[wish.origin["person"], wish.origin["cause"]]
        wishes.append(wish)
        wishes.sort(key=lambda other: other.due)

    def fulfil(
        self, visits: pl.DataFrame, day_starts_at: datetime, free_visit: int, draw: Random
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """What of the day's visits come of wishes.

        Args:
            visits: the day's other visits.
            free_visit: the first number of a visit that is not taken.

        Returns:
            Further visits, and steps of these and of the others.
        """
        until = day_starts_at + timedelta(days=1)
        times = _times(visits, self._wishes.keys())
        own: list[Row] = []
        steps: list[Row] = []
        taken: Counter[int] = Counter()
        self.effects = {}
        for key in list(self._wishes):
            left = []
            for wish in self._wishes[key]:
                visit = _next(times.get(key, ()), wish.due)
                if visit is None and wish.due + PATIENCE < until:
                    own.append(_visit_of(wish, free_visit + len(own), day_starts_at, draw))
                    visit = own[-1]["visit"]
                if visit is None:
                    left.append(wish)
                else:
                    steps += self._taken_up(wish, visit, taken)
            self._keep(key, left)
        return pl.DataFrame(own, VISITS_SCHEMA), pl.DataFrame(steps, STEPS_SCHEMA)

    def _taken_up(self, wish: Wish, visit: int, taken: Counter[int]) -> list[Row]:
        numbered = [
            {**step, "visit": visit, "step": number, "first": False}
            for number, step in enumerate(wish.steps, start=FIRST_WISH + taken[visit])
        ]
        taken[visit] += len(numbered)
        for step in numbered:
            if step["verb"] == "order" and wish.effect:
                self.effects[visit, SPACING * step["step"]] = wish.effect
        return numbered

    def _keep(self, key: tuple[int, str | None], left: list[Wish]) -> None:
        if left:
            self._wishes[key] = left
        else:
            del self._wishes[key]

    def __len__(self) -> int:
        return sum(map(len, self._wishes.values()))


def step(verb: str, after_s: float, **rest: Any) -> Row:
    """One step of a wish."""
    empty: Row = {"target": None, "text": None, "value": None, "link": None}
    return {"verb": verb, "after_s": after_s, **empty, **rest}


Times = dict[tuple[int, str | None], list[tuple[datetime, int]]]


def _times(visits: pl.DataFrame, wishers: Any) -> Times:
    """When those who wish something visit, in the order of time."""
    times: Times = {}
    ordered = visits.select("person", "cause", "started_at", "visit").sort("started_at", "visit")
    people = pl.Series([person for person, _ in wishers], dtype=pl.Int32)
    for person, cause, started_at, visit in ordered.filter(
        pl.col("person").is_in(people.implode())
    ).iter_rows():
        times.setdefault((person, cause), []).append((started_at, visit))
    return times


def _next(times: Any, due: datetime) -> int | None:
    place = bisect_left(times, (due,))
    return times[place][1] if place < len(times) else None


def _visit_of(wish: Wish, number: int, day_starts_at: datetime, draw: Random) -> Row:
    """A visit of its own, at about the hour of the visit in which it was wished."""
    then: datetime = wish.origin["started_at"]
    hour = then - then.replace(hour=0, minute=0, second=0, microsecond=0)
    around = hour + SAME_HOUR * draw.uniform(-1, 1)
    within = timedelta(seconds=around.total_seconds() % 86_400)
    return {
        **wish.origin,
        "visit": number,
        "started_at": day_starts_at + within,
        "pages": draw.choice(OWN_PAGES),
        "surface": "feed",
        "query": None,
    }
