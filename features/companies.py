"""People who belong together, under a name that stays as their company grows."""

from typing import Final

import numpy as np
import polars as pl

from features.components import components

COMPANY: Final = "component_id"


def companies(edges: pl.DataFrame, since: pl.DataFrame) -> pl.DataFrame:
    """Who belongs together: connected components.

    Args:
        edges: ``a``, ``b``: names of any two things that belong together.
        since: ``user_id``, ``registered_at``: the people among them, and since when they are
            known; whoever is not listed is no member, only what holds others together.

    Returns:
        ``user_id``, ``component_id``, in the order of ``user_id``; the name of a component is that
        of its member who signed up first, the smaller name of two.
    """
    names = pl.concat([edges["a"], edges["b"]]).unique().sort()
    if names.is_empty():
        return pl.DataFrame(schema={"user_id": pl.String, COMPANY: pl.String})
    one, other = (names.search_sorted(edges[side]).to_numpy() for side in ("a", "b"))
    roots = components(len(names), one.astype(np.int32), other.astype(np.int32))
    members = pl.DataFrame({"user_id": names, "root": roots}).join(since, on="user_id")
    eldest = members.sort("registered_at", "user_id", nulls_last=True)
    named = eldest.group_by("root").agg(pl.col("user_id").first().alias(COMPANY))
    return members.join(named, on="root").select("user_id", COMPANY).sort("user_id")
