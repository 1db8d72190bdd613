"""Texts as sets of short runs of characters, in flat arrays that compiled loops read."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

TEXTS_AT_ONCE: Final = 50_000
"""Code points of so many texts are in memory at once, for each thread."""
WORDLESS: Final = r"[[^\p{L}\p{N}\p{M}]\p{Me}\x{FE00}-\x{FE0F}]+"
"""Spaces, punctuation, emoji, and the marks that only vary how a sign looks."""
CHARACTERS: Final = 2
"""In a shingle of a text in Chinese, Japanese or Korean, whose characters say about a syllable."""
LETTERS: Final = 4
"""In a shingle of any other text: two letters are alike in all texts of a language."""
WIDE: Final = 0x2E80
"""Code points from here on are of scripts without spaces between short words, or nearly so."""

Offsets = NDArray[np.int64]
Codes = NDArray[np.uint32]


@dataclass(frozen=True)
class Shingles:
    """One set a text: ``codes[starts[i]:starts[i + 1]]``, ascending, each hashed to 32 bits."""

    codes: Codes
    starts: Offsets

    def __len__(self) -> int:
        return len(self.starts) - 1


def plain(text: pl.Expr) -> pl.Expr:
    """What is compared of a text: its letters and digits, in one form (NFKC) and lower case."""
    return text.str.normalize("NFKC").str.to_lowercase().str.replace_all(WORDLESS, "")


def shingles(plain_texts: pl.Series, *, threads: int = 2) -> Shingles:
    """The shingles of plain texts; a text shorter than a shingle is one itself, "" has none."""
    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(_part, _slices(plain_texts)))
    sizes = np.concatenate([np.zeros(1, np.int64), *(sizes for _, sizes in parts)])
    codes = np.concatenate([np.empty(0, np.uint32), *(codes for codes, _ in parts)])
    return Shingles(codes, np.cumsum(sizes))


def _slices(texts: pl.Series) -> Iterator[pl.Series]:
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        yield texts.slice(start, TEXTS_AT_ONCE)


def _part(texts: pl.Series) -> tuple[Codes, Offsets]:
    points = np.frombuffer("".join(texts.to_list()).encode("utf-32-le"), np.uint32)
    starts = np.concatenate([[0], texts.str.len_chars().to_numpy()]).cumsum().astype(np.int64)
    codes, sizes = _sets(points, starts)
    return codes, sizes


@njit(cache=True, nogil=True)
def _sets(points: Codes, starts: Offsets) -> tuple[Codes, Offsets]:
    """Sorted distinct codes of each text, one text's after the other's, and how many each has."""
    codes = np.empty(len(points), np.uint32)
    sizes = np.empty(len(starts) - 1, np.int64)
    end = 0
    for text in range(len(sizes)):
        characters = points[starts[text] : starts[text + 1]]
        size = _set(characters, codes[end:])
        sizes[text] = size
        end += size
    return codes[:end].copy(), sizes


@njit(cache=True, nogil=True)
def _set(characters: Codes, codes: Codes) -> int:
    """Write the codes of one text at the front of ``codes``; how many there are."""
    if len(characters) == 0:
        return 0
    run = min(_run_length(characters), len(characters))
    count = len(characters) - run + 1
    for place in range(count):
        codes[place] = _code(characters[place : place + run])
    codes[:count].sort()
    size = 1
    for place in range(1, count):
        if codes[place] != codes[size - 1]:
            codes[size] = codes[place]
            size += 1
    return size


@njit(cache=True, nogil=True)
def _run_length(characters: Codes) -> int:
    wide = 0
    for character in characters:
        wide += character >= WIDE
    return CHARACTERS if 2 * wide >= len(characters) else LETTERS


@njit(cache=True, nogil=True)
def _code(run: Codes) -> Any:
    """The finaliser of MurmurHash3 over each character in turn (Appleby 2011; public domain)."""
    code = np.uint64(len(run))
    for character in run:
        code ^= np.uint64(character)
        code ^= code >> np.uint64(33)
        code *= np.uint64(0xFF51AFD7ED558CCD)
        code ^= code >> np.uint64(33)
        code *= np.uint64(0xC4CEB9FE1A85EC53)
        code ^= code >> np.uint64(33)
    return np.uint32(code >> np.uint64(32))
