"""The groups within one town: who they are, what they do each day, for whom and against whom."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from platform_core.simulation.groups.circumstances import changing
from platform_core.simulation.groups.parties import Parties, Stakeholder, choose
from platform_core.simulation.groups.recruit import Recruits
from platform_core.simulation.groups.scene import Town, scene_of
from platform_core.simulation.groups.schedules import Rows
from platform_core.simulation.groups.targets import Aims
from platform_core.simulation.plan import Plan


@dataclass(frozen=True)
class Crew:
    """A group's members and plan, with what it aims at."""

    recruits: Recruits
    aims: Aims

    @property
    def parties(self) -> Parties:
        return self.aims.parties

    @property
    def id(self) -> str:
        return self.recruits.group.id

    def acting(self, day: int, rng: np.random.Generator) -> Rows:
        """The person of each errand of a day."""
        of = self.recruits
        if of.group.schedule.once:
            return np.asarray(of.members[of.once_on == day])
        there = of.joins_on <= day
        if day not in of.span or not there.any():
            return np.empty(0, np.int64)
        active = of.active[there]
        count = int(of.counts[day - of.span.first])
        who = rng.choice(of.members[there], count, p=active / active.sum())
        return np.asarray(who, np.int64)

    def cause(self, plan: Plan) -> dict[str, Any]:
        """What truth says of the group: its aim, its parties and when it was active."""
        group, when = self.recruits.group, self.recruits.span
        return {
            "id": group.id,
            "kind": group.id,
            "about": group.about,
            "is_fraud": group.is_fraud,
            "twin_of": list(group.twin_of),
            "goal": group.goal,
            "strength": group.strength,
            "budget": group.budget.model_dump() if group.budget else None,
            "beneficiary": _told(self.parties.beneficiary),
            "victim": _told(self.parties.victim),
            "members": len(self.recruits.members),
            "errands": int(self.recruits.counts.sum()),
            "from": plan.day_starts_at(when.first).isoformat(),
            "to": plan.day_starts_at(when.end).isoformat(),
        }

    def accounts(self, people: pl.DataFrame) -> Iterator[tuple[str, str, str]]:
        """User id, cause and role of all who have to do with it and have signed up."""
        role = "hijacked" if self.recruits.group.actors.hijacked else "member"
        roles = [(int(person), role) for person in self.recruits.members]
        for side in ("beneficiary", "victim"):
            stakeholder = self.parties.side(side)
            if stakeholder and stakeholder.what == "creator":
                roles += [(person, side) for person in stakeholder.persons]
        for person, part in roles:
            user_id = people["user_id"][person]
            if user_id is not None:
                yield user_id, self.id, part


def crews_of(
    plan: Plan,
    recruits: Iterable[Recruits],
    town: Town,
    people: pl.DataFrame,
    notes: pl.DataFrame,
) -> tuple[Crew, ...]:
    """The crews of a town that stands: everybody knows now for and against whom they act.

    Args:
        people: rows of PEOPLE; creators who are to gain or lose have signed up.
        notes: rows of NOTES that are there before the run.

    Raises:
        ValueError: the town has nobody who fits; the message names the group and the party.
    """
    scene = scene_of(town, people, notes, plan.starts_at)
    crews = []
    for of in recruits:
        members = tuple(of.members.tolist())
        parties = choose(of.group, scene, members, plan.rng(f"parties/{of.group.id}"))
        crews.append(Crew(of, Aims(parties, members)))
    return tuple(crews)


def people_on(plan: Plan, crews: Sequence[Crew], people: pl.DataFrame, day: int) -> pl.DataFrame:
    """The people with the devices and addresses that they have on a day of the run."""
    groups = [(crew.recruits.group, crew.recruits.members) for crew in crews]
    return changing(plan, groups, people, day)


def _told(side: Stakeholder | None) -> dict[str, Any] | None:
    return {"what": side.what, "id": side.id, "name": side.name} if side else None
