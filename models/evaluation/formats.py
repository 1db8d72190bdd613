"""Numbers, tables, pictures and running text as Markdown."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from models.evaluation.intervals import Interval

NOTHING: Final = "-"
LINE: Final = 100


def prose(*sentences: str) -> Iterator[str]:
    """Sentences as lines of a page, and an empty line after them."""
    yield from textwrap.wrap(" ".join(sentences), LINE, break_long_words=False)
    yield ""


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A Markdown table; a line that says so if there are no rows."""
    lines = [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    if not lines:
        yield "Nothing to show."
        return
    yield f"| {' | '.join(heads)} |"
    yield f"|{'|'.join('---' for _ in heads)}|"
    yield from lines


def picture(plots: Iterable[tuple[str, str]], about: str) -> Iterator[str]:
    """A drawn picture, known by its name, and an empty line before it; nothing if not drawn."""
    for name, shows in plots:
        if name == f"evaluation-{about}":
            yield ""
            yield f"![{shows}](images/{name}.png)"


def percent(found: Interval, digits: int = 1) -> str:
    """A share with its interval, in per cent."""
    if not found.is_known:
        return NOTHING
    value = f"{100 * found.value:.{digits}f} %"
    if np.isnan(found.low):
        return value
    return f"{value} [{100 * found.low:.{digits}f}, {100 * found.high:.{digits}f}]"


def ranged(found: Interval) -> str:
    """An area under the curve with its interval."""
    if not found.is_known:
        return NOTHING
    ends = "" if np.isnan(found.low) else f" [{found.low:.3f}, {found.high:.3f}]"
    return f"{found.value:.3f}{ends}"


def ratio(one: Interval, other: Interval) -> str:
    if not one.is_known or not other.is_known or not other.value:
        return NOTHING
    return f"{one.value / other.value:.2f}"


def number(value: float, digits: int = 3) -> str:
    return NOTHING if np.isnan(value) else f"{value:.{digits}f}"


def at_least(found: Interval, aim: float) -> str:
    """Whether a share reaches its aim: surely so only if all of its interval does."""
    if not found.is_known:
        return "not measured"
    if found.value < aim:
        return "**missed**"
    return "met" if found.low >= aim else "met, not surely"


def at_most(found: Interval, aim: float) -> str:
    """Whether a share stays within its aim: surely so only if all of its interval does."""
    if not found.is_known:
        return "not measured"
    if found.value > aim:
        return "**missed**"
    return "met" if found.high <= aim else "met, not surely"


def covers(found: Interval, value: float) -> str:
    """Whether an interval covers what it should."""
    if not found.is_known:
        return "not measured"
    return "met" if value in found else "**missed**"
