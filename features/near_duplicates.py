"""Texts that say nearly the same in nearly the same words."""

from typing import Final

import numpy as np
import polars as pl

from features.bands import similar_pairs
from features.components import components
from features.shingles import plain, shingles

SIMILARITY: Final = 0.4
"""Jaccard similarity of shingles; a text with every fifth character replaced keeps about 0.47."""


def near_duplicates(
    texts: pl.DataFrame, *, similarity: float = SIMILARITY, threads: int = 2
) -> pl.DataFrame:
    """Pairs of near-duplicate texts.

    What people can change without saying anything else does not count: case, width, spaces,
    punctuation, emoji. Texts without a letter or digit are nobody's duplicates.

    Args:
        texts: ``id`` (unique; of any type that has an order) and ``text`` (may be empty).
        similarity: the least Jaccard similarity of a pair, above 0 and at most 1.

    Returns:
        ``id_a`` < ``id_b`` and ``similarity``, each pair once. Equal texts are paired with the
        first of them only, which stands for all of them in pairs with others. Where very many
        texts are alike the pairs hold them together, but are not all (see ``features.bands``).
    """
    said = texts.select("id", plain=plain(pl.col("text"))).filter(pl.col("plain") != "")
    distinct = said.group_by("plain").agg(first=pl.col("id").min()).sort("plain")
    count = len(distinct)
    pairs = similar_pairs(
        shingles(distinct["plain"], threads=threads),
        np.arange(count, dtype=np.int32),
        np.zeros(count, np.int32),
        similarity=similarity,
        threads=threads,
    )
    first = distinct["first"]
    ones, others = first.gather(pairs.later), first.gather(pairs.earlier)
    near = _pairs(ones, others).with_columns(similarity=pairs.similarity)
    equal = said.join(distinct, on="plain").filter(pl.col("id") != pl.col("first"))
    return pl.concat(
        [near, _pairs(equal["first"], equal["id"]).with_columns(similarity=pl.lit(1.0))]
    ).sort("id_a", "id_b")


def clusters(pairs: pl.DataFrame) -> pl.DataFrame:
    """The groups that pairs hold together: ``id``, and the least id of its group as ``cluster``.

    Args:
        pairs: ``id_a`` and ``id_b``, as ``near_duplicates`` gives them.
    """
    ids = pl.concat([pairs["id_a"], pairs["id_b"]]).unique().sort()
    least = components(
        len(ids),
        ids.search_sorted(pairs["id_a"]).cast(pl.Int32).to_numpy(),
        ids.search_sorted(pairs["id_b"]).cast(pl.Int32).to_numpy(),
    )
    return pl.DataFrame({"id": ids, "cluster": ids.gather(least)})


def _pairs(ones: pl.Series, others: pl.Series) -> pl.DataFrame:
    both = pl.DataFrame({"one": ones, "other": others})
    return both.select(
        id_a=pl.min_horizontal("one", "other"), id_b=pl.max_horizontal("one", "other")
    )
