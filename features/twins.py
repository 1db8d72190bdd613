"""What people post that others had posted before, or post on the same day, nearly word for word.

A post's twins are near-duplicates by other accounts from ``LOOKBACK_DAYS`` before its day until
that day's end, so what its day says stays as it is. All posts are compared in one pass; then each
day counts what it sees. Of a text with very many variants only some are counted (see
``features.bands``); its cluster holds all of them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

import polars as pl

from features.bands import similar_pairs
from features.components import components
from features.near_duplicates import SIMILARITY
from features.shingles import plain, shingles
from pipelines.warehouse.engines.made import Tables
from pipelines.warehouse.lake import Window

LOOKBACK_DAYS: Final = 30
SHORTEST: Final = 8
"""Letters and digits of a text that can be told from a chance: «good» is everybody's."""


def review_twins(tables: Tables, window: Window | None) -> pl.DataFrame:
    """Rows of ``features.review_twins``."""
    reviews = tables.sql("""
        SELECT
          review_id AS post, event_date, occurred_at, actor_id AS author, product_id AS about, text
        FROM silver.reviews
        WHERE event_date BETWEEN $from_date - 30 AND $to_date
    """)
    return twins(reviews, window).rename({"post": "review_id", "twin_subjects": "twin_products"})


def note_twins(tables: Tables, window: Window | None) -> pl.DataFrame:
    """Rows of ``features.note_twins``."""
    notes = tables.sql("""
        SELECT
          note_id AS post, event_date, changed_at AS occurred_at, creator_id AS author,
          note_id AS about, concat(title, ' ', text) AS text
        FROM features.note_texts
        WHERE event_date BETWEEN $from_date - 30 AND $to_date
    """)
    return twins(notes, window).rename({"post": "note_id"}).drop("twin_subjects")


def twins(
    posts: pl.DataFrame, window: Window | None, *, similarity: float = SIMILARITY
) -> pl.DataFrame:
    """Posts of the window's days that have twins, and how many and how near they are.

    Args:
        posts: ``post``, ``event_date``, ``occurred_at``, ``author``, ``about`` (what it is posted
            under) and ``text``, of the window and ``LOOKBACK_DAYS`` before it. What nobody signed
            or is shorter than ``SHORTEST`` is left out.
        window: days to tell of; all if None.
        similarity: see ``features.near_duplicates``.

    Returns:
        The columns of ``features.review_twins``, but ``post`` for the review and
        ``twin_subjects`` for its products.
    """
    compared = _Compared.of(posts, similarity)
    days = compared.posts["event_date"].unique().sort()
    told = [compared.on(day) for day in days if window is None or day in window]
    return pl.concat([NOBODYS, *told])


NOBODYS: Final = pl.DataFrame(
    schema={
        "post": pl.String,
        "event_date": pl.Date,
        "twins": pl.Int64,
        "twin_accounts": pl.Int64,
        "twin_subjects": pl.Int64,
        "exact_twins": pl.Int64,
        "nearest": pl.Float64,
        "cluster_id": pl.String,
        "cluster_accounts": pl.Int64,
    }
)


@dataclass(frozen=True)
class _Compared:
    """Posts, and which of their texts are similar on which days."""

    posts: pl.DataFrame
    """``post``, ``event_date``, ``occurred_at``, ``author``, ``about``, ``row`` (of its text)."""
    similar: pl.DataFrame
    """``row`` on its ``event_date`` is similar to ``other`` on its ``other_date``, not later."""
    texts: int

    @classmethod
    def of(cls, posts: pl.DataFrame, similarity: float) -> Self:
        said = posts.with_columns(plain(pl.col("text"))).filter(
            pl.col("text").str.len_chars() >= SHORTEST, pl.col("author").is_not_null()
        )
        texts = said.select("text").unique().sort("text").with_row_index("row")
        signed = said.join(texts, on="text").drop("text").with_columns(pl.col("row").cast(pl.Int32))
        entries = signed.select("row", "event_date").unique().sort("event_date", "row")
        pairs = similar_pairs(
            shingles(texts["text"]),
            entries["row"].to_numpy(),
            entries["event_date"].to_physical().to_numpy(),
            similarity=similarity,
            lookback=LOOKBACK_DAYS,
        )
        one, other = entries[pairs.later], entries[pairs.earlier]
        similar = one.with_columns(
            other["row"].alias("other"),
            other["event_date"].alias("other_date"),
            pl.Series("similarity", pairs.similarity),
        )
        return cls(signed, similar, len(texts))

    def on(self, day: date) -> pl.DataFrame:
        """What the posts of one day had of twins when it ended."""
        recent = self.posts.filter(
            pl.col("event_date").is_between(day - timedelta(days=LOOKBACK_DAYS), day)
        )
        own = recent.filter(pl.col("event_date") == day)
        seen = self._seen(day, own, recent)
        counted = own.join(_counts(seen), on=["row", "author"]).filter(pl.col("twins") > 0)
        return counted.join(self._clusters(day, recent), on="row").select(NOBODYS.columns)

    def _seen(self, day: date, own: pl.DataFrame, recent: pl.DataFrame) -> pl.DataFrame:
        """Each text of the day with every recent post of it or of a similar one, its own too."""
        today = self.similar.filter(pl.col("event_date") == day)
        back = today.filter(pl.col("other_date") == day).rename({"row": "other", "other": "row"})
        of_its_own = recent.join(own, on="row", how="semi").select(
            "row", "event_date", other="row", other_date="event_date", similarity=pl.lit(1.0)
        )
        columns = ["row", "other", "other_date", "similarity"]
        sees = pl.concat([found.select(columns) for found in (today, back, of_its_own.unique())])
        met = sees.join(recent, left_on=["other", "other_date"], right_on=["row", "event_date"])
        return met.group_by("row", "post").agg(
            pl.col("author", "about").first(),
            pl.col("similarity").max(),
            exact=(pl.col("other") == pl.col("row")).any(),
        )

    def _clusters(self, day: date, recent: pl.DataFrame) -> pl.DataFrame:
        """Of each recent text its cluster: the first post in it, and its accounts."""
        first = day - timedelta(days=LOOKBACK_DAYS)
        known = self.similar.filter(
            pl.col("event_date") <= day, pl.col("other_date").is_between(first, day)
        )
        least = components(self.texts, known["row"].to_numpy(), known["other"].to_numpy())
        parts = recent.with_columns(part=pl.Series(least).gather(recent["row"]))
        named = parts.group_by("part").agg(
            cluster_id=pl.col("post").sort_by("occurred_at", "post").first(),
            cluster_accounts=pl.col("author").n_unique().cast(pl.Int64),
        )
        return parts.select("row", "part").unique().join(named, on="part").drop("part")


def _counts(seen: pl.DataFrame) -> pl.DataFrame:
    """Of each text and author what others posted: counted once a text, less the author's own.

    An author's own post of the text is as near as can be, so the nearest but one is another's.
    """
    by_author = seen.group_by("row", "author").agg(
        pl.col("similarity").max(),
        twins=pl.len().cast(pl.Int64),
        exact_twins=pl.col("exact").sum().cast(pl.Int64),
    )
    by_text = by_author.group_by("row").agg(
        pl.col("twins", "exact_twins").sum(),
        twin_accounts=pl.len().cast(pl.Int64) - 1,
        nearest=pl.col("similarity").sort(descending=True).get(1, null_on_oob=True),
    )
    under = seen.group_by("row", "about").agg(pl.col("author").unique())
    subjects = under.group_by("row").agg(subjects=pl.len().cast(pl.Int64))
    alone = under.filter(pl.col("author").list.len() == 1).explode("author")
    own = alone.group_by("row", "author").agg(own_subjects=pl.len().cast(pl.Int64))
    return (
        by_author.join(by_text, on="row", suffix="_of_all")
        .join(subjects, on="row")
        .join(own, on=["row", "author"], how="left")
        .select(
            "row",
            "author",
            "twin_accounts",
            "nearest",
            twins=pl.col("twins_of_all") - pl.col("twins"),
            exact_twins=pl.col("exact_twins_of_all") - pl.col("exact_twins"),
            twin_subjects=pl.col("subjects") - pl.col("own_subjects").fill_null(0),
        )
    )
