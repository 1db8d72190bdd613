"""Where a subject stands in a graph, and what is known of those who stand near by.

Regularised spectral embedding (Chaudhuri, Chung and Tsiatas: Spectral Clustering of Graphs with
General Degrees, COLT 2012; Qin and Rohe, NIPS 2013). Subjects of one community lie in one
direction, also those who are nobody's neighbours. Neither ids nor order of rows is a feature.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
from scipy import sparse
from scipy.sparse.linalg import eigsh, svds
from sklearn.neighbors import NearestNeighbors

from features.cross_fitting import Encode
from features.neighbours import Array, Meetings, Ties

FEW_TIES: Final = 5.0
"""Ties that everybody is lent, or a pair by itself would be a community of its own."""


def spectral_coordinates(walk: Ties | Meetings, dimensions: int = 32) -> pl.DataFrame:
    """Coordinates along the widest divisions of a graph, the widest first.

    Args:
        walk: who is whose neighbour.
        dimensions: how many; a graph has fewer of them than it has subjects or targets.

    Returns:
        ``division_<i>``, a row a subject in the walk's order; the longer tail is positive. Who has
        no ties is at 0.
    """
    dimensions = min(dimensions, min(walk.matrix.shape) - 2)
    if dimensions < 1 or not walk.matrix.nnz:
        return pl.DataFrame()
    matrix = _evened(walk.matrix)
    start = np.linspace(1, 2, min(matrix.shape))
    if isinstance(walk, Ties):
        values, vectors = eigsh(matrix, k=dimensions, v0=start, rng=0)
    else:
        vectors, values, _ = svds(matrix, k=dimensions, v0=start, rng=0)
    vectors = vectors[:, np.argsort(-np.abs(values))]
    vectors *= np.where((vectors**3).sum(axis=0) < 0, -1, 1) * np.sqrt(len(walk))
    return pl.from_numpy(vectors, schema=[f"division_{i + 1}" for i in range(dimensions)])


def nearest_rates(coordinates: pl.DataFrame, nearest: Sequence[int] = (15, 60)) -> Encode:
    """Encode by the mean label of the so many labelled rows that are nearest in direction.

    Takes as much time as there are rows times labels.

    Args:
        coordinates: a row a subject, from ``spectral_coordinates``.
        nearest: how many to ask, one encoding each; all labels where there are fewer.
    """
    points = coordinates.to_numpy()
    directions = points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-12)

    def encode(labels: Array) -> Array:
        known = np.flatnonzero(~np.isnan(labels))
        if not len(known):
            return np.full((len(labels), len(nearest)), np.nan)
        search = NearestNeighbors(n_neighbors=min(max(nearest), len(known)), algorithm="brute")
        found = search.fit(directions[known]).kneighbors(directions, return_distance=False)
        said = labels[known][found]
        return np.column_stack([said[:, :some].mean(axis=1) for some in nearest])

    return encode


def _evened(matrix: sparse.csr_array) -> sparse.csr_array:
    """Each tie divided by the root of its ends' numbers of ties."""
    rows = sparse.diags_array(1 / np.sqrt(matrix.sum(axis=1) + FEW_TIES))
    columns = sparse.diags_array(1 / np.sqrt(matrix.sum(axis=0) + FEW_TIES))
    return rows @ matrix @ columns
