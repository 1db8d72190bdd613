"""``docs/evaluation.md``: every figure beside its aim, with how sure it is."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from models.evaluation.measured import Judged
from models.evaluation.sections import (
    controls,
    detectors,
    honest,
    kinds,
    opening,
    overall,
    probabilities,
    rings,
    soon,
    variants,
)

SECTIONS: Final[Mapping[str, Callable[[Judged], Iterator[str]]]] = {
    "# How well fraud is found": opening.lines,
    "## Controls first": controls.lines,
    "## Overall": overall.lines,
    "## Recall by kind": kinds.lines,
    "## Strength and cover": variants.lines,
    "## How soon": soon.lines,
    "## Rings": rings.lines,
    "## The honest": honest.lines,
    "## Probabilities": probabilities.lines,
    "## Detectors": detectors.lines,
}
"""What stands under each heading, from the top of the page to its end."""


def write(judged: Judged) -> str:
    """The whole page."""
    lines = [
        line
        for heading, section in SECTIONS.items()
        for line in (heading, "", *section(judged), "")
    ]
    return "\n".join(lines).replace("\n\n\n", "\n\n").rstrip() + "\n"
