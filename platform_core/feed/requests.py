"""Requests for pages, and the positions on them that are to be filled."""

from typing import Final

import polars as pl

from platform_core.feed.layout import AD_POSITIONS
from platform_core.feed.readers import Readers

SURFACES: Final = ("feed", "follow", "topic", "search")
MAX_SIZE: Final = 100
LIST: Final = ("user_id", "stranger", "surface", "query")
INSTANT: Final = pl.Datetime("us", "UTC")
SCHEMA: Final = pl.Schema(
    {
        "request_id": pl.String(),
        "user_id": pl.String(),
        "surface": pl.String(),
        "at": pl.Datetime("us", "UTC"),
        "size": pl.Int64(),
        "query": pl.String(),
    }
)


def checked(requests: pl.DataFrame) -> pl.DataFrame:
    """The requests in order of time, with the columns of ``SCHEMA``; ``query`` may be missing.

    Raises:
        ValueError: a surface is unknown, a size is not 1 to 100, or a request comes twice.
    """
    if "query" not in requests.columns:
        requests = requests.with_columns(pl.lit(None, pl.String).alias("query"))
    requests = requests.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
    wrong = requests.filter(
        ~pl.col("surface").is_in(SURFACES)
        | ~pl.col("size").is_between(1, MAX_SIZE)
        | pl.col("request_id").is_duplicated()
        | (pl.col("surface").is_in(["topic", "search"]) & pl.col("query").is_null())
    )
    if len(wrong):
        raise ValueError(
            f"request {wrong.row(0, named=True)}: the surface is one of {', '.join(SURFACES)}, "
            f"topic and search with a query, the size 1 to {MAX_SIZE}, the request_id its own"
        )
    return requests.sort("at", maintain_order=True)


def ad_slots(requests: pl.DataFrame, readers: Readers) -> pl.DataFrame:
    """The positions that are auctioned, as ``AuctionBook.auction`` wants them."""
    positions = pl.DataFrame(
        [(surface, position) for surface, all_of in AD_POSITIONS.items() for position in all_of],
        schema={"surface": pl.String, "position": pl.Int64},
        orient="row",
    )
    is_search = pl.col("surface") == "search"
    of_topic = pl.when(pl.col("surface") == "topic").then(pl.concat_list("query"))
    no_names = pl.lit([], dtype=pl.List(pl.String))
    return (
        requests.join(positions, on="surface", maintain_order="left_right")
        .filter(pl.col("position") <= pl.col("size"))
        .join(readers.top_topics(), on="user_id", how="left", maintain_order="left")
        .join(readers.hidden_lists(), on="user_id", how="left", maintain_order="left")
        .with_columns(
            pl.concat_list(
                of_topic.fill_null(no_names), pl.col("topics").fill_null(no_names)
            ).alias("topics"),
            pl.col("hidden").fill_null(no_names),
            pl.when(is_search).then(pl.lit("search")).otherwise(pl.lit("feed")).alias("placement"),
            pl.when(is_search).then("query").alias("query"),
        )
    )


def open_positions(requests: pl.DataFrame, ads: pl.DataFrame) -> pl.DataFrame:
    """One row a position that no ad fills, in order: those of ``requests`` and ``position``.

    ``list`` numbers what one person looks through: pages of one surface and query go on where the
    page before ended, and ``place`` counts the open positions along it.
    """
    stranger = pl.when(pl.col("user_id").is_null()).then("request_id").alias("stranger")
    requests = requests.with_columns(stranger)
    lists = requests.select(LIST).unique(maintain_order=True).with_row_index("list")
    positions = pl.int_ranges(1, pl.col("size") + 1).alias("position")
    return (
        requests.join(lists, on=LIST, nulls_equal=True, maintain_order="left")
        .with_columns(positions, pl.col("list").cast(pl.Int64))
        .explode("position")
        .join(ads, on=["request_id", "position"], how="anti", maintain_order="left")
        .with_columns(pl.int_range(pl.len()).over("list").alias("place"))
    )
