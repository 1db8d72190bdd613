"""The platform's side: sums of its rows, and what it has told of that the lake does not hold."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from pipelines.warehouse.reconciliation.books import Book
from platform_core.tables.outbox import outbox

QUARTER_SECONDS: Final = 900
"""Since 1972 every zone is whole quarters of an hour from UTC, so no local day cuts one in two."""
IDS_PER_QUERY: Final = 500
ROWS_PER_FETCH: Final = 5_000

Place = tuple[int, int]
"""Segment and line, from 1, of an event of the platform."""


@dataclass(frozen=True, order=True)
class QuarterSum:
    """Rows of one quarter of an hour, counted from 1970, with their amounts added up."""

    quarter: int
    part: str
    currency: str
    rows: int
    amount_minor: int


def sums(connection: sa.Connection, book: Book) -> list[QuarterSum]:
    """All rows of the book, the database adding them up."""
    return _sums(connection, book.rows)


def sums_of(connection: sa.Connection, book: Book, ids: Iterable[str]) -> list[QuarterSum]:
    """The rows with these ids, as far as there are any."""
    identity = book.rows.selected_columns["id"]
    ordered = sorted(ids)
    return [
        found
        for first in range(0, len(ordered), IDS_PER_QUERY)
        for found in _sums(
            connection, book.rows.where(identity.in_(ordered[first : first + IDS_PER_QUERY]))
        )
    ]


def rows_between(
    connection: sa.Connection, book: Book, from_quarter: int, before_quarter: int
) -> list[tuple[str, str, str, int]]:
    """(id, part, currency, amount_minor) of the rows of some quarters of an hour."""
    rows = book.rows.subquery()
    query = sa.select(rows.c.id, rows.c.part, rows.c.currency, rows.c.amount_minor).where(
        _quarter(connection, rows.c.happened_at) >= from_quarter,
        _quarter(connection, rows.c.happened_at) < before_quarter,
    )
    return [tuple(row) for row in connection.execute(query)]


def told_after(connection: sa.Connection, watermark: int) -> Iterator[Mapping[str, Any]]:
    """Events that are not yet relayed, or lie in segments above the watermark."""
    later = sa.or_(outbox.c.sequence.is_(None), outbox.c.sequence > watermark)
    options = {"yield_per": ROWS_PER_FETCH}
    lines = connection.execute(sa.select(outbox.c.line).where(later), execution_options=options)
    yield from map(json.loads, lines.scalars())


def told_at(
    connection: sa.Connection, places: Iterable[Place]
) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """The events that the platform put at these places; a place may be of another writer."""
    wanted: defaultdict[int, set[int]] = defaultdict(set)
    for segment, line in places:
        wanted[segment].add(line)
    for segment in sorted(wanted):
        lines = sa.select(outbox.c.line).where(outbox.c.sequence == segment)
        ordered = connection.execute(lines.order_by(outbox.c.position)).scalars()
        for number, line in enumerate(ordered, start=1):
            if number in wanted[segment]:
                yield (segment, number), json.loads(line)


def _sums(connection: sa.Connection, query: sa.Select[Any]) -> list[QuarterSum]:
    rows = query.subquery()
    keys = (_quarter(connection, rows.c.happened_at), rows.c.part, rows.c.currency)
    total = sa.func.sum(rows.c.amount_minor)
    grouped = sa.select(*keys, sa.func.count(), total).group_by(*keys)
    return [
        QuarterSum(quarter, part, currency, count, int(amount))
        for quarter, part, currency, count, amount in connection.execute(grouped)
    ]


def _quarter(connection: sa.Connection, instant: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    seconds = sa.extract("epoch", instant)
    if connection.dialect.name == "postgresql":  # with fractions, which a cast would round
        return sa.cast(sa.func.floor(seconds / QUARTER_SECONDS), sa.BigInteger)
    return seconds.op("/")(sa.literal_column(str(QUARTER_SECONDS)))
