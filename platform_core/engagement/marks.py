"""Marks stand at most once a key: rows that are set and lifted by the thousand.

Whether a row was there is what the database says when it is written, so that two transactions
never both believe to have set or lifted it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Key = tuple[str, ...]


@dataclass(frozen=True)
class Marks:
    """A table of marks; ``set_at`` is its only column outside the key."""

    table: sa.Table
    set_at: str

    def put(self, connection: sa.Connection, marks: dict[Key, datetime]) -> set[Key]:
        """Put the marks; returns the keys of those that were not set before."""
        rows = [self._row(key) | {self.set_at: marks[key]} for key in sorted(marks)]
        if not rows:
            return set()
        insert = insertion(connection, self.table).on_conflict_do_nothing()
        written = connection.execute(insert.returning(*self._key), rows)
        return {tuple(row) for row in written}

    def lift(self, connection: sa.Connection, keys: Iterable[Key]) -> set[Key]:
        """Lift the marks; returns the keys of those that were set before.

        One statement a key: SQLite reads the whole table when it is given several whole keys.
        """
        return {k for k in sorted(keys) if connection.execute(self._lift, self._row(k)).rowcount}

    @cached_property
    def _lift(self) -> sa.Delete:
        return sa.delete(self.table).where(*(c == sa.bindparam(c.name) for c in self._key))

    @cached_property
    def _key(self) -> Sequence[sa.Column[Any]]:
        return tuple(self.table.primary_key)

    def _row(self, key: Key) -> dict[str, Any]:
        return {column.name: value for column, value in zip(self._key, key, strict=True)}


def insertion(connection: sa.Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that can say what to do with rows whose key is there already."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
