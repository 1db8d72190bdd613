"""Scores learned from what people decided: trained weekly, used nightly once they beat the points.

A subject's model is the detector ``learned_<name>``. Its champion is a parameter of the tables that
it fills: another champion is another definition, and they are computed again.
"""

from dataclasses import dataclass
from typing import Final

from models.scorecards.scoring import KEYS
from platform_core.contract.events.moderation import SubjectType

DECISIONS: Final = ("silver.moderation_verdicts", "silver.moderation_cases")


@dataclass(frozen=True)
class Learner:
    """What is learned of one subject: its tables begin with ``name``, people with ``entity``."""

    subject: SubjectType
    name: str
    conduct: str
    entity: str

    @property
    def key(self) -> str:
        return KEYS[self.subject]

    @property
    def detector(self) -> str:
        return f"learned_{self.name}"

    @property
    def parameter(self) -> str:
        """Under which queries know the champion's version; empty as long as there is none."""
        return f"champion_{self.name}"

    @property
    def reads(self) -> tuple[str, ...]:
        """Tables from which is learned."""
        return (*DECISIONS, self.conduct, f"risk.{self.name}_scores")


LEARNERS: Final = (
    Learner("ad_click", "click", "features.click_conduct", "actor_id"),
    Learner("order", "order", "features.order_conduct", "actor_id"),
    Learner("review", "review", "features.review_conduct", "actor_id"),
    Learner("note", "note", "features.note_conduct", "creator_id"),
    Learner("user", "user", "features.user_conduct_daily", "actor_id"),
)

NUMERIC: Final = ("count", "number", "minor", "seconds", "milliseconds", "share", "score", "flag")
"""Units of columns from which may be learned; ids and days are no features."""
