"""How crowded a click's surroundings were until it happened, whatever calls itself a neighbour."""

from collections.abc import Sequence
from typing import Final

import polars as pl

PERIOD: Final = "1d"


def trailing_counts(
    clicks: pl.DataFrame, keys: Sequence[Sequence[str]], period: str = PERIOD
) -> pl.DataFrame:
    """Clicks that shared a key within the period up to and with each click.

    Clicks of one instant see each other, so that neither the order of rows nor that of ids says
    anything.

    Args:
        clicks: ``clicked_at`` and the columns of the keys.
        keys: columns, or combinations of columns, whose values make neighbours.
        period: in Polars' words, such as ``1h``.

    Returns:
        A column a key, ``<columns>_clicks_<period>``, a row a click in the order of ``clicks``.
    """
    return pl.DataFrame([_trailing_count(clicks, list(key), period) for key in keys])


def _trailing_count(clicks: pl.DataFrame, key: list[str], period: str) -> pl.Series:
    name = f"{'_'.join(key)}_clicks_{period}"
    seen = clicks.select("clicked_at", *key)
    counts = (
        seen.sort("clicked_at")
        .rolling("clicked_at", period=period, group_by=key)
        .agg(pl.len().alias(name))
        .group_by("clicked_at", *key)
        .agg(pl.col(name).max())
    )
    met = seen.join(
        counts, on=["clicked_at", *key], how="left", nulls_equal=True, maintain_order="left"
    )
    return met[name]
