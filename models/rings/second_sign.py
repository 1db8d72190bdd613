"""A dense block is no verdict: who in it has something else, and independent, against them?"""

from typing import Final

import polars as pl

TOP: Final = 0.05
"""Share of everybody against whom a sign speaks."""


def with_second_sign(
    members: pl.Series, signs: pl.DataFrame, *, key: str, top: float = TOP
) -> pl.DataFrame:
    """Those members for whom a sign is among the highest of all subjects.

    Args:
        members: ids of a block's users.
        signs: one row a subject of the whole population: ``key``, and numeric signs that say more
            the higher they are. They must not grow with how much somebody does: that is what made
            the block dense, and would be the first sign once more.
        top: a sign speaks against those whose percentile is at least ``1 - top``.

    Returns:
        ``key`` and the percentile of each sign, a row a member who is accused; a missing value
        speaks against nobody.
    """
    names = [name for name in signs.columns if name != key]
    standing = signs.select(
        key, *(pl.col(name).rank("min") / pl.col(name).count() for name in names)
    )
    speaks = pl.any_horizontal(*(pl.col(name) >= 1 - top for name in names))
    return standing.filter(pl.col(key).is_in(members.implode()) & speaks)
