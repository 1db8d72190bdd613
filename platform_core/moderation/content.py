"""Screening: every text is judged by the machine, and what it holds becomes a case for a person."""

from datetime import UTC
from hashlib import sha256
from typing import Any, Final

from platform_core.moderation.judgements import (
    ContentType,
    Judgement,
    judge,
    judgements,
    standing_of,
)
from platform_core.moderation.opening import open_within
from platform_core.moderation.precheck import PASSED, Precheck, check
from platform_core.moderation.signals import Signal, Subject
from platform_core.outbox import NOBODY
from platform_core.work import Work

DETECTOR: Final = "precheck"
DETECTOR_VERSION: Final = 1
PRIORITY: Final = 1.0
RULE: Final = {
    "zh": "机器预审命中了不应公开的内容。",
    "en": "The machine's pre-check found what should not be shown.",
}


def screen(
    work: Work,
    subject_type: ContentType,
    subject_id: str,
    *,
    title: str = "",
    text: str,
    is_disclosed_ad: bool = False,
) -> Precheck:
    """Judge a text before it is shown; a person's judgement on the same words outranks this one.

    What is held becomes a case. The same words screened again change nothing.
    """
    found = check(title, text, is_disclosed_ad)
    sha = sha256(f"{int(is_disclosed_ad)}\n{title}\n{text}".encode()).hexdigest()
    history = judgements(work.connection, subject_type, subject_id)
    if not history or _is_news(history[-1], sha, found):
        verdict, reason_code = found.verdict, found.reason_code
        judge(work, subject_type, subject_id, verdict, reason_code, text_sha256=sha, by=NOBODY)
    ruled = standing_of(history, sha)
    if ruled and ruled.judge == "person":
        return PASSED if ruled.verdict == "passed" else Precheck("held", ruled.reason_code)
    if found.verdict == "held":
        evidence = {"title": title, "text": text, "is_disclosed_ad": is_disclosed_ad}
        signal = _signal(work, subject_type, subject_id, sha, found.reason_code, evidence)
        open_within(work, [signal])
    return found


def _is_news(newest: Judgement, text_sha256: str, found: Precheck) -> bool:
    if newest.text_sha256 != text_sha256:
        return True
    return newest.judge == "machine" and newest.verdict != found.verdict


def _signal(
    work: Work,
    subject_type: ContentType,
    subject_id: str,
    text_sha256: str,
    reason_code: str,
    evidence: dict[str, Any],
) -> Signal:
    return Signal(
        case_key=f"{subject_type}/{subject_id}/{text_sha256[:16]}",
        detector=DETECTOR,
        detector_version=DETECTOR_VERSION,
        kind="sivt",
        title=reason_code,
        subjects=(Subject(subject_id, work.now.astimezone(UTC).date()),),
        subject_timezone="UTC",
        evidence={"rule": RULE, "reason_code": reason_code, **evidence},
        priority=PRIORITY,
        subject_type=subject_type,
    )
