"""Moderation: signals become cases, people decide them, and every decision is kept."""

from platform_core.moderation.cases import Case, CaseVersion, case
from platform_core.moderation.decisions import CaseMoved, Decision, NotAReviewer, decide
from platform_core.moderation.opening import OpenReport, open_cases
from platform_core.moderation.ranking import CaseSummary, CaseUnknown, State, counts, queue
from platform_core.moderation.reasons import REASONS, Reason, Verdict
from platform_core.moderation.signals import Kind, Signal, Subject

__all__ = [
    "REASONS",
    "Case",
    "CaseMoved",
    "CaseSummary",
    "CaseUnknown",
    "CaseVersion",
    "Decision",
    "Kind",
    "NotAReviewer",
    "OpenReport",
    "Reason",
    "Signal",
    "State",
    "Subject",
    "Verdict",
    "case",
    "counts",
    "decide",
    "open_cases",
    "queue",
]
