"""Cases and actors in words."""

from functools import cache
from typing import Final

from dashboards.formats import Language
from dashboards.strings import known, speaker
from models.cases import RANDOM, RANDOM_TITLE
from models.learning import LEARNERS
from models.rules import Wording, load_rules
from models.scorecards import load_detectors
from platform_core.moderation import CaseSummary

PSEUDONYM_LETTERS: Final = 12
LEARNED_TITLE: Final = Wording(zh="模型识别", en="Found by the model")


@cache
def titles() -> dict[str, Wording]:
    """What each rule and detector finds; they are files, and do not change while the app runs."""
    found = {name: one.title for name, one in (load_rules() | load_detectors()).items()}
    return found | {RANDOM: RANDOM_TITLE} | {one.detector: LEARNED_TITLE for one in LEARNERS}


def case_title(case: CaseSummary, language: Language) -> str:
    """What was found, and where: ``不可能的重复点击 · 计划 12``."""
    words = titles().get(case.detector)
    if words is None:
        return f"{case.detector} · {case.title}"
    found = words.zh if language == "zh" else words.en
    where = f"case.title.{case.subject_type}"
    key = where if known(where) and ":" not in case.title else "case.title"
    return speaker(language)(key, found=found, title=case.title)


def actor_part(name: str, value: str, language: Language) -> str:
    """One thing that is known of an actor, in Markdown; a long pseudonym is cut."""
    key = f"actor.{name}"
    word = speaker(language)(key) if known(key) else name
    shown = value if len(value) <= PSEUDONYM_LETTERS else f"{value[:PSEUDONYM_LETTERS]}…"
    return f"{word} `{shown}`"
