"""The platform's books against the warehouse, to the minor unit and by reporting-local day.

Only what has been relayed and ingested is compared, so that it is exact while the platform goes on
living: what the platform has told of later is left out of both sides.
"""

from pipelines.warehouse.reconciliation.books import BOOKS, TABLES, Book
from pipelines.warehouse.reconciliation.reconcile import (
    Disagreement,
    Reconciliation,
    Sum,
    Unreconciled,
    reconcile,
)

__all__ = [
    "BOOKS",
    "TABLES",
    "Book",
    "Disagreement",
    "Reconciliation",
    "Sum",
    "Unreconciled",
    "reconcile",
]
