"""How often each value occurs on a day: small numbers that add up over days, whatever the rows."""

from collections.abc import Iterator
from typing import Final

import polars as pl
import polars.selectors as cs

from pipelines.warehouse.engines.made import Tables
from pipelines.warehouse.lake import Window

CONDUCT: Final = {
    "ad_click": "features.click_conduct",
    "order": "features.order_conduct",
    "review": "features.review_conduct",
    "note": "features.note_conduct",
    "user": "features.user_conduct_daily",
}
SIGNALS: Final = {
    "ad_click": "risk.click_signals",
    "order": "risk.order_signals",
    "review": "risk.review_signals",
    "note": "risk.note_signals",
    "user": "risk.user_signals",
}
KEYS: Final = ("subject", "measure", "name", "event_date", "value")
TWO_DIGITS: Final = """
CASE
  WHEN NOT isfinite(value) THEN NULL
  WHEN value = 0 THEN 0
  ELSE round(value, 1 - CAST(floor(log10(abs(value))) AS INTEGER))
END
"""
OF_COLUMNS: Final = f"""
SELECT name, event_date, {TWO_DIGITS} AS value, count(*) AS subjects
FROM (
  SELECT event_date, {{columns}} FROM {{table}} WHERE event_date BETWEEN $from_date AND $to_date
) UNPIVOT INCLUDE NULLS (value FOR name IN ({{names}}))
GROUP BY ALL
"""
OF_SCORES: Final = f"""
SELECT name, event_date, {TWO_DIGITS} AS value, count(*) AS subjects
FROM (
  SELECT detector AS name, event_date, probability AS value
  FROM {{table}} WHERE event_date BETWEEN $from_date AND $to_date
)
GROUP BY ALL
"""


def value_counts(tables: Tables, window: Window | None) -> pl.DataFrame:
    """Rows of ``risk.value_counts_daily``: one scan a table, counted where the rows lie."""
    del window  # the queries name it
    return pl.concat(_counted(tables)).select(*KEYS, "subjects").sort(KEYS)


def _counted(tables: Tables) -> Iterator[pl.DataFrame]:
    for subject, table in CONDUCT.items():
        names = _numbers(tables, table)
        columns = ", ".join(f"CAST({name} AS DOUBLE) AS {name}" for name in names)
        query = OF_COLUMNS.format(table=table, columns=columns, names=", ".join(names))
        yield _of(subject, "conduct", tables.sql(query))
    for subject, table in SIGNALS.items():
        yield _of(subject, "score", tables.sql(OF_SCORES.format(table=table)))


def _numbers(tables: Tables, table: str) -> list[str]:
    """Columns that are counts, shares, seconds, scores or flags."""
    none = tables.sql(f"SELECT * FROM {table} LIMIT 0")
    return none.select(cs.numeric() | cs.boolean()).columns


def _of(subject: str, measure: str, counts: pl.DataFrame) -> pl.DataFrame:
    return counts.with_columns(subject=pl.lit(subject), measure=pl.lit(measure)).cast(
        {"name": pl.String, "value": pl.Float64, "subjects": pl.Int64}
    )
