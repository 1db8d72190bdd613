"""The population stability index of two distributions that are given as counts of values."""

from typing import Final

import polars as pl

KEY: Final = ["subject", "measure", "name"]
BINS: Final = 10
HALF_A_ROW: Final = 0.5  # in each bin, so that an empty one is not infinitely far


def stability(sides: pl.DataFrame) -> pl.DataFrame:
    """How far new values lie from old ones, one row a thing measured.

    Bins are quantiles of the old values, a value that is many quantiles a bin by itself, and
    missing another. The index is biased upward by about (bins - 1) * (1/rows + 1/rows before):
    its expectation without any change.

    Args:
        sides: ``subject``, ``measure``, ``name``, ``value`` (null is missing), ``new`` and
            ``old``: how many subjects have the value on either side.

    Returns:
        ``rows``, ``rows_before``, ``missing``, ``missing_before`` (shares), ``median``,
        ``median_before``, ``psi`` and ``expected_psi``; null where a side has no rows.
    """
    present = pl.col("value").is_not_null()
    below = {s: (pl.col(s).cum_sum() - pl.col(s)).over(KEY) for s in ("old", "new")}
    quantile = BINS * below["old"] / pl.col("old").sum().over(KEY)
    placed = (
        sides.filter(present)
        .sort(*KEY, "value")
        .with_columns(
            bin=quantile.floor().fill_nan(0).clip(0, BINS - 1).cast(pl.Int64),
            is_middle_old=_is_middle("old", below["old"]),
            is_middle_new=_is_middle("new", below["new"]),
        )
    )
    missing = sides.filter(~present).with_columns(bin=pl.lit(-1, pl.Int64))
    binned = pl.concat([placed, missing], how="diagonal")
    return (
        binned.group_by(KEY)
        .agg(
            rows=pl.col("new").sum(),
            rows_before=pl.col("old").sum(),
            missing=_missing("new"),
            missing_before=_missing("old"),
            median=pl.col("value").filter(pl.col("is_middle_new")).first(),
            median_before=pl.col("value").filter(pl.col("is_middle_old")).first(),
        )
        .join(_indices(binned), on=KEY, how="left")
    )


def _indices(binned: pl.DataFrame) -> pl.DataFrame:
    bins = binned.group_by(*KEY, "bin").agg(pl.col("new", "old").sum())
    used = bins.filter(pl.col("new") + pl.col("old") > 0).sort(*KEY, "bin")
    shares = {
        side: (pl.col(side) + HALF_A_ROW) / (pl.col(side) + HALF_A_ROW).sum()
        for side in ("new", "old")
    }
    rows = [pl.col(side).sum() for side in ("new", "old")]
    both = (rows[0] > 0) & (rows[1] > 0)
    psi = ((shares["new"] - shares["old"]) * (shares["new"] / shares["old"]).log()).sum()
    return used.group_by(KEY, maintain_order=True).agg(
        psi=pl.when(both).then(psi),
        expected_psi=pl.when(both).then(
            (pl.len().cast(pl.Float64) - 1) * (1 / rows[0] + 1 / rows[1])
        ),
    )


def _is_middle(side: str, below: pl.Expr) -> pl.Expr:
    """Whether the value is the lower median of a side."""
    half = (pl.col(side).sum().over(KEY) + 1) // 2
    return (below < half) & (half <= below + pl.col(side))


def _missing(side: str) -> pl.Expr:
    rows = pl.col(side).sum()
    return pl.when(rows > 0).then(pl.col(side).filter(pl.col("bin") == -1).sum() / rows)
