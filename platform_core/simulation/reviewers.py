"""Reviewers who decide cases as people do: from the evidence alone, late, and not without mistakes.

They know nothing of the truth of a run. What the evidence says is read by ``opinion``; now and then
somebody sees fraud where it shows none, or misses what it shows.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any, Final

import sqlalchemy as sa

from platform_core.access import Identity
from platform_core.moderation import Case, CaseMoved, Verdict, case, decide, queue, reasons
from platform_core.work import Ids

WRONG_ACCUSATIONS: Final = 0.03
"""Of cases whose evidence shows no fraud, those that are confirmed nevertheless."""
MISSED: Final = 0.10
"""Of cases whose evidence shows fraud, those that are dismissed nevertheless."""
DELAY: Final = timedelta(hours=20)
"""Median time from the evidence to the decision; its logarithm has the deviation below."""
DELAY_SIGMA: Final = 0.7
CASES_A_PAGE: Final = 200
CONVINCING: Final = 0.5
"""From this probability on, a score in the evidence convinces."""
REPEATED: Final = "seconds_since_previous"
"""The sign of repeats: whoever sees no other looks at the clicks themselves."""
FEWEST_REPEATS: Final = 3
HUMAN_GAP_S: Final = 20.0
"""Repeated clicks that are further apart than this could be anybody's behind one address."""
GENERAL: Final[dict[Verdict, str]] = {
    "confirmed": "confirmed_other",
    "dismissed": "insufficient_evidence",
}


@dataclass(frozen=True)
class Opinion:
    """What somebody thinks of a case, and why."""

    verdict: Verdict
    reason_code: str


@dataclass(frozen=True)
class Reviewed:
    """What a round of reviewing did: decisions by verdict, mistakes among them, cases left."""

    decided: Counter[str] = field(default_factory=Counter)
    mistakes: int = 0
    left: int = 0


def review(
    engine: sa.Engine,
    *,
    now: datetime,
    seed: int,
    wrong_accusations: float = WRONG_ACCUSATIONS,
    missed: float = MISSED,
    delay: timedelta = DELAY,
    ids: Ids | None = None,
) -> Reviewed:
    """Decide the open cases whose time has come; each only once its evidence is old enough.

    The same cases, seed and times give the same decisions.

    Raises:
        ValueError: a share of mistakes is not between 0 and 1.
    """
    if not (0 <= wrong_accusations <= 1 and 0 <= missed <= 1):
        raise ValueError(f"mistakes {wrong_accusations}, {missed}: both are shares, from 0 to 1")
    decided: Counter[str] = Counter()
    mistakes = left = 0
    for case_id in _open(engine):
        seen = case(engine, case_id)
        luck = Random(f"{seed}/{case_id}/{seen.version}")
        if now < _ready_at(seen, delay, luck):
            left += 1
            continue
        honest = opinion(seen)
        given = _mistaken(honest, seen, wrong_accusations, missed, luck)
        if _decide(engine, seen, given, seed, now, ids):
            decided[given.verdict] += 1
            mistakes += given.verdict != honest.verdict
    return Reviewed(decided, mistakes, left)


def opinion(seen: Case) -> Opinion:
    """What the evidence of a case says to somebody who reads all of it."""
    evidence = seen.evidence
    signs = {sign["sign"] for sign in evidence.get("signs", ())}
    if "clicks" in evidence and signs <= {REPEATED}:
        return _of_clicks(seen, evidence["clicks"])
    if "probability" in evidence:
        convinces = float(evidence["probability"]) >= CONVINCING
        return _general(seen, "confirmed" if convinces else "dismissed")
    if evidence.get("reason_code") in _codes(seen, "confirmed"):
        return Opinion("confirmed", evidence["reason_code"])
    return _general(seen, "dismissed")


def reviewers(seed: int) -> tuple[Identity, Identity]:
    """Two reviewers: whatever the first has decided, the second rules on when it is appealed."""
    first, second = (_identity(seed, number) for number in (1, 2))
    return first, second


def _open(engine: sa.Engine) -> list[str]:
    found: list[str] = []
    while page := queue(engine, state="open", limit=CASES_A_PAGE, offset=len(found)):
        found += [summary.case_id for summary in page]
    return found


def _ready_at(seen: Case, delay: timedelta, luck: Random) -> datetime:
    since = seen.appealed_at or seen.versions[-1].created_at
    return since + delay * luck.lognormvariate(0.0, DELAY_SIGMA)


def _of_clicks(seen: Case, clicks: list[dict[str, Any]]) -> Opinion:
    """Quick repeats in number are a machine's; a few slow ones may be neighbours at one address."""
    gaps = sorted(
        click["seconds_since_previous"]
        for click in clicks
        if click["flagged"] and click["seconds_since_previous"] is not None
    )
    quick = sum(gap < HUMAN_GAP_S for gap in gaps)
    if len(gaps) >= FEWEST_REPEATS or quick >= FEWEST_REPEATS - 1:
        return Opinion("confirmed", "impossible_repeat")
    return Opinion("dismissed", "shared_address")


def _general(seen: Case, verdict: Verdict) -> Opinion:
    known = _codes(seen, verdict)
    code = GENERAL[verdict] if GENERAL[verdict] in known else known[0]
    return Opinion(verdict, code)


def _codes(seen: Case, verdict: Verdict) -> list[str]:
    return [reason.code for reason in reasons(verdict, seen.subject_type)]


def _mistaken(
    honest: Opinion, seen: Case, wrong_accusations: float, missed: float, luck: Random
) -> Opinion:
    """The opinion, or, now and then, its opposite."""
    if honest.verdict == "confirmed" and luck.random() < missed:
        return _general(seen, "dismissed")
    if honest.verdict == "dismissed" and luck.random() < wrong_accusations:
        return _general(seen, "confirmed")
    return honest


def _decide(
    engine: sa.Engine, seen: Case, given: Opinion, seed: int, now: datetime, ids: Ids | None
) -> bool:
    first, second = reviewers(seed)
    decided_before = {decision.reviewer_id for decision in seen.decisions}
    try:
        decide(
            engine,
            seen.case_id,
            case_version=seen.version,
            verdict=given.verdict,
            reason_code=given.reason_code,
            note="",
            reviewer=second if first.account_id in decided_before else first,
            now=now,
            ids=ids,
        )
    except CaseMoved:
        return False
    return True


def _identity(seed: int, number: int) -> Identity:
    digest = sha256(f"{seed}/reviewer/{number}".encode()).hexdigest()
    return Identity(f"account_{digest[:16]}", f"reviewer.{number}@town", "reviewer", ())
