"""Cases and actors in words."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from dashboards.formats import Language
from dashboards.strings import known, speaker
from models.cases import RANDOM, RANDOM_TITLE
from models.learning import LEARNERS
from models.rules import Wording, load_rules
from models.scorecards import load_detectors
from platform_core.moderation import CaseSummary

PSEUDONYM: Final = re.compile("[0-9a-f]{32}")
PSEUDONYM_LETTERS: Final = 12
NAMELESS: Final[Mapping[str, str]] = {}
LEARNED_TITLE: Final = Wording(zh="模型识别", en="Found by the model")


@cache
def titles() -> dict[str, Wording]:
    """What each rule and detector finds; they are files, and do not change while the app runs."""
    found = {name: one.title for name, one in (load_rules() | load_detectors()).items()}
    return found | {RANDOM: RANDOM_TITLE} | {one.detector: LEARNED_TITLE for one in LEARNERS}


def thing_of(title: str) -> str:
    """The id of the campaign, brand or shop that a case is about, or whatever it names first."""
    return title.partition(":")[0]


def case_title(case: CaseSummary, language: Language, names: Mapping[str, str] = NAMELESS) -> str:
    """What was found, and where: ``不可能的重复点击 · 计划 春季上新``.

    Args:
        names: of campaigns, brands and shops, by their ids.
    """
    words = titles().get(case.detector)
    if words is None:
        return f"{case.detector} · {case.title}"
    found = words.zh if language == "zh" else words.en
    return f"{found} · {_where(case, language, names)}"


def _where(case: CaseSummary, language: Language, names: Mapping[str, str]) -> str:
    thing = thing_of(case.title)
    kind = thing.partition("_")[0]
    if known(f"thing.{kind}"):
        return speaker(language)(f"thing.{kind}", name=names.get(thing, thing))
    if PSEUDONYM.fullmatch(thing):
        return f"{thing[:PSEUDONYM_LETTERS]}…"
    if case.subject_type == "ad_click":
        return speaker(language)("thing.campaign", name=thing)
    return thing


def actor_part(name: str, value: str, language: Language) -> str:
    """One thing that is known of an actor, in Markdown; a long pseudonym is cut."""
    key = f"actor.{name}"
    word = speaker(language)(key) if known(key) else name
    shown = value if len(value) <= PSEUDONYM_LETTERS else f"{value[:PSEUDONYM_LETTERS]}…"
    return f"{word} `{shown}`"
