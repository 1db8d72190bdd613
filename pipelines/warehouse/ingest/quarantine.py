"""Lines that the contract does not accept: kept encrypted, listed, mended and landed again."""

import base64
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pipelines.warehouse.engines.connection import connect, create_view
from pipelines.warehouse.ingest.lines import numbered
from pipelines.warehouse.ingest.statement import LINES, Statements, found_kinds
from pipelines.warehouse.lake import Lake
from platform_core.contract import CONTRACT_VERSION, EVENTS
from platform_core.landing import SOURCE_NAME, append_segment
from platform_core.settings import Settings

NONCE_BYTES: Final = 12


@dataclass(frozen=True)
class BadLine:
    """One quarantined line; ``raw`` is what landed, without its LF."""

    quarantine_id: str
    code: str
    detail: str
    raw: bytes

    def as_json(self) -> str:
        """For people to mend: bytes that are not UTF-8 are given as base64."""
        fields = {"quarantine_id": self.quarantine_id, "code": self.code, "detail": self.detail}
        try:
            return json.dumps({**fields, "raw": self.raw.decode()}, ensure_ascii=False)
        except UnicodeDecodeError:
            encoded = base64.b64encode(self.raw).decode()
            return json.dumps({**fields, "raw_base64": encoded}, ensure_ascii=False)


class NotMended(ValueError):
    """A file of mended lines is not as ``meadow quarantine list --json`` writes it."""


def sealed(bad: pa.Table, source: str, key: bytes) -> pa.Table:
    """Rows of ``bronze.quarantine`` from (segment, line, raw, problem), in the order given."""
    places = zip(bad["segment"].to_pylist(), bad["line"].to_pylist(), strict=True)
    problems = [p.partition(":") for p in bad["problem"].to_pylist()]
    ids = [f"{source}:{segment}:{line}" for segment, line in places]
    return pa.table(
        {
            "quarantine_id": pa.array(ids, pa.string()),
            "source": pa.array([source] * len(ids), pa.string()),
            "segment": bad["segment"],
            "line": bad["line"],
            "code": pa.array([p[0] for p in problems], pa.string()),
            "detail": pa.array([p[2] for p in problems], pa.string()),
            "raw": pa.array(
                [
                    seal(key, name, raw.removesuffix(b"\n"))
                    for name, raw in zip(ids, bad["raw"].to_pylist(), strict=True)
                ],
                pa.binary(),
            ),
            "contract_version": pa.array([CONTRACT_VERSION] * len(ids), pa.string()),
        }
    )


def waiting(
    lake: Lake,
    settings: Settings,
    key: bytes,
    *,
    source: str | None = None,
    code: str | None = None,
    limit: int | None = None,
) -> Iterator[BadLine]:
    """Quarantined lines that no later event mends, in the order in which they landed."""
    with connect(settings, lake.timezone) as connection:
        for name in ("bronze.quarantine", "bronze.events"):
            pin = lake.pin(name)
            create_view(connection, name, pin, pin.files)
        rows = connection.sql(
            """
            SELECT quarantine_id, code, detail, raw
            FROM bronze.quarantine AS q
            WHERE ($source IS NULL OR source = $source) AND ($code IS NULL OR code = $code)
              AND octet_length(raw) > 0  -- what has expired cannot be mended
              AND quarantine_id NOT IN (SELECT mends FROM bronze.events WHERE mends IS NOT NULL)
            ORDER BY source, segment, line
            LIMIT coalesce($limit, 9223372036854775807)
            """,
            params={"source": source, "code": code, "limit": limit},
        ).fetchall()
    for name, code_, detail, raw in rows:
        yield BadLine(name, code_, _worded(code_, detail), opened(key, name, raw))


def land_mended(path: Path, landing: Path, *, closed_on: date) -> dict[str, int]:
    """Land the lines of a mended file again, each in its own source. Returns lines by source.

    Raises:
        NotMended: a line of the file is not as it must be, or its event is still wrong; nothing
            was landed.
    """
    by_source: dict[str, dict[int, bytes]] = {}
    for number, text in enumerate(_texts(path), start=1):
        source, event = _mended(f"{path} line {number}", text)
        by_source.setdefault(source, {})[number] = event
    for source, events in by_source.items():
        _refuse_still_wrong(path, source, closed_on, events)
    for source, events in sorted(by_source.items()):
        append_segment(landing, source, closed_on, (e + b"\n" for e in events.values()))
    return {source: len(events) for source, events in sorted(by_source.items())}


def _texts(path: Path) -> list[str]:
    """Lines, split on LF alone: a raw line may hold any other separator."""
    try:
        return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise NotMended(f"{path}: not a readable file in UTF-8 ({error})") from error


def _mended(where: str, text: str) -> tuple[str, bytes]:
    try:
        fields = json.loads(text)
        name, event = fields["quarantine_id"], json.loads(fields["raw"])
        source, _, _ = name.split(":")
        if not SOURCE_NAME.match(source):
            raise ValueError(f"no source is called {source!r}")
        marked: dict[str, Any] = {**event, "mends": name}
        return source, json.dumps(marked, ensure_ascii=False).encode()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotMended(
            f"{where}: expected an object with quarantine_id and, as raw, one event in JSON "
            f"({error}); mend it and run this again, nothing was landed"
        ) from error


def _refuse_still_wrong(path: Path, source: str, closed_on: date, events: dict[int, bytes]) -> None:
    """Refuse what ingest would only quarantine again."""
    lines = pa.table({"line": list(events), "raw": list(events.values())})
    with duckdb.connect() as connection:
        connection.register(LINES, numbered(lines, 0, closed_on))
        kinds = tuple(kind for (kind,) in connection.sql(found_kinds(every=1)).fetchall())
        wrong = connection.sql(
            f"SELECT line, problem FROM ({Statements(source, kinds).examine()}) "
            "WHERE problem IS NOT NULL ORDER BY line LIMIT 1"
        ).fetchall()
    for number, problem in wrong:
        code, _, detail = problem.partition(":")
        raise NotMended(
            f"{path} line {number}: the event is still wrong ({code}: {_worded(code, detail)}); "
            "mend it, or take the line out of the file, and run this again; nothing was landed"
        )


def _worded(code: str, detail: str) -> str:
    if code != "unknown_type":
        return detail
    close = get_close_matches(detail, {m.type for m in EVENTS.values()}, 1)
    return f"{detail!r} (did you mean {close[0]!r}?)" if close else repr(detail)


def seal(key: bytes, name: str, raw: bytes) -> bytes:
    """A raw line as the quarantine keeps it, under the name of its row."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, raw, name.encode())


def opened(key: bytes, name: str, sealed_raw: bytes) -> bytes:
    """The raw line that was sealed under this name."""
    nonce, rest = sealed_raw[:NONCE_BYTES], sealed_raw[NONCE_BYTES:]
    return AESGCM(key).decrypt(nonce, rest, name.encode())


def count_by_segment(tables: Iterable[pa.Table]) -> dict[int, int]:
    """Quarantined lines by segment."""
    return dict(Counter(segment for t in tables for segment in t["segment"].to_pylist()))
