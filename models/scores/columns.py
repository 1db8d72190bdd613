"""Named columns as the matrix that a model reads."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]


class BadColumns(ValueError):
    """A frame is not what a model can read; the message names the columns."""


def matrix(frame: pl.DataFrame, columns: Sequence[str]) -> Floats:
    """The named columns as floats, shape (rows, columns), row by row; null is NaN.

    Raises:
        BadColumns: one is missing, is neither numeric nor boolean, or holds an infinite value.
    """
    refuse_missing(frame, columns)
    odd = [f"{c} ({frame.schema[c]})" for c in columns if not _is_number(frame.schema[c])]
    if odd:
        raise BadColumns(f"not numbers: {', '.join(odd)}; pass features only, not keys or texts")
    values = frame.select(pl.col(list(columns)).cast(pl.Float64)).to_numpy(order="c")
    infinite = np.isinf(values)
    if infinite.any():
        named = [
            f"{column} ({count} rows)"
            for column, count in zip(columns, infinite.sum(axis=0), strict=True)
            if count
        ]
        raise BadColumns(f"infinite values: {', '.join(named)}; guard the ratio's denominator")
    return values


def refuse_missing(frame: pl.DataFrame, columns: Sequence[str]) -> None:
    """Say which columns a frame lacks.

    Raises:
        BadColumns: it lacks some.
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise BadColumns(f"missing columns: {', '.join(missing)}; there are {frame.columns}")


def varies(values: Floats) -> npt.NDArray[np.bool_]:
    """Which columns of a matrix take two values; missing is one."""
    if not len(values):
        return np.zeros(values.shape[1], dtype=np.bool_)
    first = values[0]
    same = (values == first) | (np.isnan(values) & np.isnan(first))
    differs: npt.NDArray[np.bool_] = ~same.all(axis=0)
    return differs


def _is_number(dtype: pl.DataType) -> bool:
    return dtype.is_numeric() or dtype in (pl.Boolean, pl.Null)
