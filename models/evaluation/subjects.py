"""What is judged: clicks, orders, reviews, notes, and the days of users."""

from functools import cache
from pathlib import Path
from typing import Final

import yaml

from models.cases import TABLES
from models.scorecards.scoring import KEYS
from platform_core.contract.events.moderation import SubjectType

SUBJECTS: Final[tuple[SubjectType, ...]] = tuple(TABLES)
KEY: Final = ["town", "subject", "subject_id", "event_date"]
"""Of one subject in frames of several towns."""
AGAIN: Final = "_again"
"""Ends the name of a further campaign of a kind, of which a town otherwise has one."""
IDLE: Final = "_idle"
"""Ends the name of a campaign whose accounts do nothing but live: strength 0."""
AS: Final = "_as_"
"""Before the name of the variant, at the end of the name of a campaign that is varied."""

__all__ = [
    "AGAIN",
    "AS",
    "IDLE",
    "KEY",
    "KEYS",
    "SUBJECTS",
    "aimed_at",
    "conduct_table",
    "signal_table",
]


def signal_table(subject: SubjectType) -> str:
    """The table of what detectors say of it."""
    return f"risk.{TABLES[subject]}_signals"


def conduct_table(subject: SubjectType) -> str:
    """The table of what is known of it, which detectors read."""
    return f"features.{TABLES[subject]}_conduct" + ("_daily" if subject == "user" else "")


@cache
def aimed_at() -> dict[str, str]:
    """The subject that each kind of fraud acts through; see ``kinds.yaml``."""
    said = yaml.safe_load((Path(__file__).parent / "kinds.yaml").read_text())
    return {kind: subject for subject, kinds in said.items() for kind in kinds}
