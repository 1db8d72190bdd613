"""The notes that may be recommended: the newest ones, and the best received of all."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import sqlalchemy as sa

from platform_core.appeal import DISFAVOUR, FAVOUR, Floats, freshness, quality
from platform_core.tables.engagement import note_counts
from platform_core.tables.notes import notes
from platform_core.tables.users import users

NEWEST: Final = 1_600
CLASSICS: Final = 400
TOPICS: Final = 512
"""Topics that can be told apart: the most frequent ones of the pool."""
OVERLAP: Final = timedelta(minutes=10)
"""A change becomes visible when its transaction commits: so much later than it says it was made."""
COUNTS: Final = (*FAVOUR, *DISFAVOUR)

_IDS: Final[sa.BindParameter[str]] = sa.bindparam("ids", expanding=True)
_NOTES: Final = sa.select(*notes.c["note_id", "creator_id", "topics", "published_at", "status"])
_NEWEST: Final = (
    _NOTES.where(notes.c.status == "published")
    .order_by(notes.c.published_at.desc(), notes.c.note_id)
    .limit(NEWEST)
)
_CHANGED: Final = _NOTES.where(notes.c.changed_at >= sa.bindparam("since"))
_BY_ID: Final = _NOTES.where(notes.c.note_id.in_(_IDS), notes.c.status == "published")
_BEST: Final = (
    sa.select(note_counts.c.note_id)
    .order_by(
        sum(note_counts.c[name] * int(weight) for name, weight in FAVOUR.items()).desc(),  # type: ignore[union-attr]
        note_counts.c.note_id,
    )
    .limit(CLASSICS)
)
_COUNTED: Final = sa.select(*note_counts.c["note_id", *COUNTS]).where(
    note_counts.c.note_id.in_(_IDS)
)
_SUSPENDED: Final = sa.select(users.c.user_id).where(users.c.status == "suspended")


@dataclass(frozen=True)
class Pool:
    """Candidates at one moment, the newest first; ``about`` is notes x topics, 0 or 1."""

    note_ids: list[str]
    numbers: dict[str, int]
    creators: pl.DataFrame
    topics: dict[str, int]
    about: Floats
    age_hours: npt.NDArray[np.float64]
    quality: Floats
    freshness: Floats


@dataclass
class Shelf:
    """Follows the notes of the database, and fills pools from what it last saw."""

    _notes: dict[str, sa.Row[Any]] = field(default_factory=dict)
    _seen_at: datetime | None = None

    def pool(self, connection: sa.Connection, now: datetime) -> Pool:
        """The candidates as they stand; reads only what has changed since the last call."""
        self._follow(connection)
        self._add_classics(connection)
        gone = set(connection.scalars(_SUSPENDED))
        rows = [note for note in self._notes.values() if note.creator_id not in gone]
        rows.sort(key=lambda note: note.note_id)
        rows.sort(key=lambda note: note.published_at, reverse=True)
        return _pool(rows, _counts(connection, [note.note_id for note in rows]), now)

    def _follow(self, connection: sa.Connection) -> None:
        newest_change = connection.scalar(sa.select(sa.func.max(notes.c.changed_at)))
        if self._seen_at is None:
            self._add(connection.execute(_NEWEST))
        else:
            self._add(connection.execute(_CHANGED, {"since": self._seen_at - OVERLAP}))
        self._seen_at = newest_change

    def _add(self, rows: Iterable[sa.Row[Any]]) -> None:
        for note in rows:
            self._notes.pop(note.note_id, None)
            if note.status == "published":
                self._notes[note.note_id] = note

    def _add_classics(self, connection: sa.Connection) -> None:
        """Keep the newest and the best; whatever is neither any more is let go."""
        best = set(connection.scalars(_BEST))
        by_age = sorted(self._notes.values(), key=lambda note: note.published_at, reverse=True)
        kept = {note.note_id for note in by_age[:NEWEST]} | best
        self._notes = {note_id: note for note_id, note in self._notes.items() if note_id in kept}
        if missing := sorted(best - self._notes.keys()):
            self._add(connection.execute(_BY_ID, {"ids": missing}))


def _counts(connection: sa.Connection, note_ids: list[str]) -> pl.DataFrame:
    rows = connection.execute(_COUNTED, {"ids": note_ids}).all()
    schema = {"note_id": pl.String} | dict.fromkeys(COUNTS, pl.Int64)
    counted = pl.DataFrame(rows, schema=schema, orient="row")
    wanted = pl.DataFrame({"note_id": note_ids}, schema={"note_id": pl.String})
    return wanted.join(counted, on="note_id", how="left", maintain_order="left")


def _pool(rows: list[sa.Row[Any]], counts: pl.DataFrame, now: datetime) -> Pool:
    note_ids = [note.note_id for note in rows]
    topics = _topics(rows)
    age_hours = np.array([(now - note.published_at).total_seconds() / 3600 for note in rows])
    return Pool(
        note_ids=note_ids,
        numbers={note_id: number for number, note_id in enumerate(note_ids)},
        creators=pl.DataFrame(
            {"creator_id": [note.creator_id for note in rows], "note": np.arange(len(rows))},
            schema={"creator_id": pl.String, "note": pl.Int64},
        ),
        topics=topics,
        about=_about(rows, topics),
        age_hours=age_hours,
        quality=quality(counts),
        freshness=freshness(age_hours),
    )


def _topics(rows: list[sa.Row[Any]]) -> dict[str, int]:
    named = pl.Series([topic for note in rows for topic in note.topics], dtype=pl.String)
    frequent = named.value_counts(name="times").sort("times", named.name, descending=[True, False])
    return {topic: number for number, topic in enumerate(frequent[named.name][:TOPICS])}


def _about(rows: list[sa.Row[Any]], topics: dict[str, int]) -> Floats:
    about = np.zeros((len(rows), len(topics)), dtype=np.float32)
    for row, note in enumerate(rows):
        for topic in note.topics:
            if topic in topics:
                about[row, topics[topic]] = 1.0
    return about
