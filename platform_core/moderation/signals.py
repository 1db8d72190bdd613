"""What detectors say: a signal names the subjects that it finds suspicious, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from platform_core.contract.events.moderation import SubjectType

Kind = Literal["givt", "sivt"]


@dataclass(frozen=True)
class Subject:
    """One suspicious fact and the reporting-local day on which it counts."""

    subject_id: str
    event_date: date


@dataclass(frozen=True)
class Signal:
    """A detector's suspicion; signals with one ``case_key`` are one matter to a reviewer.

    ``evidence`` is JSON that will be frozen as it is; a higher ``priority`` is reviewed earlier.
    ``subject_timezone`` is the zone of the subjects' days, ``subject_type`` what all of them are.
    """

    case_key: str
    detector: str
    detector_version: int
    kind: Kind
    title: str
    subjects: tuple[Subject, ...]
    subject_timezone: str
    evidence: Mapping[str, Any]
    priority: float
    subject_type: SubjectType = "ad_click"
