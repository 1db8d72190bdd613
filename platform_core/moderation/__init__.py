"""Moderation: signals become cases, people decide them, and every decision is kept.

Texts are screened by the machine before they are shown; what it holds becomes a case as well.
"""

from platform_core.contract.events.moderation import SubjectType
from platform_core.moderation.appeals import AlreadyAppealed, Appeal, NothingToAppeal, appeal
from platform_core.moderation.cases import Case, CaseVersion, case
from platform_core.moderation.content import screen
from platform_core.moderation.decisions import (
    CaseMoved,
    Decision,
    NotAReviewer,
    SameReviewer,
    decide,
)
from platform_core.moderation.judgements import Judgement, judge, judgements, standing
from platform_core.moderation.opening import OpenReport, open_cases
from platform_core.moderation.ranking import CaseSummary, CaseUnknown, State, counts, queue
from platform_core.moderation.reasons import REASONS, Reason, Verdict, reasons
from platform_core.moderation.signals import Kind, Signal, Subject

__all__ = [
    "REASONS",
    "AlreadyAppealed",
    "Appeal",
    "Case",
    "CaseMoved",
    "CaseSummary",
    "CaseUnknown",
    "CaseVersion",
    "Decision",
    "Judgement",
    "Kind",
    "NotAReviewer",
    "NothingToAppeal",
    "OpenReport",
    "Reason",
    "SameReviewer",
    "Signal",
    "State",
    "Subject",
    "SubjectType",
    "Verdict",
    "appeal",
    "case",
    "counts",
    "decide",
    "judge",
    "judgements",
    "open_cases",
    "queue",
    "reasons",
    "screen",
    "standing",
]
