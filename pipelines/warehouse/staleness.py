"""Which days of which tables no longer say what their inputs say.

Nothing is remembered but the tables' own commits: each says which versions of its inputs it was
computed from. What differs between those versions and today's is what must be computed again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, cast

import duckdb

from pipelines.warehouse.catalog import Model
from pipelines.warehouse.engines.connection import create_view
from pipelines.warehouse.lake import Lake, Pin, Window
from pipelines.warehouse.lake.pin import DataFile
from pipelines.warehouse.reach import input_window, touched_days

CHANGED: Final = "changed"
_CHANGES: Final = {"bronze.events": "NOT is_duplicate"}
"""Rows that can change what is computed from them; a copy of an event changes nothing."""

EVENT_DAYS: Final = "SELECT DISTINCT type, local_date(occurred_at) FROM changed"


@dataclass(frozen=True)
class Stale:
    """Days to compute again; ``whole`` stands for a table without partitions."""

    days: frozenset[date] = frozenset()
    whole: bool = False

    def __bool__(self) -> bool:
        return bool(self.days) or self.whole


@dataclass(frozen=True)
class Baseline:
    """The last state in which a table was wholly up to date."""

    inputs: Mapping[str, int]
    horizon: date | None


class Staleness:
    """Compares pinned versions of inputs with those behind each table."""

    def __init__(self, lake: Lake, connection: duckdb.DuckDBPyConnection, horizon: date) -> None:
        self._lake = lake
        self._connection = connection
        self._horizon = horizon
        self._event_days: dict[int | None, list[tuple[str, date]]] = {}
        self._standing: dict[tuple[str, int], Pin | None] = {}

    def of(self, model: Model, pins: Mapping[str, Pin]) -> Stale:
        """What of the model is stale against the pinned inputs."""
        baseline = self._baseline(model)
        days: set[date] = set()
        whole = False
        for name in model.inputs:
            if baseline and baseline.inputs.get(name) == pins[name].version:
                continue
            earlier = self._earlier(name, baseline)
            if earlier and earlier.version == pins[name].version:
                continue
            touched = self._touched(model, pins[name], earlier)
            whole = whole or bool(touched)
            days |= touched
        days |= self._come_due(model, pins, baseline)
        if model.header.partition is None:
            return Stale(whole=whole or baseline is None)
        if baseline is None:
            days |= self._lake.pin(model.name).days()  # rows of another definition
        return Stale(days=frozenset(self.computable(model, days, pins)))

    def computable(self, model: Model, days: set[date], pins: Mapping[str, Pin]) -> set[date]:
        """Days for which retention has left all that they are computed from."""
        for name in model.inputs:
            if (kept_from := self._lake.kept_from(name)) and days:
                first = min(days)
                reach = input_window(model, name, pins[name], Window(first, first))
                back = (first - reach.from_date).days if reach and reach.from_date > date.min else 0
                days = {day for day in days if day - timedelta(days=back) >= kept_from}
        return days

    def _baseline(self, model: Model) -> Baseline | None:
        """The last complete commit, unless another definition has published since."""
        for commit in self._lake.history(model.name):
            if commit.get("model_hash", model.hash) != model.hash:
                return None
            if commit.get("complete") == "true":
                return _baseline_of(commit)
        return None

    def _earlier(self, name: str, baseline: Baseline | None) -> Pin | None:
        if baseline is None or name not in baseline.inputs:
            return None
        key = name, baseline.inputs[name]
        if key not in self._standing:
            self._standing[key] = self._lake.standing_pin(*key)
        return self._standing[key]

    def _touched(self, model: Model, pin: Pin, earlier: Pin | None) -> set[date]:
        changed = pin.changed_since(earlier)
        if not changed:
            return set()
        if query := model.header.affects.get(pin.name):
            return {day for (day,) in self._rows(pin, changed, query) if day is not None}
        if pin.name == "bronze.events":
            return self._days_of_events(model, pin, earlier, changed)
        days = {f.partition for f in changed if f.partition is not None}
        if pin.partition is None or model.header.partition is None:
            return days or {self._horizon}
        return touched_days(model, pin.name, days, self._horizon)

    def _days_of_events(
        self, model: Model, pin: Pin, earlier: Pin | None, changed: tuple[DataFile, ...]
    ) -> set[date]:
        """Days of the events that the model reads; one scan serves all models."""
        version = earlier.version if earlier else None
        if version not in self._event_days:
            self._event_days[version] = self._rows(pin, changed, EVENT_DAYS)
        types = model.event_types
        return {day for kind, day in self._event_days[version] if not types or kind in types}

    def _rows(self, pin: Pin, changed: tuple[DataFile, ...], query: str) -> list[tuple[Any, ...]]:
        standing = [f for f in changed if (pin.root / f.path).exists()]
        create_view(self._connection, CHANGED, pin, standing, _CHANGES.get(pin.name, ""))
        return self._connection.execute(query).fetchall()

    def _come_due(
        self, model: Model, pins: Mapping[str, Pin], baseline: Baseline | None
    ) -> set[date]:
        """Days that trailing windows reach since the horizon has moved on."""
        if baseline is None or baseline.horizon is None or baseline.horizon >= self._horizon:
            return set()
        due: set[date] = set()
        for name in model.inputs:
            if name in model.header.affects or pins[name].partition != model.header.partition:
                continue
            due |= touched_days(model, name, pins[name].days(), self._horizon)
        return {day for day in due if day > baseline.horizon}


def horizon(connection: duckdb.DuckDBPyConnection, events: Pin) -> date:
    """The last reporting-local day on which anything happened."""
    last = max(events.days(), default=None)
    if last is None:
        return date.min
    files = [f for f in events.files if f.partition == last]
    create_view(connection, CHANGED, events, files)
    ((day,),) = connection.execute(f"SELECT max(local_date(occurred_at)) FROM {CHANGED}").fetchall()
    return cast(date, day)


def _baseline_of(commit: Mapping[str, Any]) -> Baseline:
    day = commit.get("horizon")
    return Baseline(json.loads(commit["inputs"]), date.fromisoformat(day) if day else None)
