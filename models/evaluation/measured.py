"""All that an evaluation measured, beside what is aimed at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from models.evaluation.accusations import Accused, Detected
from models.evaluation.controls import Ceiling, Twin
from models.evaluation.intervals import Interval
from models.evaluation.recall import Found
from models.evaluation.rings import Rings

PRECISION_AIM: Final = 0.95
STRICT_PRECISION: Final = 0.98
RECALL_AIM: Final = 0.90
STRICT_RECALL_AIM: Final = 0.80
LEFT_OUT_AIM: Final = 0.60
CROWD_AIM: Final = 0.005
ORDINARY_AIM: Final = 0.0005
TWIN_AIM: Final = 0.75
CROWD_SIZE: Final = 600
ORDINARY_PEOPLE: Final = 60_000
CAMPAIGNS: Final = 20


@dataclass(frozen=True)
class Ran:
    """What was run, in words and numbers."""

    command: str
    towns: Sequence[str]
    days: int
    people: int
    subjects: int
    frauds: int
    threshold: float
    night_by_night: bool = False


@dataclass(frozen=True)
class Judged:
    """All that was measured."""

    ran: Ran
    precision: Interval
    precision_by_town: Interval
    precision_of_sivt: Interval
    """Of what more than rules of general invalid traffic flags."""
    detectors: Sequence[Detected]
    kinds: Sequence[Found]
    at_precision: Mapping[float, tuple[float, dict[str, float]] | None]
    varied: Mapping[tuple[str, str], Interval]
    """Recall by variant and kind; empty if no campaign was varied."""
    rings: Sequence[Rings]
    crowds: Sequence[Accused]
    victims: Accused
    groups: Sequence[tuple[str, Accused]]
    brier: tuple[float, float]
    reliability: Sequence[tuple[str, int, float, Interval]]
    base_rates: Sequence[tuple[float, float]]
    capacity: Sequence[tuple[int, Interval, int]]
    tell: Interval
    tell_by_part: Sequence[tuple[str, Interval]]
    twins: Sequence[Twin]
    idle: tuple[Interval, Interval]
    permuted: Sequence[tuple[str, Interval]]
    ceilings: Sequence[Ceiling]
    plots: Sequence[tuple[str, str]] = field(default_factory=list)


def accused_aim(crowd: Accused) -> float:
    """Of the people of a crowd, the share that may be accused: fewest where nothing looks odd."""
    return ORDINARY_AIM if crowd.name in {"ordinary", "victims"} else CROWD_AIM
