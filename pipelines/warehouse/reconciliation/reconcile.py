"""Both sides, day by day; what differs is named with what to do about it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import sqlalchemy as sa

from pipelines.warehouse.engines.connection import connect, create_view
from pipelines.warehouse.lake import Lake, Pin
from pipelines.warehouse.reconciliation.books import BOOKS, TABLES, Book
from pipelines.warehouse.reconciliation.platform import (
    QUARTER_SECONDS,
    Place,
    rows_between,
    sums,
    sums_of,
    told_after,
    told_at,
)
from platform_core.database import snapshot
from platform_core.outbox import SOURCE
from platform_core.settings import Settings

EVENTS: Final = "bronze.events"
QUARANTINE: Final = "bronze.quarantine"
ROWS_SHOWN: Final = 3
_SUMS: Final = pa.schema(
    {
        "quarter": pa.int64(),
        "part": pa.string(),
        "currency": pa.string(),
        "rows": pa.int64(),
        "amount_minor": pa.int64(),
    }
)
_ROWS: Final = pa.schema({"id": pa.string(), "amount_minor": pa.int64()})

_QUARANTINED: Final = f"""
SELECT segment, line, quarantine_id, code FROM {QUARANTINE}
WHERE source = $source
  AND quarantine_id NOT IN (SELECT mends FROM {EVENTS} WHERE source = $source AND mends IS NOT NULL)
ORDER BY segment, line
"""
_DIFFERENCES: Final = """
WITH sides AS (
  SELECT
    local_date(epoch_ms(quarter * {quarter_ms})) AS event_date, part, currency,
    rows AS platform_rows, amount_minor AS platform_minor, 0 AS lake_rows, 0 AS lake_minor
  FROM platform_sums
  UNION ALL
  SELECT event_date, part, currency, 0, 0, count(*), sum(amount_minor)
  FROM ({lake}) WHERE starts_with(id, '{source}:') GROUP BY ALL
)
SELECT
  event_date, part, currency,
  CAST(sum(platform_rows) AS BIGINT), CAST(sum(platform_minor) AS BIGINT),
  CAST(sum(lake_rows) AS BIGINT), CAST(sum(lake_minor) AS BIGINT)
FROM sides
GROUP BY ALL
HAVING sum(platform_rows) <> sum(lake_rows) OR sum(platform_minor) <> sum(lake_minor)
ORDER BY ALL
"""
_EXAMPLES: Final = """
WITH sides AS (
  SELECT id, 1 AS platform_rows, amount_minor AS platform_minor, 0 AS lake_rows, 0 AS lake_minor
  FROM platform_rows
  UNION ALL
  SELECT substr(id, {prefix} + 1), 0, 0, 1, amount_minor
  FROM ({lake})
  WHERE starts_with(id, '{source}:') AND event_date = $day AND part = $part
    AND currency = $currency
)
SELECT
  id,
  CAST(sum(platform_rows) AS BIGINT), CAST(sum(platform_minor) AS BIGINT),
  CAST(sum(lake_rows) AS BIGINT), CAST(sum(lake_minor) AS BIGINT)
FROM sides
GROUP BY id
HAVING sum(platform_rows) <> sum(lake_rows) OR sum(platform_minor) <> sum(lake_minor)
ORDER BY id
LIMIT {limit}
"""


@dataclass(frozen=True)
class Sum:
    """How many rows, and their amounts in minor units of the currency."""

    rows: int
    amount_minor: int

    def __str__(self) -> str:
        rows = "row" if self.rows == 1 else "rows"
        return f"{self.amount_minor:,} minor units in {self.rows:,} {rows}"


@dataclass(frozen=True)
class Disagreement:
    """A day of a book on which the platform and the warehouse do not say the same."""

    book: str
    table: str
    event_date: date
    part: str
    currency: str
    platform: Sum
    warehouse: Sum
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        what = f"{self.book} ({self.part})" if self.part else self.book
        shown = f"; {'; '.join(self.examples)}" if self.examples else ""
        return (
            f"{what} in {self.table} on {self.event_date}, {self.currency}: the platform has "
            f"{self.platform}, the warehouse {self.warehouse}{shown}"
        )


@dataclass(frozen=True)
class Reconciliation:
    """What was compared, up to which segment, and what differs.

    ``quarantined`` names events that the contract refused and nothing mends yet: their rows are
    missing from the warehouse for that reason, and are left out of the platform's side.
    """

    watermark: int
    disagreements: tuple[Disagreement, ...] = ()
    quarantined: tuple[str, ...] = ()
    waiting: Mapping[str, int] = field(default_factory=dict)
    """Days of each table that were not compared, because they wait to be computed."""

    @property
    def agrees(self) -> bool:
        return not self.disagreements


class Unreconciled(ValueError):
    """The warehouse does not say what the platform's books say; nothing may be released."""

    def __init__(self, found: Reconciliation) -> None:
        self.reconciliation = found
        days = sorted({d.event_date for d in found.disagreements})
        lines = "\n".join(f"  {d}" for d in found.disagreements)
        super().__init__(
            f"the platform and the warehouse differ in what was relayed and ingested up to segment "
            f"{found.watermark} of source {SOURCE!r}; nothing was released:\n{lines}\n"
            f"Compute these days again with `meadow run --from {days[0]} --to {days[-1]}`. If they "
            "still differ, rows of the platform's database were changed without an event, or this "
            "is not the database that wrote these segments: restore the right one."
        )


def reconcile(
    engine: sa.Engine,
    lake: Lake,
    settings: Settings,
    pins: Mapping[str, Pin],
    stale: Mapping[str, frozenset[date]],
) -> Reconciliation:
    """Compare the platform's books with pinned tables, all days at once.

    Args:
        stale: by silver table the days that wait to be computed; they are not compared.
    """
    watermark = lake.watermark(EVENTS, SOURCE, pins[EVENTS].version)
    with snapshot(engine) as reading, connect(settings, lake.timezone) as connection:
        for name in (EVENTS, QUARANTINE, *TABLES):
            create_view(connection, name, pins[name], pins[name].files)
        quarantined = _quarantined(reading, connection, watermark)
        missing = [*told_after(reading, watermark), *quarantined.values()]
        zone = ZoneInfo(lake.timezone)
        disagreements = [
            found
            for book in BOOKS
            for found in _differences(reading, connection, book, _ids(book, missing), zone)
            if found.event_date not in stale.get(book.table, frozenset())
        ]
    return Reconciliation(
        watermark,
        tuple(disagreements),
        tuple(quarantined),
        {name: len(days) for name, days in stale.items() if days},
    )


def _quarantined(
    reading: sa.Connection, connection: duckdb.DuckDBPyConnection, watermark: int
) -> dict[str, Mapping[str, Any]]:
    """Events of the platform's books that wait in quarantine, by what names them."""
    rows = connection.sql(_QUARANTINED, params={"source": SOURCE}).fetchall()
    names = {(segment, line): (name, code) for segment, line, name, code in rows}
    types = {type_ for book in BOOKS for type_ in book.told_by}
    found: dict[str, Mapping[str, Any]] = {}
    places: Iterable[Place] = (place for place in names if place[0] <= watermark)
    for place, event in told_at(reading, places):
        if event["type"] in types:
            name, code = names[place]
            found[f"{name} ({code}): {event['type']} {event['id']}"] = event
    return found


def _ids(book: Book, events: Iterable[Mapping[str, Any]]) -> set[str]:
    """Ids of the book's rows that these events should have brought to the lake."""
    return {e["data"][book.told_by[e["type"]]] for e in events if e["type"] in book.told_by}


def _differences(
    reading: sa.Connection,
    connection: duckdb.DuckDBPyConnection,
    book: Book,
    missing: set[str],
    zone: ZoneInfo,
) -> Iterator[Disagreement]:
    absent = [
        replace(s, rows=-s.rows, amount_minor=-s.amount_minor)
        for s in sums_of(reading, book, missing)
    ]
    expected = [vars(s) for s in (*sums(reading, book), *absent)]
    connection.register("platform_sums", pa.Table.from_pylist(expected, schema=_SUMS))
    query = _DIFFERENCES.format(lake=book.lake, source=SOURCE, quarter_ms=QUARTER_SECONDS * 1000)
    for number, (day, part, currency, *found) in enumerate(connection.sql(query).fetchall()):
        here, there = Sum(*found[:2]), Sum(*found[2:])
        wrong = Disagreement(book.name, book.table, day, part, currency, here, there)
        if number < ROWS_SHOWN:
            wrong = replace(
                wrong, examples=_examples(reading, connection, book, wrong, missing, zone)
            )
        yield wrong


def _examples(
    reading: sa.Connection,
    connection: duckdb.DuckDBPyConnection,
    book: Book,
    wrong: Disagreement,
    missing: set[str],
    zone: ZoneInfo,
) -> tuple[str, ...]:
    """Some of the rows that differ, with what each side has of them."""
    begins = datetime.combine(wrong.event_date, time(), zone)
    ends = datetime.combine(wrong.event_date + timedelta(days=1), time(), zone)
    quarters = (
        int(begins.timestamp()) // QUARTER_SECONDS,
        int(ends.timestamp()) // QUARTER_SECONDS,
    )
    rows = [
        {"id": id_, "amount_minor": amount}
        for id_, part, currency, amount in rows_between(reading, book, *quarters)
        if (part, currency) == (wrong.part, wrong.currency) and id_ not in missing
    ]
    connection.register("platform_rows", pa.Table.from_pylist(rows, schema=_ROWS))
    query = _EXAMPLES.format(
        lake=book.lake, source=SOURCE, prefix=len(SOURCE) + 1, limit=ROWS_SHOWN
    )
    values = {"day": wrong.event_date, "part": wrong.part, "currency": wrong.currency}
    return tuple(
        f"{id_}: {Sum(*found[:2])} against {Sum(*found[2:])}"
        for id_, *found in connection.sql(query, params=values).fetchall()
    )
