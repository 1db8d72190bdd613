"""Detectors that need no labels: points for signs, as readable data, one YAML file a subject.

A sign is a condition on one column of the subject's conduct. A detector speaks only when its signs
have points enough *and* are of at least two families: no sign alone, however strong, accuses.
"""

from functools import cached_property
from pathlib import Path
from typing import Literal, Self

import sqlglot
import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from sqlglot import exp

from models.rules import Wording
from platform_core.contract.events.moderation import SubjectType

FOLDER = Path(__file__).parent

Family = Literal["time", "newness", "identity", "text", "outcome", "density", "network"]
"""Ways to be suspicious that an honest life rarely joins."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sign(_Data):
    """One condition on one column, and what it counts."""

    name: str
    family: Family
    when: str
    points: int = Field(gt=0)
    zh: str
    en: str

    @cached_property
    def column(self) -> str:
        """The column that the condition is on."""
        (name,) = self._columns(self.when)
        return name

    @field_validator("when")
    @classmethod
    def _of_one_column(cls, when: str) -> str:
        if len(cls._columns(when)) != 1:
            raise ValueError(f"{when!r}: a sign is a condition on exactly one column")
        return when

    @staticmethod
    def _columns(condition: str) -> set[str]:
        tree = sqlglot.parse_one(condition, read="duckdb")
        return {column.name for column in tree.find_all(exp.Column)}


class Needs(_Data):
    """From where on a detector accuses, and from where on it only asks a person to look.

    ``signs``: those without which it is silent, however many points the others give.
    """

    points: int = Field(gt=0)
    to_wait: int | None = Field(default=None, gt=0)
    families: int = Field(ge=2)
    signs: list[str] = Field(default_factory=list)

    @property
    def to_speak(self) -> int:
        """The fewest points of a signal."""
        return self.to_wait or self.points

    @model_validator(mode="after")
    def _waits_before_it_accuses(self) -> Self:
        if self.to_speak > self.points:
            raise ValueError(f"{self.to_wait} points to wait, but {self.points} to accuse")
        return self


class Detector(_Data):
    """Signs of one way to cheat; a ``shadow`` detector flags and counts, but opens no case."""

    name: str
    state: Literal["shadow", "live"] = "live"
    title: Wording
    description: Wording
    case_by: list[str] = Field(min_length=1)
    needs: Needs
    signs: list[Sign] = Field(min_length=2)

    @model_validator(mode="after")
    def _can_speak(self) -> Self:
        points = sum(sign.points for sign in self.signs)
        families = {sign.family for sign in self.signs}
        if points < self.needs.points or len(families) < self.needs.families:
            raise ValueError(
                f"{self.name}: all signs together have {points} points of {len(families)} "
                f"families, and it needs {self.needs.points} of {self.needs.families}"
            )
        unknown = set(self.needs.signs) - {sign.name for sign in self.signs}
        if unknown:
            raise ValueError(f"{self.name}: needs signs that it does not have: {sorted(unknown)}")
        return self


class Scorecard(_Data):
    """The detectors of one subject; all read one table of its conduct."""

    subject: SubjectType
    reads: str
    version: int
    kind: Literal["givt", "sivt"]
    detectors: list[Detector]


def load_scorecard(name: str) -> Scorecard:
    """The scorecard in ``<name>.yaml``."""
    return Scorecard.model_validate(yaml.safe_load((FOLDER / f"{name}.yaml").read_text()))


def load_scorecards() -> list[Scorecard]:
    """All scorecards, in order of their subjects."""
    return [load_scorecard(path.stem) for path in sorted(FOLDER.glob("*.yaml"))]


def load_detectors() -> dict[str, Detector]:
    """The detectors of all scorecards by name."""
    return {d.name: d for card in load_scorecards() for d in card.detectors}
