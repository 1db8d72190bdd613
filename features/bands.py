"""Pairs of similar sets among very many, without comparing all of them.

Signatures are cut into bands of two rows; sets that agree in a whole band lie in one bucket
(locality-sensitive hashing; Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, 3.4).
Within a bucket a set is compared with those before it: first their sketches, whose bound lets every
similar pair pass, then the sets themselves.

Cost is bounded where very many are alike: in a bucket a set is compared with the ``REACH`` before
it, and with none further once ``ENOUGH`` were similar. The pairs of such a flood are a chain that
holds all of it together, not all its pairs. Sets are in the order of their days, so that what is
found of a day depends on no days but those that it looks back on, wherever the input begins.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from features.minhash import Signatures, Sketches, signatures, sketches
from features.shingles import Codes, Offsets, Shingles

BANDS: Final = 20
"""So many find 97 % of pairs with a similarity of 0.4, and 99.7 % of those with 0.5."""
ROWS: Final = 2
REACH: Final = 1000
ENOUGH: Final = 64
FIRST_ROOM: Final = 1 << 12
ROUNDING: Final = 1e-9

Numbers = NDArray[np.int32]
Keys = NDArray[np.uint64]
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """Two entries each, by their places, and the Jaccard similarity of their sets."""

    later: Numbers
    earlier: Numbers
    similarity: Scores


def similar_pairs(
    sets: Shingles,
    rows: Numbers,
    days: Numbers,
    *,
    similarity: float,
    lookback: int = 0,
    threads: int = 2,
) -> Pairs:
    """Pairs of entries with similar sets, each once; an entry is a set that appears on a day.

    Args:
        rows: each entry's set; no pair is made of two entries of one set.
        days: each entry's day, as a number.
        similarity: the least Jaccard similarity of a pair, above 0 and at most 1.
        lookback: the days before its own on which an entry finds others.
    """
    signed = signatures(sets, BANDS * ROWS + 1, threads=threads)
    order = np.lexsort((rows, signed[rows, -1], days)).astype(np.int32)
    entries = _Entries(
        sets, rows[order], days[order].astype(np.int32), signed, sketches(sets), lookback
    )
    with ThreadPoolExecutor(threads) as pool:
        places = np.stack(list(pool.map(entries.places, range(BANDS))), axis=1)
        found = list(pool.map(lambda band: entries.pairs(band, places, similarity), range(BANDS)))
    later, earlier, scores = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return Pairs(order[later], order[earlier], scores)


@dataclass(frozen=True)
class _Entries:
    """Entries in the order of comparison, and the sets that they are of."""

    sets: Shingles
    rows: Numbers
    days: Numbers
    signatures: Signatures
    sketches: Sketches
    lookback: int

    def places(self, band: int) -> Numbers:
        """Where each entry stands when the band's buckets lie one after another."""
        ordered = np.argsort(self._keys(band), kind="stable")
        places = np.empty(len(ordered), np.int32)
        places[ordered] = np.arange(len(ordered), dtype=np.int32)
        return places

    def pairs(
        self, band: int, places: Numbers, similarity: float
    ) -> tuple[Numbers, Numbers, Scores]:
        """Similar pairs of the band's buckets that no band before it has found."""
        ordered = np.empty(len(places), np.int32)
        ordered[places[:, band]] = np.arange(len(places), dtype=np.int32)
        rows = self.rows[ordered]
        sizes = np.diff(self.sets.starts).astype(np.int32)[rows]
        return _walk(
            *(ordered, rows, self.days[ordered], sizes, self._keys(band)[ordered]),
            *(self.sketches[rows], self.signatures, places, self.sets.codes, self.sets.starts),
            *(band, similarity, self.lookback),
        )

    def _keys(self, band: int) -> Keys:
        first, second = self.signatures[self.rows, ROWS * band : ROWS * (band + 1)].T
        keys: Keys = first.astype(np.uint64) << np.uint64(32) | second
        return keys


@njit(cache=True, nogil=True)
def _walk(
    ordered: Numbers,
    rows: Numbers,
    days: Numbers,
    sizes: Numbers,
    keys: Keys,
    sketches: Sketches,
    signatures: Signatures,
    places: Numbers,
    codes: Codes,
    starts: Offsets,
    band: int,
    similarity: float,
    lookback: int,
) -> tuple[Numbers, Numbers, Scores]:
    """Compare the entries of one band; all but ``places`` and ``signatures`` are in its order."""
    later = np.empty(FIRST_ROOM, np.int32)
    earlier = np.empty(FIRST_ROOM, np.int32)
    scores = np.empty(FIRST_ROOM, np.float64)
    count = 0
    unlike = (1 - similarity) / (1 + similarity) + ROUNDING
    for here in range(len(ordered)):
        enough = 0
        row = rows[here]
        for there in range(here - 1, max(here - REACH, 0) - 1, -1):
            if keys[there] != keys[here] or days[there] < days[here] - lookback or enough >= ENOUGH:
                break
            other = rows[there]
            allowed = unlike * (sizes[here] + sizes[there])
            if other == row or _differing(sketches[here], sketches[there]) > allowed:
                continue
            enough += 1
            if _met(ordered[here], ordered[there], row, other, signatures, places, band):
                continue
            score = _jaccard(
                codes[starts[row] : starts[row + 1]], codes[starts[other] : starts[other + 1]]
            )
            if score < similarity:
                enough -= 1
                continue
            if count == len(scores):
                later = np.append(later, np.empty_like(later))
                earlier = np.append(earlier, np.empty_like(earlier))
                scores = np.append(scores, np.empty_like(scores))
            later[count] = ordered[here]
            earlier[count] = ordered[there]
            scores[count] = score
            count += 1
    return later[:count].copy(), earlier[:count].copy(), scores[:count].copy()


@njit(cache=True, nogil=True)
def _differing(sketch: Sketches, other: Sketches) -> int:
    """Bits that differ (the parallel count of Warren, Hacker's Delight, 5-1)."""
    differing = 0
    for word in range(len(sketch)):
        bits = sketch[word] ^ other[word]
        bits -= (bits >> np.uint64(1)) & np.uint64(0x5555555555555555)
        bits = (bits & np.uint64(0x3333333333333333)) + (
            (bits >> np.uint64(2)) & np.uint64(0x3333333333333333)
        )
        bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
        differing += int((bits * np.uint64(0x0101010101010101)) >> np.uint64(56))
    return differing


@njit(cache=True, nogil=True)
def _jaccard(codes: Codes, others: Codes) -> float:
    """Of two ascending sets, neither empty."""
    place = other = shared = 0
    while place < len(codes) and other < len(others):
        code, met = codes[place], others[other]
        shared += code == met
        place += code <= met
        other += met <= code
    return shared / (len(codes) + len(others) - shared)


@njit(cache=True, nogil=True)
def _met(
    here: int, there: int, row: int, other: int, signatures: Signatures, places: Numbers, band: int
) -> bool:
    """Whether an earlier band has compared the two entries."""
    for before in range(band):
        if (
            signatures[row, ROWS * before] == signatures[other, ROWS * before]
            and signatures[row, ROWS * before + 1] == signatures[other, ROWS * before + 1]
            and places[here, before] - places[there, before] <= REACH
        ):
            return True
    return False
