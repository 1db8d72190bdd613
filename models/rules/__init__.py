"""Rules as readable data: one YAML file each, versioned, with a description for people."""

import re
from pathlib import Path
from typing import Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator

from models.rules.lists import ListName, parameters_of

CHINESE: Final = "[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
"""A character beside which a space is none of the text's."""


class Wording(BaseModel):
    """The same words in Chinese and English."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str
    en: str

    @field_validator("zh")
    @classmethod
    def _without_the_spaces_of_folded_lines(cls, zh: str) -> str:
        return re.sub(f"(?<={CHINESE}) (?={CHINESE})", "", zh)


class Rule(BaseModel):
    """A rule; a ``shadow`` rule flags and counts, but opens no case.

    ``looks_up`` is a list kept by others that it looks things up in. ``probability`` is how far a
    flag alone can be believed: below ``accusing_probability`` it makes wait, and accuses nobody.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    version: int
    kind: Literal["givt", "sivt"]
    state: Literal["shadow", "live"]
    reads: str
    parameters: dict[str, int]
    probability: float = Field(1.0, gt=0, le=1)
    looks_up: ListName | None = None
    title: Wording
    description: Wording

    def as_parameters(self) -> dict[str, str | int | float]:
        """What a query may use: ``$<rule>_<parameter>``."""
        said = {
            "version": self.version,
            "kind": self.kind,
            "state": self.state,
            "probability": self.probability,
        }
        listed = parameters_of(self.looks_up) if self.looks_up else {}
        values = {**said, **self.parameters, **listed}
        return {f"{self.name}_{key}": value for key, value in values.items()}


def load_rules() -> dict[str, Rule]:
    """All rules by name."""
    files = sorted(Path(__file__).parent.glob("*.yaml"))
    rules = (Rule.model_validate(yaml.safe_load(f.read_text())) for f in files)
    return {rule.name: rule for rule in rules}
