"""Columns of ids and of moments, many at once and the same for the same draws."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from platform_core.work import ID_BITS

DIGITS: Final = ID_BITS // 4
_HEX: Final = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
MICROSECONDS: Final = 1_000_000


def ids(rng: np.random.Generator, kind: str, count: int) -> pl.Series:
    """``count`` ids of one kind, in the same form as those of a ``Work``."""
    prefix = np.frombuffer(f"{kind}_".encode(), dtype=np.uint8)
    letters = np.empty((count, len(prefix) + DIGITS), dtype=np.uint8)
    letters[:, : len(prefix)] = prefix
    letters[:, len(prefix) :] = _HEX[rng.integers(0, 16, (count, DIGITS), dtype=np.uint8)]
    width = letters.shape[1]
    ends = np.arange(0, (count + 1) * width, width, dtype=np.int64)
    text = pa.LargeStringArray.from_buffers(count, pa.py_buffer(ends), pa.py_buffer(letters))
    return pl.Series(f"{kind}_id", text, dtype=pl.String)


def chance(rng: np.random.Generator, probability: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """One draw for each probability."""
    of = np.asarray(probability, dtype=np.float64)
    return rng.random(of.shape) < of


def lognormal(
    rng: np.random.Generator, median: npt.ArrayLike, sigma: float, count: int
) -> npt.NDArray[np.float64]:
    """Positive values around a median; ``sigma`` is the deviation of their logarithm."""
    return np.asarray(median) * np.exp(rng.normal(0.0, sigma, count))
