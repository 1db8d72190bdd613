"""Windows whose rows fit in memory, however much history has to be computed."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from pipelines.warehouse.catalog import Model
from pipelines.warehouse.engines.engine import Engine
from pipelines.warehouse.lake import Pin, Window

ROWS: Final = 4_000_000
"""Input rows of one portion: a sort of so many fits in the default memory limit."""
EVENTS: Final = "bronze.events"
COUNTS: Final = f"""
SELECT type, local_date(occurred_at) AS day, count(*) FROM {EVENTS} GROUP BY type, day
"""


class Portions:
    """Splits windows by the rows that their days read; what looks back beyond is not counted."""

    def __init__(self, engine: Engine, pins: Mapping[str, Pin]) -> None:
        self._engine = engine
        self._pins = pins
        self._events: list[tuple[str, date, int]] | None = None

    def of(self, model: Model, window: Window) -> list[Window]:
        """The window in portions of consecutive days; one day is never split."""
        near = window.widened(1, 1)  # a local day lies on two UTC days
        read = sum(f.rows for name in model.inputs for f in self._pins[name].within(near))
        if read <= ROWS:
            return [window]
        return list(_split(window, self._rows_by_day(model)))

    def _rows_by_day(self, model: Model) -> Counter[date]:
        rows = Counter[date]()
        for name in model.inputs:
            if name == EVENTS:
                types = model.event_types
                for kind, day, count in self._counted():
                    rows[day] += count if not types or kind in types else 0
            else:
                for file in self._pins[name].files:
                    if file.partition is not None:
                        rows[file.partition] += file.rows
        return rows

    def _counted(self) -> list[tuple[str, date, int]]:
        if self._events is None:
            pin = self._pins[EVENTS]
            self._engine.see(pin, list(pin.files))
            self._events = self._engine.connection.execute(COUNTS).fetchall()
        return self._events


def _split(window: Window, rows: Mapping[date, int]) -> Iterator[Window]:
    start, held = window.from_date, 0
    for day in window.days():
        if rows[day] and held and held + rows[day] > ROWS:
            yield Window(start, day - timedelta(days=1))
            start, held = day, 0
        held += rows[day]
    yield Window(start, window.to_date)
