"""Texts as words: Chinese by one and two characters, everything else by what stands between blanks.

Nobody types the words that a dictionary would cut Chinese into, so that none is used: two texts
that share a word share its pairs of characters (as in Lucene's CJKBigramFilter).
"""

import re
from typing import Final
from unicodedata import normalize

_NO_WORD: Final = re.compile(r"[\W_]+")
_RUN: Final = re.compile(r"[㐀-鿿]+|[^\W㐀-鿿]+")


def normal(text: str) -> str:
    """The text in lower case and half width; one blank wherever no letter or digit stood."""
    return _NO_WORD.sub(" ", normalize("NFKC", text).casefold()).strip()


def runs(text: str) -> list[str]:
    """The normal text cut where Chinese meets something else, and at blanks."""
    return _RUN.findall(text)


def is_chinese(run: str) -> bool:
    """Whether the run is written in Chinese characters."""
    return "㐀" <= run[0] <= "鿿"


def pairs(run: str) -> list[str]:
    """Every two neighbouring characters of a Chinese run; a single character as it is."""
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def index_words(text: str) -> list[str]:
    """All that the text can be found by."""
    words: list[str] = []
    for run in runs(normal(text)):
        if is_chinese(run):
            words += run if len(run) > 1 else ()
            words += pairs(run)
        else:
            words.append(run)
    return words
