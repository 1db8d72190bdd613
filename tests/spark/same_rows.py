"""Whether two relations of one table hold the same rows, whatever their order."""

import math
from typing import Any, Final

import duckdb

from pipelines.warehouse.lake import Table

RELATIVE: Final = 1e-9
"""How far a DOUBLE may be off: sums of fractions depend on their order. All else is exact."""

ABSOLUTE: Final = 1e-12
SHOWN: Final = 3

Row = tuple[Any, ...]


def differences(
    connection: duckdb.DuckDBPyConnection, table: Table, left: str, right: str
) -> list[tuple[Row | None, Row | None]]:
    """Pairs of rows that differ, the first few; a row without a partner is paired with None."""
    ours, theirs = (_rows(connection, table, name) for name in (left, right))
    longest = max(len(ours), len(theirs))
    padded = [rows + [None] * (longest - len(rows)) for rows in (ours, theirs)]
    return [pair for pair in zip(*padded, strict=True) if not _same(*pair)][:SHOWN]


def _rows(connection: duckdb.DuckDBPyConnection, table: Table, name: str) -> list[Row | None]:
    exact = [c.name for c in table.columns if c.type != "DOUBLE"]
    doubles = [c.name for c in table.columns if c.type == "DOUBLE"]
    order = ", ".join(f'"{column}"' for column in exact + doubles)
    return list(connection.sql(f"SELECT * FROM {name} ORDER BY {order}").fetchall())


def _same(left: Row | None, right: Row | None) -> bool:
    if left is None or right is None:
        return False
    return all(map(_equal, left, right))


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        if math.isnan(left) or math.isnan(right):
            return math.isnan(left) and math.isnan(right)
        return math.isclose(left, right, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return bool(left == right)
