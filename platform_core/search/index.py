"""The full-text index of notes and products: derived from the database, rebuilt if it is lost."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

import sqlalchemy as sa

from platform_core.database import reading
from platform_core.search.folder import Hit, IndexFolder
from platform_core.tables.catalog import products
from platform_core.tables.notes import notes

LAYOUT: Final = 1
"""Grows with every change of the fields or of ``index_words``: an older index is made anew."""

_NOTES: Final = sa.select(
    *notes.c["note_id", "status", "title", "topics", "text", "published_at", "changed_at"]
)
_PRODUCTS: Final = sa.select(
    *products.c["product_id", "status", "name", "category"],
    sa.literal("").label("text"),
    products.c.changed_at.label("since"),
    products.c.changed_at,
)


class SearchIndex:
    """One folder of two indexes. Many may search while one refreshes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._notes = IndexFolder(folder / f"notes.{LAYOUT}")
        self._products = IndexFolder(folder / f"products.{LAYOUT}")

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The index in the folder, an empty one if there is none; ``refresh`` fills it."""
        return cls(folder)

    def refresh(self, engine: sa.Engine) -> int:
        """Take over what has changed since the last time; returns how many notes and products."""
        with _writing(self._folder), reading(engine) as connection:
            taken = self._notes.refresh(connection, _NOTES)
            return taken + self._products.refresh(connection, _PRODUCTS)

    def notes(self, query: str, limit: int = 20) -> list[Hit]:
        """The published notes that fit the query best, the best one first."""
        return self._notes.search(query, limit)

    def products(self, query: str, limit: int = 20) -> list[Hit]:
        """The listed products that fit the query best, the best one first."""
        return self._products.search(query, limit)

    def count(self, query: str) -> int:
        """How many notes and products the query finds."""
        return self._notes.count(query) + self._products.count(query)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Wait until nobody else refreshes the index."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
