"""One run over the lake: it alone may publish, reads one version of every input, and ends in a
release."""

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from pipelines.warehouse import release
from pipelines.warehouse.catalog import Catalog, Model
from pipelines.warehouse.churn import Churn
from pipelines.warehouse.engines import open_engine
from pipelines.warehouse.engines.connection import connect
from pipelines.warehouse.engines.engine import Engine
from pipelines.warehouse.findings import AuditFailed, AuditReport
from pipelines.warehouse.lake import Lake, Pin, Staged, Window, ranges
from pipelines.warehouse.portions import Portions
from pipelines.warehouse.reach import input_window
from pipelines.warehouse.release import Release
from pipelines.warehouse.restatements import Restatements
from pipelines.warehouse.staleness import Stale, Staleness, horizon
from platform_core.settings import Settings

EVENTS: Final = "bronze.events"
BRIDGE_DAYS: Final = 7
"""Days this close are published together: another commit costs more than the days between."""


@dataclass(frozen=True)
class Published:
    """What a run published of one table for one window."""

    table: str
    window: Window | None
    version: int
    rows: int
    audit: AuditReport


class Run:
    """Computes tables in order. Make it by ``begin``, which keeps other runs out meanwhile."""

    def __init__(
        self, lake: Lake, catalog: Catalog, settings: Settings, run_id: str, engine: Engine
    ) -> None:
        self.run_id = run_id
        self._lake = lake
        self._catalog = catalog
        self._settings = settings
        self._engine = engine
        for model in catalog:
            lake.ensure(model.table)
        self._pins = {model.name: lake.pin(model.name) for model in catalog}
        self.horizon = horizon(engine.connection, self._pins[EVENTS])
        self._staleness = Staleness(lake, engine.connection, self.horizon)
        self._portions = Portions(engine, self._pins)
        self._told: dict[str, AuditReport] = {}

    @property
    def pins(self) -> Mapping[str, Pin]:
        """The version of each table that this run reads: pinned at its start, or its own."""
        return MappingProxyType(self._pins)

    @property
    def told(self) -> Mapping[str, AuditReport]:
        """What the audits found of the tables in which this run's release tells what it changed."""
        return MappingProxyType(self._told)

    def stale(self, model: Model) -> Stale:
        """What of a table no longer says what its inputs say."""
        return self._staleness.of(model, self._inputs(model))

    def days_to_run(self) -> set[date]:
        """Days to ask a run for; empty when nothing is stale and readers see all of it."""
        if self.horizon == date.min:
            return set()
        days = {day for model in self._catalog.computed for day in self.stale(model).days}
        return days or ({self.horizon} if self._is_unfinished() else set())

    def bring_up_to_date(
        self, model: Model, within: Window | None = None, *, again: bool = False
    ) -> list[Published]:
        """Publish what of a table is stale, within some days only if so told.

        Args:
            again: compute all days of ``within``, stale or not.

        Raises:
            AuditFailed: staged rows break a critical expectation; that window is unchanged.
        """
        stale = self.stale(model)
        if model.header.partition is None:
            return [self._publish(model, None, complete=True)] if stale or again else []
        days = set(stale.days)
        if within is not None:
            asked = {d for d in within.days() if d <= self.horizon}
            asked = self._staleness.computable(model, asked, self._inputs(model))
            days = asked if again else days & asked
        windows = [
            portion
            for window in ranges(days, bridge=BRIDGE_DAYS)
            for portion in self._portions.of(model, window)
        ]
        complete = stale.days <= days
        return [
            self._publish(model, window, complete=complete and window == windows[-1])
            for window in windows
        ]

    def release(self, now: datetime) -> Release:
        """Bind the versions that this run has read and made, and say which numbers changed."""
        before = release.latest(self._lake.root)
        if before is not None:
            self._restate(before, now)
        return release.publish(
            self._lake.root,
            run_id=self.run_id,
            timezone=self._lake.timezone,
            tables={name: pin.version for name, pin in self._pins.items()},
            watermarks=self._watermarks(),
            now=now,
        )

    def _restate(self, before: Release, now: datetime) -> None:
        with connect(self._settings, self._lake.timezone) as connection:
            compared = self._lake, self._catalog, connection, before, self._pins
            for told in (Restatements(*compared), Churn(*compared)):
                with self._lake.staging(told.table) as folder:
                    if staged := told.stage(folder, now, self.run_id):
                        self._told[told.table] = self._audit(self._catalog[told.table], staged)
                        version = self._lake.publish(staged)
                        self._pins[told.table] = self._lake.pin(told.table, version)

    def _is_unfinished(self) -> bool:
        newest = release.latest(self._lake.root)
        versions = {name: pin.version for name, pin in self._pins.items()}
        return any(self.stale(model) for model in self._catalog.computed) or (
            newest is None or newest.tables != versions
        )

    def _inputs(self, model: Model) -> dict[str, Pin]:
        return {name: self._pins[name] for name in model.inputs}

    def _publish(self, model: Model, window: Window | None, *, complete: bool) -> Published:
        with self._lake.staging(model.name) as folder:
            staged = self._engine.stage(
                model,
                window,
                self._inputs(model),
                folder,
                run_id=self.run_id,
                complete=complete,
                horizon=self.horizon,
            )
            report = self._audit(model, staged)
            version = self._lake.publish(staged)
        self._pins[model.name] = self._lake.pin(model.name, version)
        return Published(model.name, window, version, staged.rows, report)

    def _audit(self, model: Model, staged: Staged) -> AuditReport:
        from pipelines.warehouse.audit import audit  # takes seconds to import

        self._engine.show(staged)
        for name in model.compared:
            pin = self._pins[name]
            reach = input_window(model, name, pin, staged.window)
            self._engine.see(pin, pin.within(reach))
        report = audit(model, self._engine.connection, staged.window)
        if not report.passed:
            raise AuditFailed(report)
        return report

    def _watermarks(self) -> dict[str, datetime]:
        self._engine.see(self._pins[EVENTS], list(self._pins[EVENTS].files))
        rows = self._engine.connection.execute(
            f"SELECT source, max(occurred_at) AT TIME ZONE 'UTC' FROM {EVENTS} GROUP BY source"
        ).fetchall()
        return dict(rows)


@contextmanager
def begin(lake: Lake, catalog: Catalog, settings: Settings, run_id: str) -> Iterator[Run]:
    """Begin a run; waits while another run is at work on this lake."""
    with (lake.root / ".run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with open_engine(settings, lake.timezone) as engine:
            yield Run(lake, catalog, settings, run_id, engine)
