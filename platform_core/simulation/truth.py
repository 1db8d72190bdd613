"""The truth of a run: why things happened. It stays in its folder, which nothing else reads.

- ``events.parquet``: source, event_id, type, cause of every event that has a cause; whatever is
  not listed is ordinary life
- ``accounts.parquet``: user_id, cause, role (member, hijacked, beneficiary or victim)
- ``effects.parquet``: purchases that happened only because of a note that was read, and what was
  searched for just before, if anything was
- ``causes.json``: what each cause is
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from platform_core.collector.encoding import SOURCE as APP
from platform_core.outbox import Outgoing
from platform_core.outbox.outgoing import SOURCE as PLATFORM
from platform_core.simulation.life.behaviour import Told

_INSTANT: Final = pa.timestamp("us", "UTC")
EVENTS: Final = pa.schema({name: pa.string() for name in ("source", "event_id", "type", "cause")})
EFFECTS: Final = pa.schema(
    {
        "note_id": pa.string(),
        "user_id": pa.string(),
        "order_id": pa.string(),
        "product_id": pa.string(),
        "read_at": _INSTANT,
        "query": pa.string(),
        "bought_at": _INSTANT,
    }
)
ACCOUNTS: Final = pa.schema({"user_id": pa.string(), "cause": pa.string(), "role": pa.string()})


class Truth:
    """Writes the truth as the run goes on, a day at a time; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._events: list[tuple[str, str, str, str]] = []
        self._behaviour: list[pl.DataFrame] = []
        self._effects: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._event_file = pq.ParquetWriter(self._folder / "events.parquet", EVENTS)
        self._effect_file = pq.ParquetWriter(self._folder / "effects.parquet", EFFECTS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._event_file.close()
        self._effect_file.close()

    def told(self, outgoing: Iterable[Outgoing], cause: str | None) -> None:
        """These events of the platform happened for a cause, if there is one."""
        if cause is not None:
            self._events += [(PLATFORM, o.event_id, o.event.type, cause) for o in outgoing]

    def engaged(self, event_id: str, event_type: str, cause: str | None) -> None:
        """One event of the platform happened for a cause, if there is one."""
        if cause is not None:
            self._events.append((PLATFORM, event_id, event_type, cause))

    def behaved(self, rows: Told) -> None:
        """These events of the app happened for the causes that their rows name."""
        for event, frame in rows.items():
            caused = frame.filter(pl.col("cause").is_not_null())
            of_event = {"source": pl.lit(APP), "type": pl.lit(event.type)}
            self._behaviour.append(caused.with_columns(**of_event).select(EVENTS.names))

    def affected(
        self,
        *,
        note_id: str,
        user_id: str,
        order_id: str,
        product_id: str,
        read_at: datetime,
        query: str | None,
        bought_at: datetime,
    ) -> None:
        """Reading a note made a person buy, and search for ``query`` first unless it is None."""
        values = (note_id, user_id, order_id, product_id, read_at, query, bought_at)
        self._effects.append(dict(zip(EFFECTS.names, values, strict=True)))

    def close_day(self) -> None:
        """Write what has come together; memory does not grow with the days."""
        schema = dict.fromkeys(EVENTS.names, pl.String)
        events = pl.concat([pl.DataFrame(self._events, schema, orient="row"), *self._behaviour])
        self._event_file.write_table(events.to_arrow().cast(EVENTS))
        self._effect_file.write_table(pa.Table.from_pylist(self._effects, EFFECTS))
        self._events, self._behaviour, self._effects = [], [], []

    def write_accounts(self, accounts: Iterable[tuple[str, str, str]]) -> None:
        """Who was part of what: user id, cause and role."""
        rows = [dict(zip(ACCOUNTS.names, row, strict=True)) for row in sorted(set(accounts))]
        pq.write_table(pa.Table.from_pylist(rows, ACCOUNTS), self._folder / "accounts.parquet")

    def write_causes(self, causes: Iterable[Mapping[str, Any]]) -> None:
        """What each cause is: kind, whether it is fraud, twins, parties, goal and time."""
        text = json.dumps(list(causes), ensure_ascii=False, indent=2, sort_keys=True)
        (self._folder / "causes.json").write_text(text + "\n", encoding="utf-8")
