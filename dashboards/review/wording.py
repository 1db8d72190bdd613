"""Cases and actors in words."""

from functools import cache
from typing import Final

from dashboards.formats import Language
from dashboards.strings import known, speaker
from models.rules import Rule, load_rules

PSEUDONYM_LETTERS: Final = 12


@cache
def rules() -> dict[str, Rule]:
    """The rules by name; they are files, and do not change while the app runs."""
    return load_rules()


def case_title(detector: str, title: str, language: Language) -> str:
    """What was found, and where: ``不可能的重复点击 · 计划 12``."""
    rule = rules().get(detector)
    if rule is None:
        return f"{detector} · {title}"
    found = rule.title.zh if language == "zh" else rule.title.en
    return speaker(language)("case.title", found=found, campaign=title)


def actor_part(name: str, value: str, language: Language) -> str:
    """One thing that is known of an actor, in Markdown; a long pseudonym is cut."""
    key = f"actor.{name}"
    word = speaker(language)(key) if known(key) else name
    shown = value if len(value) <= PSEUDONYM_LETTERS else f"{value[:PSEUDONYM_LETTERS]}…"
    return f"{word} `{shown}`"
