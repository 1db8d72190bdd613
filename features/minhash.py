"""MinHash signatures and bit sketches of sets of shingles.

Two sets agree in one place of their signatures with the probability of their Jaccard similarity
(Broder 1997). A sketch bounds the similarity from above: a bit of it is the parity of the set's
codes that fall on it, so two sketches differ in no more bits than the sets in elements (the bitmap
filter of Sandes, Teodoro and Melo 2020). Neither depends on anything but the set itself, so a set
has the same ones tomorrow.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from features.shingles import Codes, Offsets, Shingles

SETS_AT_ONCE: Final = 50_000
SKETCH_WORDS: Final = 4
"""Of 64 bits each."""
SEED: Final = 20120323

Signatures = NDArray[np.uint32]
Sketches = NDArray[np.uint64]


def signatures(sets: Shingles, places: int, *, threads: int = 2) -> Signatures:
    """One row a set with its least code by each of ``places`` orders of all codes.

    Orders are drawn as ``a * code + b`` modulo 2**32 with odd ``a``: the codes are hashes already.
    """
    random = np.random.default_rng(SEED)
    multipliers = random.integers(1 << 31, size=places, dtype=np.uint32) * np.uint32(2) + np.uint32(
        1
    )
    summands = random.integers(1 << 32, size=places, dtype=np.uint32)
    found = np.full((len(sets), places), np.iinfo(np.uint32).max, np.uint32)

    def fill(start: int) -> None:
        part = slice(start, start + SETS_AT_ONCE)
        starts = sets.starts[start : start + SETS_AT_ONCE + 1]
        _least(sets.codes, starts, multipliers, summands, found[part])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(fill, range(0, len(sets), SETS_AT_ONCE)))
    return found


@njit(cache=True, nogil=True)
def _least(
    codes: Codes, starts: Offsets, multipliers: Codes, summands: Codes, found: Signatures
) -> None:
    for row in range(len(found)):
        least = found[row]
        for code in codes[starts[row] : starts[row + 1]]:
            for place in range(len(least)):
                value = np.uint32(code * multipliers[place] + summands[place])
                least[place] = min(least[place], value)


def sketches(sets: Shingles) -> Sketches:
    """One row of 256 bits a set."""
    found = np.zeros((len(sets), SKETCH_WORDS), np.uint64)
    _toggle(sets.codes, sets.starts, found)
    return found


@njit(cache=True, nogil=True)
def _toggle(codes: Codes, starts: Offsets, found: Sketches) -> None:
    for row in range(len(found)):
        for code in codes[starts[row] : starts[row + 1]]:
            word = (code >> np.uint32(6)) % np.uint32(SKETCH_WORDS)
            found[row, word] ^= np.uint64(1) << np.uint64(code & np.uint32(63))
