"""The words of a group's texts: one template filled in, or one brief in ever other words."""

import re
from typing import Final

import numpy as np

from platform_core.simulation.groups.errand_schema import Wording

CHOICE: Final = re.compile(r"\[([^\[\]]*)\]")
"""``[so|in these words]``: one of them is taken."""
FEWEST_CLAIMS: Final = 2
JOINS: Final = ("，", "，", "。", "。", "！", " ", "～")
ENDINGS: Final = ("", "", "。", "！", "～", "！！")


def worded(wording: Wording, product: str, brand: str, rng: np.random.Generator) -> str:
    """One text of a template or of rewrites; several of rewrites rarely share a sentence.

    Raises:
        ValueError: the words are to be honest ones, which no campaign file holds.
    """
    if wording.source == "honest":
        raise ValueError("honest words are written by the people of the town")
    lines = wording.lines
    if wording.source == "template":
        said = _chosen(lines[rng.integers(len(lines))], rng)
    else:
        said = _retold(lines, rng)
    return said.replace("{product}", product).replace("{brand}", brand)


def _retold(lines: tuple[str, ...], rng: np.random.Generator) -> str:
    """Some of a brief's claims, in any order and with any of their words."""
    fewest = min(FEWEST_CLAIMS, len(lines))
    count = int(rng.integers(fewest, len(lines) + 1)) if len(lines) > fewest else fewest
    claims = [_chosen(lines[row], rng) for row in rng.permutation(len(lines))[:count]]
    said = claims[0]
    for claim in claims[1:]:
        said += JOINS[rng.integers(len(JOINS))] + claim
    return said + ENDINGS[rng.integers(len(ENDINGS))]


def _chosen(line: str, rng: np.random.Generator) -> str:
    def one(match: re.Match[str]) -> str:
        words = match[1].split("|")
        return words[rng.integers(len(words))]

    return CHOICE.sub(one, line)
