"""What the neighbours of a subject are like, one to three hops away.

Pairs of users who met at a target are never written down: a step costs as much as there are
edges, at a hub too. Rows and ids may come in any order; neither is a feature.
"""

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

Array = npt.NDArray[np.float64]

NOBODY: Final = 1e-12
"""A chance this small is what rounding leaves of none."""


class Walk(Protocol):
    """A random step from each subject to another."""

    def __len__(self) -> int:
        """How many subjects there are."""

    def step(self, values: Array) -> Array:
        """Expectation after one step, shape (subjects, columns); 0 for who can reach nobody."""


class Ties:
    """A plain, undirected graph: a step leads to any neighbour.

    Args:
        subjects: ids, without duplicates; the order of all results.
        edges: two columns of ids, one row a tie, in either direction; copies and loops are
            ignored.
    """

    def __init__(self, subjects: pl.Series, edges: pl.DataFrame) -> None:
        ends = [_places(edges.to_series(i), subjects) for i in (0, 1)]
        one_way = _incidence(*ends, shape=(len(subjects), len(subjects)))
        self.matrix = (one_way + one_way.T).tocsr()
        self.matrix.setdiag(0)
        self.matrix.eliminate_zeros()
        self.matrix.data[:] = 1
        self.neighbours: Array = np.diff(self.matrix.indptr).astype(float)
        self._chances = sparse.diags_array(1 / np.maximum(self.neighbours, 1)) @ self.matrix

    def __len__(self) -> int:
        return len(self.neighbours)

    def step(self, values: Array) -> Array:
        """The mean over neighbours."""
        return np.asarray(self._chances @ values)


class Meetings:
    """A bipartite graph: a step leads to a target of one's own, and on to another subject of it.

    Args:
        subjects: ids, without duplicates; the order of all results.
        edges: a column of subjects and one of targets; copies count nothing.
    """

    def __init__(self, subjects: pl.Series, edges: pl.DataFrame) -> None:
        members = _places(edges.to_series(0), subjects)
        targets = edges.to_series(1).rank("dense").to_numpy().astype(np.int64) - 1
        size = (len(subjects), int(targets.max(initial=-1)) + 1)
        self.matrix = _incidence(members, targets, shape=size)
        others = np.asarray(self.matrix.sum(axis=0)).ravel() - 1
        self.neighbours: Array = self.matrix @ others
        shared = self.matrix @ sparse.diags_array((others > 0).astype(float))
        choices = np.asarray(shared.sum(axis=1)).ravel()
        self._chances = (
            sparse.diags_array(1 / np.maximum(choices, 1))
            @ shared
            @ sparse.diags_array(1 / np.maximum(others, 1))
        ).tocsr()
        self._back: Array = np.asarray(self._chances.sum(axis=1)).ravel()

    def __len__(self) -> int:
        return len(self.neighbours)

    def step(self, values: Array) -> Array:
        """The mean, over targets that others share, of the mean over those others."""
        everybody = self._chances @ (self.matrix.T @ values)
        return np.asarray(everybody - (self._back * values.T).T)


class Route:
    """Several walks, one after the other, as one step: a user's reviews, then their products'."""

    def __init__(self, *legs: Walk) -> None:
        self._legs = legs

    def __len__(self) -> int:
        return len(self._legs[0])

    def step(self, values: Array) -> Array:
        """Expectation at the end of the route."""
        for leg in reversed(self._legs):
            values = leg.step(values)
        return values


def neighbour_aggregates(
    values: pl.DataFrame, walk: Walk, *, hops: int = 3, spread: bool = True, by: str = "hop"
) -> pl.DataFrame:
    """Mean and standard deviation of each column among neighbours ``1..hops`` steps away.

    Args:
        values: one numeric column a feature, one row a subject in the walk's order; a null is
            unknown, and the mean is over those that are known.
        walk: who is whose neighbour.
        hops: how far to go.
        spread: also the standard deviation.
        by: what the columns call a step.

    Returns:
        ``<column>_mean_<k><by>`` and ``<column>_sd_<k><by>``, a row a subject; null where nobody
        known can be reached.

    Raises:
        ValueError: the rows of ``values`` are not the walk's subjects.
    """
    if len(values) != len(walk):
        raise ValueError(f"{len(values)} rows of values for a walk of {len(walk)} subjects")
    known = values.cast(pl.Float64).to_numpy().astype(float)
    columns: dict[str, Array] = {}
    for hop, (mean, deviation) in enumerate(_reached(walk, known, hops), start=1):
        for i, name in enumerate(values.columns):
            columns[f"{name}_mean_{hop}{by}"] = mean[:, i]
            if spread:
                columns[f"{name}_sd_{hop}{by}"] = deviation[:, i]
    return pl.DataFrame(columns).fill_nan(None)


def reached_means(walk: Walk, values: Array, hops: int) -> Array:
    """Means of known values ``1..hops`` steps away, with the share that is known.

    Args:
        walk: who is whose neighbour.
        values: shape (subjects,), NaN where unknown.
        hops: how far to go.

    Returns:
        Shape (subjects, 2 * hops): means, NaN where nothing known is reached, then shares.
    """
    known = ~np.isnan(values)
    moments = np.column_stack([np.where(known, values, 0), known.astype(float)])
    means, shares = [], []
    for _ in range(hops):
        moments = walk.step(moments)
        means.append(_over(moments[:, 0], moments[:, 1]))
        shares.append(moments[:, 1].clip(0))
    return np.column_stack(means + shares)


def _reached(walk: Walk, values: Array, hops: int) -> Iterator[tuple[Array, Array]]:
    known = ~np.isnan(values)
    filled = np.where(known, values, 0)
    centre = filled.sum(axis=0) / known.sum(axis=0).clip(1)
    centred = np.where(known, filled - centre, 0)
    moments = np.hstack([centred, centred**2, known.astype(float)])
    for _ in range(hops):
        moments = walk.step(moments)
        first, second, share = np.split(moments, 3, axis=1)
        mean = _over(first, share)
        yield mean + centre, np.sqrt((_over(second, share) - mean**2).clip(0))


def _over(sums: Array, shares: Array) -> Array:
    return np.where(shares > NOBODY, sums / np.where(shares > NOBODY, shares, 1), np.nan)


def _incidence(
    rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], *, shape: Sequence[int]
) -> sparse.csr_array:
    matrix = sparse.coo_array((np.ones(len(rows)), (rows, columns)), shape=tuple(shape)).tocsr()
    matrix.data[:] = 1
    return matrix


def _places(ids: pl.Series, subjects: pl.Series) -> npt.NDArray[np.int64]:
    """Where each id stands among the subjects.

    Raises:
        ValueError: an id that is none of the subjects, or a subject that is there twice.
    """
    if subjects.n_unique() < len(subjects):
        raise ValueError("a subject is there twice")
    order = pl.DataFrame({"id": subjects, "place": np.arange(len(subjects))})
    found = pl.DataFrame({"id": ids}).join(order, on="id", how="left", maintain_order="left")
    if strangers := found["place"].null_count():
        example = found.filter(pl.col("place").is_null())["id"][0]
        raise ValueError(f"{strangers} edges name nobody among the subjects, such as {example!r}")
    return found["place"].to_numpy()
