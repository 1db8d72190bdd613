"""What a query asks for: its words, each with what people also mean by it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from platform_core.search.words import is_chinese, normal, runs

LONGEST_QUERY: Final = 100
"""Characters of a query that are looked at: every word costs."""
SCENES: Final = Path(__file__).with_name("scenes.yaml")


@dataclass(frozen=True)
class Wish:
    """One word of a query; ``meant`` is what it also finds.

    ``known`` says that it stands in ``scenes.yaml``, ``is_scene`` that it is no thing but says for
    whom, when, where or what for.
    """

    word: str
    known: bool = False
    is_scene: bool = False
    meant: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Lexicon:
    asides: frozenset[str]
    scenes: frozenset[str]
    meant: dict[str, tuple[str, ...]]
    words: frozenset[str]
    longest: int


def wishes(query: str) -> tuple[Wish, ...]:
    """The words of the query in its order; those of a mere question are left out.

    Words are the longest that the scenes know (forward maximum matching); what they do not know
    stays together as it was written.
    """
    pieces = _cut(normal(query[:LONGEST_QUERY]))
    meaningful = [piece for piece in pieces if piece not in _lexicon().asides]
    return tuple(_wish(piece) for piece in dict.fromkeys(meaningful or pieces))


def _wish(word: str) -> Wish:
    lexicon = _lexicon()
    return Wish(
        word,
        known=word in lexicon.words,
        is_scene=word in lexicon.scenes,
        meant=lexicon.meant.get(word, ()),
    )


def _cut(text: str) -> list[str]:
    """The words of a normal text; English ones that are known may be several words long."""
    pieces = []
    for words in sorted((w for w in _lexicon().meant if " " in w), key=len, reverse=True):
        if f" {words} " in f" {text} ":
            pieces.append(words)
            text = f" {text} ".replace(f" {words} ", " ")
    for run in runs(text):
        pieces += _cut_chinese(run) if is_chinese(run) else [run]
    return pieces


def _cut_chinese(run: str) -> list[str]:
    pieces, unknown, start = [], "", 0
    while start < len(run):
        word = _longest_word(run, start)
        if word and unknown:
            pieces.append(unknown)
            unknown = ""
        if word:
            pieces.append(word)
        else:
            unknown += run[start]
        start += max(len(word), 1)
    return [*pieces, unknown] if unknown else pieces


def _longest_word(run: str, start: int) -> str:
    lexicon = _lexicon()
    lengths = range(min(lexicon.longest, len(run) - start), 0, -1)
    ends = (run[start : start + length] for length in lengths)
    return next((word for word in ends if word in lexicon.words or word in lexicon.asides), "")


@cache
def _lexicon() -> _Lexicon:
    said: dict[str, Any] = yaml.safe_load(SCENES.read_text(encoding="utf-8"))
    declared = said["scenes"] | said["things"]
    meant = {normal(word): tuple(map(normal, others)) for word, others in declared.items()}
    words = frozenset(meant) | {word for others in meant.values() for word in others}
    asides = frozenset(map(normal, said["asides"]))
    scenes = frozenset(map(normal, said["scenes"]))
    return _Lexicon(asides, scenes, meant, words, longest=max(map(len, words | asides)))
