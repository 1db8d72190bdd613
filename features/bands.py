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

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from features.minhash import Signatures, Sketches, signatures, sketches
from features.shingles import Codes, Offsets, Shingles

BANDS: Final = 20
"""So many find 97 % of pairs with a similarity of 0.4, and 99.7 % of those with 0.5."""
ROWS: Final = 2
FOLD: Final = np.uint32(0x9E3779B1)
"""Makes one number of the two rows of a band."""
REACH: Final = 1000
ENOUGH: Final = 32
FIRST_ROOM: Final = 1 << 12
ROUNDING: Final = 1e-9

Numbers = NDArray[np.int32]
Scores = NDArray[np.float64]
Found = tuple[Numbers, Numbers, Scores]


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
    buckets = (signed[:, :-1:ROWS] * FOLD + signed[:, 1::ROWS])[rows[order]]
    del signed
    entries = _Entries(sets, rows[order], days[order], buckets, similarity, lookback)
    with ThreadPoolExecutor(threads) as pool:
        places = np.stack(list(pool.map(entries.places, range(BANDS))), axis=1)
        found = [
            part
            for band in range(BANDS)
            for part in pool.map(entries.walk(band, places, threads), range(threads))
        ]
    later, earlier, scores = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return Pairs(order[later], order[earlier], scores)


@dataclass(frozen=True)
class _Entries:
    """Entries in the order of comparison, with a column of ``buckets`` and of places a band."""

    sets: Shingles
    rows: Numbers
    days: Numbers
    buckets: Signatures
    similarity: float
    lookback: int

    def places(self, band: int) -> Numbers:
        """Where each entry stands when the band's buckets lie one after another."""
        count = len(self.rows)
        keys = self.buckets[:, band].astype(np.uint64) << np.uint64(32)
        ordered = np.sort(keys | np.arange(count, dtype=np.uint64)).astype(np.uint32)
        return _inverted(ordered.astype(np.int32))

    def walk(self, band: int, places: Numbers, threads: int) -> Callable[[int], Found]:
        """The search of one band, to be called for each part of the entries."""
        ordered = _inverted(places[:, band])
        rows = self.rows[ordered]
        given = (
            *(ordered, rows, self.days[ordered], self._sizes[rows], self._sketches[rows]),
            *(self.buckets, places, self.sets.codes, self.sets.starts, self._counts),
            *(band, self.similarity, self.lookback, threads),
        )
        return lambda part: _walk(*given, part)

    @cached_property
    def _sizes(self) -> Numbers:
        return np.diff(self.sets.starts).astype(np.int32)

    @cached_property
    def _sketches(self) -> Sketches:
        return sketches(self.sets)

    @cached_property
    def _counts(self) -> Numbers:
        """Pairs found so far of which the entry is the later one."""
        return np.zeros(len(self.rows), np.int32)


def _inverted(places: Numbers) -> Numbers:
    found = np.empty_like(places)
    found[places] = np.arange(len(places), dtype=np.int32)
    return found


@njit(cache=True, nogil=True)
def _walk(
    ordered: Numbers,
    rows: Numbers,
    days: Numbers,
    sizes: Numbers,
    sketches: Sketches,
    buckets: Signatures,
    places: Numbers,
    codes: Codes,
    starts: Offsets,
    counts: Numbers,
    band: int,
    similarity: float,
    lookback: int,
    parts: int,
    part: int,
) -> Found:
    """Pairs of a band that no earlier band has compared; of a pair, the later entry is the part's.

    Up to ``sketches``, arguments are in the order of the band's buckets.
    """
    later = np.empty(FIRST_ROOM, np.int32)
    earlier = np.empty(FIRST_ROOM, np.int32)
    scores = np.empty(FIRST_ROOM, np.float64)
    count = start = 0
    unlike = (1 - similarity) / (1 + similarity) + ROUNDING
    for here in range(len(ordered)):
        entry, row = ordered[here], rows[here]
        if buckets[entry, band] != buckets[ordered[start], band]:
            start = here
        if entry % parts != part:
            continue
        for there in range(here - 1, max(here - REACH, start) - 1, -1):
            if days[there] < days[here] - lookback or counts[entry] == ENOUGH:
                break
            other = rows[there]
            allowed = unlike * (sizes[here] + sizes[there])
            if other == row or _differing(sketches[here], sketches[there]) > allowed:
                continue
            if _met(entry, ordered[there], buckets, places, band):
                continue
            score = _jaccard(
                codes[starts[row] : starts[row + 1]], codes[starts[other] : starts[other + 1]]
            )
            if score < similarity:
                continue
            if count == len(scores):
                later = np.append(later, np.empty_like(later))
                earlier = np.append(earlier, np.empty_like(earlier))
                scores = np.append(scores, np.empty_like(scores))
            later[count], earlier[count], scores[count] = entry, ordered[there], score
            counts[entry] += 1
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
def _met(here: int, there: int, buckets: Signatures, places: Numbers, band: int) -> bool:
    """Whether an earlier band has compared the two entries."""
    for before in range(band):
        if (
            buckets[here, before] == buckets[there, before]
            and places[here, before] - places[there, before] <= REACH
        ):
            return True
    return False
