"""Encodings of labels in which no row ever sees its own label, nor one of its group.

Leave-one-out is not enough: what is missing in the mean tells the label. Here whole folds are
hidden, as in target encoding with internal cross-fitting (Micci-Barreca 2001; Pargent et al. 2022).
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import polars as pl

Array = npt.NDArray[np.float64]
Encode = Callable[[Array], Array]
"""From labels, shape (rows,), NaN where hidden, to encodings of all rows, (rows,) or (rows, k)."""


def grouped_folds(
    groups: pl.Series, folds: int, random_state: int | None = None
) -> npt.NDArray[np.int64]:
    """A fold for each row, at random, the same for all rows of a group; folds differ by one group.

    Args:
        groups: shape (rows,), such as the user; unique values for folds of single rows.
        folds: how many, at least 2.
        random_state: same groups and state, same folds.

    Raises:
        ValueError: fewer than 2 folds, or fewer groups than folds.
    """
    codes = groups.rank("dense").to_numpy().astype(np.int64) - 1
    sizes = int(codes.max(initial=-1)) + 1
    if not 2 <= folds <= sizes:
        raise ValueError(f"{folds} folds of {sizes} groups: at least 2, and a group for each")
    dealt = np.random.default_rng(random_state).permutation(np.arange(sizes) % folds)
    return np.asarray(dealt[codes])


def cross_fitted(encode: Encode, labels: Array, folds: npt.NDArray[np.int64]) -> Array:
    """Encode each labelled row from the labels of other folds only, all other rows from all labels.

    Args:
        encode: learns from the labels that it can see, and encodes every row.
        labels: shape (rows,), NaN where unknown.
        folds: shape (rows,), from ``grouped_folds``.

    Returns:
        What ``encode`` returns, shape (rows,) or (rows, k).
    """
    known = ~np.isnan(labels)
    encoded = np.array(encode(labels), dtype=float)
    for fold in np.unique(folds[known]):
        here = known & (folds == fold)
        encoded[here] = encode(np.where(folds == fold, np.nan, labels))[here]
    return encoded


def group_rates(groups: pl.Series, strength: float = 10.0) -> Encode:
    """Encode by the mean label of a row's group, drawn towards the mean of all.

    Args:
        groups: shape (rows,), such as the product.
        strength: labels' worth of the mean of all.
    """
    codes = groups.rank("dense").to_numpy().astype(np.int64) - 1

    def encode(labels: Array) -> Array:
        known = ~np.isnan(labels)
        overall = labels[known].mean() if known.any() else np.nan
        sums = np.bincount(codes, np.where(known, labels, 0))
        counts = np.bincount(codes, known)
        return np.asarray(((sums + strength * overall) / (counts + strength))[codes])

    return encode
