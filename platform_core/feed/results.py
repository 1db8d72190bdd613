"""Pages of search results: notes and products that match, what is gone or hidden left out."""

from typing import Final

import polars as pl
import sqlalchemy as sa

from platform_core.feed.browsing import CARDS
from platform_core.feed.layout import PRODUCT_POSITIONS
from platform_core.feed.readers import Readers
from platform_core.search import Hit, SearchIndex
from platform_core.tables.catalog import products
from platform_core.tables.notes import notes

DEPTH: Final = 100
"""So many notes of a search are looked through; products a fifth of it."""
MATCH: Final = "match"

_IDS: Final[sa.BindParameter[str]] = sa.bindparam("ids", expanding=True)
_PUBLISHED: Final = sa.select(notes.c.note_id).where(
    notes.c.note_id.in_(_IDS), notes.c.status == "published"
)
_LISTED: Final = sa.select(products.c.product_id).where(
    products.c.product_id.in_(_IDS), products.c.status == "listed"
)


def search(
    connection: sa.Connection, cells: pl.DataFrame, index: SearchIndex | None, readers: Readers
) -> pl.DataFrame:
    """Fill the open positions (rows of ``open_positions``) of searches; rows of ``CARDS``."""
    if index is None or cells.is_empty():
        return CARDS.to_frame()
    found = _found(connection, cells["query"].unique(maintain_order=True).to_list(), index)
    visible = (
        cells.select("list", "user_id", "query")
        .unique()
        .join(found, on="query")
        .join(
            readers.hidden,
            left_on=["user_id", "item_id"],
            right_on=["user_id", "note_id"],
            how="anti",
        )
        .sort("list", "kind", "rank")
        .with_columns(pl.int_range(pl.len()).over("list", "kind").alias("place"))
    )
    cards = _of_kinds(cells, visible).join(visible, on=["list", "kind", "place"])
    return cards.select(
        "request_id",
        "position",
        pl.lit(MATCH).alias("slot"),
        "kind",
        "item_id",
        "score",
        pl.lit(MATCH).alias("reason"),
        pl.when(pl.col("kind") == "note").then("item_id").alias("note_id"),
    )


def _of_kinds(cells: pl.DataFrame, visible: pl.DataFrame) -> pl.DataFrame:
    """What each position shows: a product where one is planned and found, else a note."""
    there_are = visible.filter(pl.col("kind") == "product").group_by("list").len("products")
    planned = pl.col("position").is_in(PRODUCT_POSITIONS)
    number = planned.cum_sum().over("list")
    is_product = planned & (number <= pl.col("products").fill_null(0))
    return (
        cells.select("list", "request_id", "position")
        .join(there_are, on="list", how="left", maintain_order="left")
        .with_columns(
            pl.when(is_product).then(pl.lit("product")).otherwise(pl.lit("note")).alias("kind")
        )
        .with_columns(pl.int_range(pl.len()).over("list", "kind").alias("place"))
    )


def _found(connection: sa.Connection, queries: list[str], index: SearchIndex) -> pl.DataFrame:
    """The hits of every query that can still be shown: ``query, kind, rank, item_id, score``."""
    rows = [
        (query, kind, rank, hit.item_id, hit.score)
        for query in queries
        for kind, hits in _hits(index, query).items()
        for rank, hit in enumerate(hits)
    ]
    schema = ("query", "kind", "rank", "item_id", "score")
    dtypes = (pl.String, pl.String, pl.Int64, pl.String, pl.Float64)
    found = pl.DataFrame(rows, schema=dict(zip(schema, dtypes, strict=True)), orient="row")
    ids = {"ids": found["item_id"].unique().sort().to_list()}
    shown = [*connection.scalars(_PUBLISHED, ids), *connection.scalars(_LISTED, ids)]
    return found.filter(pl.col("item_id").is_in(shown))


def _hits(index: SearchIndex, query: str) -> dict[str, list[Hit]]:
    return {"note": index.notes(query, DEPTH), "product": index.products(query, DEPTH // 5)}
