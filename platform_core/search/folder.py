"""One index in one folder: which rows of the database it holds, and how new they are."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
import tantivy

from platform_core.search.matching import FIELDS, matching
from platform_core.search.words import index_words

OVERLAP: Final = timedelta(minutes=10)
"""A change becomes visible when its transaction commits: so much later than it says it was made."""
WRITER_BYTES: Final = 15_000_000
WRITER_THREADS: Final = 1  # with more, the same rows make other segments, and other scores
ROWS_PER_FETCH: Final = 1_000
Scored = tuple[float, tantivy.DocAddress]
SHOWN: Final = ("published", "listed")
ORDER: Final = "order"
"""Field that decides between equal matches: the minute, then a hash of the id."""
HASH_BITS: Final = 36
SCORE_DIGITS: Final = 4  # beyond them, the same sum differs by the order of its terms


@dataclass(frozen=True)
class Hit:
    """A note or product that was found; a higher score fits better."""

    item_id: str
    score: float


class IndexFolder:
    """A full-text index and ``taken.json``, the newest rows that it has taken over."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._taken_path = folder / "taken.json"
        self._index = tantivy.Index(_schema(), path=str(folder))

    def refresh(self, connection: sa.Connection, rows: sa.Select[Any]) -> int:
        """Take over the rows that are new or have changed; returns how many.

        Columns of ``rows`` are id, status, title, topics, text, since when, and ``changed_at``.
        """
        taken = self._taken()
        changed_at = rows.selected_columns["changed_at"]
        if taken:
            rows = rows.where(changed_at >= max(taken.values()) - OVERLAP)
        options = {"yield_per": ROWS_PER_FETCH}
        found = connection.execute(rows.order_by(changed_at), execution_options=options)
        new = {row[0]: row.changed_at for row in self._write(found, taken)}
        if new:
            self._remember(taken | new)
        self._index.reload()
        return len(new)

    def search(self, query: str, limit: int) -> list[Hit]:
        """What fits the query best, the best one first; of equals, the newest."""
        searcher = self._index.searcher()
        found = _with_all_equals(searcher, matching(self._index.schema, query), limit)
        order = searcher.fast_field_values(ORDER, [address for _, address in found])
        ranked = sorted(zip(found, order, strict=True), key=_score_and_order, reverse=True)
        return [
            Hit(str(searcher.doc(address)["item_id"][0]), score)
            for (score, address), _ in ranked[:limit]
        ]

    def count(self, query: str) -> int:
        """How many documents fit the query at all."""
        found = self._index.searcher().search(matching(self._index.schema, query), 1)
        return int(found.count)  # type: ignore[attr-defined]  # missing in tantivy's stubs

    def _write(
        self, rows: Iterable[sa.Row[Any]], taken: dict[str, datetime]
    ) -> Iterator[sa.Row[Any]]:
        """Write the rows that are not yet there, and commit when they end."""
        writer = None
        for row in rows:
            if taken.get(row[0]) != row.changed_at:
                writer = writer or self._index.writer(WRITER_BYTES, WRITER_THREADS)
                _replace(writer, row)
                yield row
        if writer:
            writer.commit()
            writer.wait_merging_threads()

    def _taken(self) -> dict[str, datetime]:
        """The newest rows that the index holds; nothing known: all is read again."""
        if not self._taken_path.exists():
            return {}
        said: dict[str, str] = json.loads(self._taken_path.read_text())
        return {item_id: datetime.fromisoformat(at) for item_id, at in said.items()}

    def _remember(self, taken: dict[str, datetime]) -> None:
        since = max(taken.values()) - OVERLAP
        newest = {item_id: at.isoformat() for item_id, at in taken.items() if at >= since}
        temporary = self._taken_path.with_suffix(".tmp")
        temporary.write_text(json.dumps(newest))
        temporary.rename(self._taken_path)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("item_id", stored=True, tokenizer_name="raw", index_option="basic")
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    builder.add_integer_field(ORDER, fast=True)
    return builder.build()


def _with_all_equals(searcher: tantivy.Searcher, query: tantivy.Query, limit: int) -> list[Scored]:
    """The best ``limit`` hits, and all that are as good as the last of them."""
    wanted = limit
    while True:
        wanted *= 4
        found = searcher.search(query, wanted, count=False).hits
        hits = [(round(score, SCORE_DIGITS), address) for score, address in found]
        if len(hits) < wanted or hits[-1][0] < hits[limit - 1][0]:
            return hits


def _score_and_order(found: tuple[Scored, int | float | None]) -> tuple[float, int | float]:
    (score, _), order = found
    return score, order or 0


def _replace(writer: tantivy.IndexWriter, row: sa.Row[Any]) -> None:
    item_id, status, title, topics, text, since, _ = tuple(row)
    writer.delete_documents_by_term("item_id", item_id)
    if status in SHOWN:
        named = topics if isinstance(topics, str) else " ".join(topics)
        texts = {"title": title, "topics": named, "text": text}
        words = {field: " ".join(index_words(text)) for field, text in texts.items()}
        order = _order(item_id, since)
        writer.add_document(tantivy.Document(item_id=item_id, order=order, **words))


def _order(item_id: str, since: datetime) -> int:
    digest = int.from_bytes(sha256(item_id.encode()).digest()[:8])
    return int(since.timestamp() // 60) << HASH_BITS | digest >> (64 - HASH_BITS)
