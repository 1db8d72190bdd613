"""Phrases that reviews of one product have in common, though their texts are put together anew.

Who writes from a brief takes its claims in any order, with other joins: whole texts differ, phrases
return. A phrase is what stands between punctuation marks, or between spaces in Chinese. Common
phrases return everywhere, so it is told how far one is of this product alone.
"""

from datetime import date, timedelta
from typing import Final

import polars as pl

from features.shingles import plain
from pipelines.warehouse.engines.made import Tables
from pipelines.warehouse.lake import Window

LOOKBACK_DAYS: Final = 30
FEWEST_BYTES: Final = 12
"""Of a phrase in UTF-8: four Chinese characters, twelve Latin letters."""
MARKS: Final = r"[^\p{L}\p{N}\p{M}\s]+"
SPACES: Final = r"([\p{Han}\p{Hiragana}\p{Katakana}])\s+"
BORDER: Final = "|"

UNSHARED: Final = pl.DataFrame(
    schema={
        "review_id": pl.String,
        "event_date": pl.Date,
        "phrases": pl.Int64,
        "shared_phrases": pl.Int64,
        "phrase_accounts": pl.Int64,
        "concentration": pl.Float64,
    }
)


def review_phrases(tables: Tables, window: Window | None) -> pl.DataFrame:
    """Rows of ``features.review_phrases``."""
    reviews = tables.sql("""
        SELECT review_id, event_date, actor_id, product_id, text
        FROM silver.reviews
        WHERE event_date BETWEEN $from_date - 30 AND $to_date
    """)
    said = phrases(reviews.filter(pl.col("actor_id").is_not_null()))
    days = said["event_date"].unique().sort()
    told = [_shared(said, day) for day in days if window is None or day in window]
    return pl.concat([UNSHARED, *told])


def phrases(texts: pl.DataFrame) -> pl.DataFrame:
    """The texts' other columns with each distinct ``phrase`` of their ``text``, if it has any."""
    divided = (
        pl.col("text")
        .str.normalize("NFKC")
        .str.replace_all(MARKS, BORDER)
        .str.replace_all(SPACES, "${1}" + BORDER)
        .str.split(BORDER)
    )
    cut = texts.with_columns(phrase=divided).drop("text").explode("phrase")
    plainly = cut.with_columns(plain(pl.col("phrase")))
    return plainly.filter(pl.col("phrase").str.len_bytes() >= FEWEST_BYTES).unique()


def _shared(said: pl.DataFrame, day: date) -> pl.DataFrame:
    """Reviews of one day that share a phrase, as that day's end sees it."""
    recent = said.filter(pl.col("event_date").is_between(day - timedelta(LOOKBACK_DAYS), day))
    own = recent.filter(pl.col("event_date") == day)
    everywhere = recent.group_by("phrase").agg(accounts=pl.col("actor_id").n_unique())
    here = (
        recent.join(own, on=["product_id", "phrase"], how="semi")
        .group_by("product_id", "phrase")
        .agg(accounts_here=pl.col("actor_id").n_unique())
        .join(everywhere, on="phrase")
    )
    shares = pl.col("accounts_here") > 1
    return (
        own.join(here, on=["product_id", "phrase"])
        .group_by("review_id", "event_date")
        .agg(
            phrases=pl.len().cast(pl.Int64),
            shared_phrases=shares.sum().cast(pl.Int64),
            phrase_accounts=pl.col("accounts_here").max().cast(pl.Int64) - 1,
            concentration=(pl.col("accounts_here") / pl.col("accounts")).filter(shares).max(),
        )
        .filter(pl.col("shared_phrases") > 0)
    )
