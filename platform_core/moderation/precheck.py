"""The machine's look at a text before anybody sees it: what it holds back, a person rules on."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal
from unicodedata import normalize

import yaml

WORDS: Final = Path(__file__).with_name("precheck.yaml")
PASSED_REASON: Final = "nothing_found"
BETWEEN_LETTERS: Final = re.compile(r"[\s._\-*~·・|/\\,，。、]+")
"""What is put between the letters of a word so that a machine does not find it."""


@dataclass(frozen=True)
class Precheck:
    """What the machine makes of a text; ``reason_code`` is a rule of ``precheck.yaml``."""

    verdict: Literal["passed", "held"]
    reason_code: str


PASSED: Final = Precheck("passed", PASSED_REASON)


@dataclass(frozen=True)
class _Rule:
    reason_code: str
    words: re.Pattern[str] | None
    patterns: re.Pattern[str] | None
    only_undisclosed: bool

    def finds(self, text: str, closed_up: str) -> bool:
        by_word = self.words is not None and self.words.search(closed_up)
        return bool(by_word or (self.patterns is not None and self.patterns.search(text)))


def check(title: str, text: str, is_disclosed_ad: bool) -> Precheck:
    """Pass or hold a note, review or comment; of several reasons the first of the file's counts.

    Letters are compared without case, width and what stands between them.
    """
    plain = normalize("NFKC", f"{title}\n{text}").casefold()
    closed_up = BETWEEN_LETTERS.sub("", plain)
    for rule in _rules():
        if not (rule.only_undisclosed and is_disclosed_ad) and rule.finds(plain, closed_up):
            return Precheck("held", rule.reason_code)
    return PASSED


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(_rule(declared) for declared in yaml.safe_load(WORDS.read_text("utf-8")))


def _rule(declared: dict[str, Any]) -> _Rule:
    words = [re.escape(_closed_up(word)) for word in declared.get("words", ())]
    return _Rule(
        reason_code=declared["reason_code"],
        words=_any_of(words),
        patterns=_any_of(declared.get("patterns", ())),
        only_undisclosed=declared.get("only_undisclosed", False),
    )


def _any_of(alternatives: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{a})" for a in alternatives)) if alternatives else None


def _closed_up(word: str) -> str:
    return BETWEEN_LETTERS.sub("", normalize("NFKC", word).casefold())
