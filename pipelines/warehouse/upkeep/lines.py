"""A person's lines in the landing zone and the outbox: the same events, of nobody."""

import gzip
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.warehouse.ingest.columns import personal, schema_of
from pipelines.warehouse.ingest.ingest import Keys
from pipelines.warehouse.ingest.lines import split
from pipelines.warehouse.upkeep.person import Plan, pseudonym
from pipelines.warehouse.upkeep.private import private_fields
from platform_core.contract import EVENTS, Envelope
from platform_core.landing import Segment, sync_folder

Event = dict[str, Any]
STUB: Final = b'{"erased":true}'
"""Stands where a bad line stood: no event either, so that all counts stay."""
_ENVELOPE: Final = personal(Envelope.model_json_schema())
_ESCAPE: Final = b"\\u"


@dataclass(frozen=True)
class Eraser:
    """Rewrites lines by a plan."""

    plan: Plan
    keys: Keys

    def concerns(self, line: bytes) -> bool:
        """Whether a line, or any bytes, hold a word of the person, written in whatever way."""
        return bool(self.concerned(line))

    def concerned(self, data: bytes) -> list[int]:
        """Numbers, from 0, of the lines of ``data`` that hold a word of the person."""
        lines = split(data)["raw"]
        if not len(data):
            return []
        told = pc.match_substring_regex(lines, self.plan.sought)
        escaped = pc.match_substring(lines, _ESCAPE.decode())
        found = pc.indices_nonzero(pc.or_(told, escaped)).to_pylist()
        certain = set(pc.indices_nonzero(told).to_pylist())
        return [n for n in found if n in certain or self._is_hidden(lines[n].as_py())]

    def _is_hidden(self, line: bytes) -> bool:
        plain = pa.array([_unescaped(line)], pa.large_binary())
        return bool(pc.match_substring_regex(plain, self.plan.sought)[0].as_py())

    def line(self, line: bytes) -> bytes:
        """The line without the person; one that is no event of the contract becomes a stub."""
        event = _event(line)
        if event is None:
            return STUB
        kind = event["dataschema"]
        mentions = self._is_person(event.get("actorid")) or any(
            self._is_person(event["data"].get(name))
            for name, namespace in personal(schema_of(kind)).items()
            if namespace == "person"
        )
        if self._is_person(event.get("actorid")):
            event.pop("useragent", None)
        self._rename(event, _ENVELOPE)
        self._rename(event["data"], personal(schema_of(kind)))
        if mentions:
            for name, empty in private_fields(kind).items():
                event["data"] = _with(event["data"], name, empty)
        text = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
        return self.renamed(text).encode()

    def identifiers(self, line: bytes) -> Iterator[tuple[str, str]]:
        """Personal identifiers of an event, each as (namespace, identifier)."""
        event = _event(line)
        if event is None:
            return
        fields = (
            (event, _ENVELOPE),
            (event["data"], personal(schema_of(event["dataschema"]))),
        )
        for holder, names in fields:
            for name, namespace in names.items():
                if isinstance(value := holder.get(name), str):
                    yield namespace, value

    def _is_person(self, value: object) -> bool:
        return value == self.plan.user_id

    def _rename(self, holder: Event, names: dict[str, str]) -> None:
        for name, namespace in names.items():
            value = holder.get(name)
            if not isinstance(value, str):
                continue
            if found := self.plan.successor(pseudonym(self.keys, namespace, value)):
                holder[name] = found.raw

    def renamed(self, text: str) -> str:
        """A text with the successors' words in place of the person's."""
        for old, new in self.plan.pseudonyms.items():
            text = text.replace(old, new)
        for old, new in self.plan.raw.items():
            text = re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", new, text)
        return text


def rewrite(segment: Segment, eraser: Eraser, bad_lines: set[int]) -> int:
    """Rewrite a segment's lines of the person, each in its place. Returns how many there were."""
    data = segment.read()
    found = eraser.concerned(data)
    if found:
        lines = data.split(b"\n")
        for n in found:
            lines[n] = STUB if n + 1 in bad_lines else eraser.line(lines[n])
        replace_file(segment.path, b"\n".join(lines))
    return len(found)


def replace_file(path: Path, data: bytes) -> None:
    """Put other bytes into a file in one step; compressed if it was."""
    temporary = path.with_name(f".{path.name}.tmp")
    with temporary.open("wb") as file:
        file.write(gzip.compress(data) if path.suffix == ".gz" else data)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    sync_folder(path.parent)


def _event(line: bytes) -> Event | None:
    """The line as an event, if it is one that the contract may accept."""
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, dict) or not isinstance(event.get("data"), dict):
        return None
    return event if str(event.get("dataschema")) in EVENTS else None


def _with(data: Event, name: str, empty: object) -> Event:
    if empty is None:
        return {n: v for n, v in data.items() if n != name}
    return {**data, name: empty}


def _unescaped(line: bytes) -> bytes:
    try:
        return json.dumps(json.loads(line), ensure_ascii=False).encode(errors="replace")
    except (ValueError, RecursionError):
        return line
