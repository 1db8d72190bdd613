"""Data files that hold a person, rewritten where they lie, whichever versions refer to them.

A rewritten file has as many rows in the same order and, by padding before its footer, as many
bytes: so every version, release and recorded input stays as it was, but for the person.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import pyarrow.parquet as pq

from pipelines.warehouse.ingest.columns import personal, schema_of
from pipelines.warehouse.ingest.staging import ROW_GROUP
from pipelines.warehouse.upkeep.person import Plan
from pipelines.warehouse.upkeep.private import EVENTS_TABLE, private_fields
from platform_core.boundaries import reach
from platform_core.contract import EVENTS

FOOTER_BYTES: Final = 8  # its length and the magic word
LEVELS: Final = (  # ever smaller, until the file fits where the old one was
    "COMPRESSION zstd, COMPRESSION_LEVEL 3",
    "COMPRESSION zstd, COMPRESSION_LEVEL 19, WRITE_BLOOM_FILTER false",
)
FILES_AT_ONCE: Final = 500
TEXTS: Final = {
    "string": "VARCHAR",
    "large_string": "VARCHAR",
    "list<element: string>": "VARCHAR[]",
    "list<item: string>": "VARCHAR[]",
}
"""Arrow's names of the types that can hold a word."""


@dataclass(frozen=True)
class Found:
    """A file with rows of the person."""

    path: Path
    rows: int
    columns: frozenset[str]


class Rewriter:
    """Finds and rewrites Parquet files by a plan."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        plan: Plan,
        private: Mapping[str, frozenset[str]],
    ) -> None:
        self._connection = connection
        self._plan = plan
        self._private = private
        connection.execute("SET VARIABLE sought = ?", [plan.sought])
        connection.execute("SET VARIABLE sought_raw = ?", [plan.sought_raw])

    def find(self, paths: list[Path]) -> Iterator[Found]:
        """Which of the files hold the person: in how many rows, and in which columns."""
        for columns, alike in _by_text_columns(paths).items():
            hits = {c: _is_hit(c, kind) for c, kind in columns}
            each = ", ".join(f"bool_or({hit})" for hit in hits.values())
            for start in range(0, len(alike) if hits else 0, FILES_AT_ONCE):
                names = ", ".join(f"'{_quoted(p)}'" for p in alike[start : start + FILES_AT_ONCE])
                rows = self._connection.sql(
                    f"SELECT filename, count(*), {each} FROM read_parquet([{names}], "
                    "filename = true, hive_partitioning = false) "
                    f"WHERE {' OR '.join(hits.values())} GROUP BY filename ORDER BY filename"
                ).fetchall()
                for name, count, *is_hit in rows:
                    held = frozenset(c for c, is_in in zip(hits, is_hit, strict=True) if is_in)
                    yield Found(Path(name), count, held)

    def rewrite(self, found: Found, table: str) -> None:
        """Rewrite one file of a table in place; a table that the catalog lacks has no name."""
        path = found.path
        size, rows = path.stat().st_size, pq.read_metadata(path).num_rows
        temporary = path.with_name(f".{path.name}.tmp")
        query = self._query(found, table)
        for level in LEVELS:
            self._connection.execute(
                f"COPY ({query}) TO '{_quoted(temporary)}' (FORMAT parquet, {ROW_GROUP}, {level})"
            )
            if temporary.stat().st_size <= size:
                break
        if pq.read_metadata(temporary).num_rows != rows:
            raise AssertionError(f"{path}: the rewritten file has another number of rows")
        put_in_place(temporary, path, size)

    def _is_raw(self, found: Found, columns: Mapping[str, str]) -> bool:
        """Whether the file holds an identifier that was never pseudonymised."""
        raw = " OR ".join(_is_hit(c, columns[c], "sought_raw") for c in sorted(found.columns))
        query = f"SELECT 1 FROM {_source(found.path)} WHERE {raw} LIMIT 1"
        return bool(self._connection.sql(query).fetchall())

    def _query(self, found: Found, table: str) -> str:
        columns = _columns(self._connection, found.path)
        raw = self._is_raw(found, columns)
        old = self._plan.person.old
        theirs = " OR ".join(_contains(c, columns[c], old) for c in sorted(found.columns))
        private = self._private.get(table, frozenset())
        selected = []
        for name, kind in columns.items():
            value = f'"{name}"'
            if name == "data" and table == EVENTS_TABLE:
                value = self._emptied(value)
            if name in found.columns:
                value = self._renamed(value, kind, raw)
            if name in private and table != EVENTS_TABLE:
                value = f"CASE WHEN NOT ({theirs}) THEN {value} END"
            elif name == "address_block" and "address" in found.columns:
                value = f"CASE WHEN NOT {_is_hit('address', 'VARCHAR')} THEN {value} END"
            elif name == "user_agent" and "actor_id" in found.columns:
                value = f"CASE WHEN actor_id IS DISTINCT FROM '{old}' THEN {value} END"
            selected.append(f'CAST({value} AS {kind}) AS "{name}"')
        return f"SELECT {', '.join(selected)} FROM {_source(found.path)}"

    def _emptied(self, data: str) -> str:
        """The event's own fields; those that a person fills are emptied if it is their event."""
        old = self._plan.person.old
        branches = []
        for kind, event in EVENTS.items():
            if fields := private_fields(kind):
                own = [n for n, space in personal(schema_of(kind)).items() if space == "person"]
                theirs = " OR ".join(
                    [f"actor_id = '{old}'", *(f"({data} ->> '$.{n}') = '{old}'" for n in own)]
                )
                patch = _json(fields)
                branches.append(
                    f"WHEN type = '{event.type}' AND ({theirs}) "
                    f"THEN CAST(json_merge_patch({data}, '{patch}') AS VARCHAR)"
                )
        return f"CASE {' '.join(branches)} ELSE {data} END"

    def _renamed(self, value: str, kind: str, raw: bool) -> str:
        if kind == "VARCHAR[]":
            return f"list_transform({value}, lambda x: {self._replaced('x', raw)})"
        return self._replaced(value, raw) if kind == "VARCHAR" else value

    def _replaced(self, value: str, raw: bool) -> str:
        replaced = value
        for old, new in self._plan.pseudonyms.items():
            replaced = f"replace({replaced}, '{old}', '{new}')"
        if raw:
            for old, new in self._plan.raw.items():
                pattern = rf"(^|[^\w-]){_escaped(old)}([^\w-]|$)"
                replaced = f"regexp_replace({replaced}, '{pattern}', '\\1{new}\\2', 'g')"
        hit = f"regexp_matches({value}, getvariable('sought'))"
        return f"CASE WHEN {hit} THEN {replaced} ELSE {value} END"


def put_in_place(temporary: Path, path: Path, size: int) -> None:
    """Rename a new file over an old one, padded to its size as far as it is smaller."""
    data = temporary.read_bytes()
    if len(data) < size:
        footer = FOOTER_BYTES + int.from_bytes(data[-FOOTER_BYTES:-4], "little")
        data = data[:-footer] + bytes(size - len(data)) + data[-footer:]
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    reach("erase.file_rewritten")


def data_files(folder: Path) -> list[Path]:
    """All Parquet files below a folder, also those that no version refers to."""
    return sorted(p for p in folder.rglob("*.parquet") if "_delta_log" not in p.parts)


def _by_text_columns(paths: list[Path]) -> dict[tuple[tuple[str, str], ...], list[Path]]:
    """The files by their columns of text, each with its type."""
    grouped: dict[tuple[tuple[str, str], ...], list[Path]] = {}
    for path in paths:
        kinds = ((f.name, TEXTS.get(str(f.type))) for f in pq.read_schema(path))
        columns = tuple((name, kind) for name, kind in kinds if kind)
        grouped.setdefault(columns, []).append(path)
    return grouped


def _columns(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    described = connection.sql(f"DESCRIBE SELECT * FROM {_source(path)}").fetchall()
    return {name: kind for name, kind, *_ in described}


def _is_hit(column: str, kind: str, words: str = "sought") -> str:
    if kind == "VARCHAR[]":
        one = f"lambda x: regexp_matches(x, getvariable('{words}'))"
        return f'coalesce(list_bool_or(list_transform("{column}", {one})), false)'
    return f"coalesce(regexp_matches(\"{column}\", getvariable('{words}')), false)"


def _contains(column: str, kind: str, word: str) -> str:
    text = f"array_to_string(\"{column}\", ' ')" if kind == "VARCHAR[]" else f'"{column}"'
    return f"coalesce(contains({text}, '{word}'), false)"


def _json(fields: Mapping[str, object]) -> str:
    return json.dumps(fields).replace("'", "''")


def _escaped(text: str) -> str:
    """A literal within a regular expression within SQL."""
    return re.escape(text).replace("'", "''")


def _source(path: Path) -> str:
    return f"read_parquet('{_quoted(path)}', hive_partitioning = false)"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
