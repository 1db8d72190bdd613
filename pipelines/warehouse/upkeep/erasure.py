"""Erasing a person, history included, so that no number changes and nothing leads back.

Order: the plan is saved; the platform forgets; landed lines, then data files are rewritten where
they lie; a search of every byte proves it; tables in which more than names change are computed
again. Every step can be done twice.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

import duckdb
import sqlalchemy as sa

from pipelines.warehouse import run
from pipelines.warehouse.catalog import Catalog
from pipelines.warehouse.engines.connection import connect, create_view
from pipelines.warehouse.ingest.ingest import Keys
from pipelines.warehouse.lake import Lake, Window, ranges
from pipelines.warehouse.restatements import ERASURE
from pipelines.warehouse.upkeep import lines, person, planning, sealed, search
from pipelines.warehouse.upkeep.files import Rewriter, data_files
from pipelines.warehouse.upkeep.lines import Eraser
from pipelines.warehouse.upkeep.person import Plan
from pipelines.warehouse.upkeep.private import EVENTS_TABLE, Private, private_fields
from pipelines.warehouse.upkeep.quiet import quiet
from platform_core import erasing
from platform_core.access import record
from platform_core.boundaries import reach
from platform_core.contract import EVENTS
from platform_core.database import reading
from platform_core.landing import Segment, first_sequence, segments, sources, writer_lock
from platform_core.outbox import NOBODY
from platform_core.outbox.outgoing import SOURCE
from platform_core.settings import Settings
from platform_core.tables.outbox import outbox
from platform_core.work import begin

QUARANTINE: Final = "bronze.quarantine"
INDEXES: Final = "search"
EXPORTS: Final = {".csv", ".json", ".jsonl"}
ROWS_PER_FETCH: Final = 2_000


class PersonUnknown(ValueError):
    """Nobody by this id is known."""


class NotErased(ValueError):
    """Something of the person is left, or a number has changed."""


@dataclass(frozen=True)
class Erased:
    """What an erasure did and what its proof looked at."""

    lines: int
    """Landed lines and events in the outbox that were replaced."""
    files: int
    rows: int
    tables: dict[str, dict[str, int]]
    """Rows and sums of every table, the same before and after."""
    searched_files: int
    searched_bytes: int
    words: int
    """Old identifiers, pseudonyms and digests that were looked for, and are nowhere."""
    restated: dict[str, list[Window | None]]


class Erasure:
    """Erases people from one Meadow."""

    def __init__(
        self, lake: Lake, catalog: Catalog, settings: Settings, keys: Keys, platform: sa.Engine
    ) -> None:
        self._lake = lake
        self._catalog = catalog
        self._settings = settings
        self._keys = keys
        self._platform = platform
        self._private = Private(catalog)
        self._home = settings.home.resolve()

    def erase(self, user_id: str, *, actor: str, now: datetime) -> Erased:
        """Make a person unlinkable; called again after a crash, it ends the same way.

        Raises:
            PersonUnknown: nobody is called so, here or in any line.
            NotErased: a process still writes what holds the person: run it again.
        """
        with quiet(self._lake), writer_lock(self._settings.landing, SOURCE):
            plan = self._plan(user_id)
            eraser = Eraser(plan, self._keys)
            rewritten = self._outbox_and_platform(eraser, actor, now) + self._landing(eraser)
            with self._connect() as connection:
                rewriter = Rewriter(connection, plan, self._private.columns)
                files, rows = self._files(rewriter, eraser)
                self._compact_database()
                searched = search.prove(self._home, rewriter, eraser)
                totals = planning.totals(
                    connection, self._lake, self._catalog, self._private.columns
                )
            self._refuse_changed(plan, totals)
            reach("erase.rewritten")
        restated = self._restate(plan)
        person.remove(self._lake.root)
        return Erased(
            lines=rewritten,
            files=files,
            rows=rows,
            tables=totals,
            searched_files=searched.files,
            searched_bytes=searched.size,
            words=len(plan.raw) + len(plan.pseudonyms),
            restated=restated,
        )

    def _plan(self, user_id: str) -> Plan:
        unfinished = person.load(self._lake.root)
        if unfinished is None:
            plan = self._new_plan(user_id)
            person.save(self._lake.root, plan)
            reach("erase.planned")
            return plan
        if unfinished.user_id != user_id:
            raise NotErased(
                f"the erasure of {unfinished.user_id!r} was interrupted: finish it first, by "
                f"`meadow erase {unfinished.user_id}`"
            )
        return unfinished

    def _new_plan(self, user_id: str) -> Plan:
        with self._platform.connect() as database:
            is_user = erasing.is_known(database, user_id)
            devices = erasing.devices_of(database, user_id)
        with self._connect() as connection:
            self._show_events(connection)
            found = planning.identities(connection, self._keys, user_id)
            plan = Plan(user_id, found, {user_id: found[0].raw})
            plan = person.with_raw(plan, self._keys, (("device", d) for d in devices))
            landed = list(self._identifiers(Eraser(plan, self._keys)))
            if not (is_user or landed or planning.rows_of(connection, plan.person)):
                raise PersonUnknown(
                    f"no user is called {user_id!r}, here or in any event: perhaps they were "
                    "erased before"
                )
            plan = person.with_raw(plan, self._keys, landed)
            plan = replace(
                plan, digests=planning.digests(connection, self._lake, self._catalog, plan)
            )
            types = [m.type for kind, m in EVENTS.items() if private_fields(kind)]
            return replace(
                plan,
                days=tuple(planning.days_of(connection, plan.person)),
                private_days=tuple(planning.days_of(connection, plan.person, types)),
                totals=planning.totals(
                    connection, self._lake, self._catalog, self._private.columns
                ),
            )

    def _identifiers(self, eraser: Eraser) -> Iterator[tuple[str, str]]:
        """Personal identifiers that stand in the person's own lines."""
        for segment in self._segments():
            data = segment.read()
            if found := eraser.concerned(data):
                landed = data.split(b"\n")
                for n in found:
                    yield from eraser.identifiers(landed[n])
        for _, line in self._outbox_lines(eraser):
            yield from eraser.identifiers(line)

    def _segments(self) -> Iterator[Segment]:
        landing = self._settings.landing
        for source in sources(landing):
            yield from segments(landing, source, first_sequence(landing, source) - 1)

    def _outbox_lines(self, eraser: Eraser) -> Iterator[tuple[int, bytes]]:
        """(position, line) of the events in the outbox that hold a word of the person."""
        query = sa.select(outbox.c.position, outbox.c.line).order_by(outbox.c.position)
        with reading(self._platform) as connection:
            rows = connection.execute(query, execution_options={"yield_per": ROWS_PER_FETCH})
            for part in rows.partitions():
                told = [row.line.encode() for row in part]
                for n in eraser.concerned(b"\n".join(told)):
                    yield part[n].position, told[n]

    def _outbox_and_platform(self, eraser: Eraser, actor: str, now: datetime) -> int:
        plan = eraser.plan
        changed = [
            {"at": position, "text": eraser.line(line).decode()}
            for position, line in self._outbox_lines(eraser)
        ]
        with begin(self._platform, now=now) as work:
            if changed:
                one = sa.update(outbox).where(outbox.c.position == sa.bindparam("at"))
                work.connection.execute(one.values(line=sa.bindparam("text")), changed)
            aliases = {**plan.raw, **plan.pseudonyms}
            if erasing.erase(work, plan.user_id, plan.person.raw, aliases=aliases, by=NOBODY):
                record(
                    work.connection,
                    actor=actor,
                    action="user.erased",
                    subject=plan.person.raw,
                    at=now,
                )
                shutil.rmtree(self._home / INDEXES, ignore_errors=True)  # made anew when needed
        reach("erase.platform_committed")
        return len(changed)

    def _landing(self, eraser: Eraser) -> int:
        bad = self._bad_lines()
        return sum(
            lines.rewrite(segment, eraser, bad.get((segment.source, segment.sequence), set()))
            for segment in self._segments()
        )

    def _bad_lines(self) -> dict[tuple[str, int], set[int]]:
        found: dict[tuple[str, int], set[int]] = {}
        if self._lake.exists(QUARANTINE):
            with self._connect() as connection:
                pin = self._lake.pin(QUARANTINE)
                create_view(connection, "bad", pin, pin.files)
                for source, segment, line in connection.sql(
                    "SELECT source, segment, line FROM bad"
                ).fetchall():
                    found.setdefault((source, segment), set()).add(line)
        return found

    def _files(self, rewriter: Rewriter, eraser: Eraser) -> tuple[int, int]:
        files = rows = 0
        for path in data_files(self._lake.path(QUARANTINE)):
            if count := sealed.rewrite(path, eraser):
                files, rows = files + 1, rows + count
        for found in rewriter.find(data_files(self._home)):
            rewriter.rewrite(found, self._table_of(found.path))
            files, rows = files + 1, rows + found.rows
        for path in self._exports():
            data = path.read_bytes()
            if eraser.concerns(data):
                lines.replace_file(path, eraser.renamed(data.decode()).encode())
                files += 1
        return files, rows

    def _exports(self) -> Iterator[Path]:
        """Files of text that somebody has written beside the landing zone and the lake."""
        ours = self._settings.landing, self._lake.root
        for path in self._home.rglob("*"):
            if path.suffix in EXPORTS and not any(path.is_relative_to(o) for o in ours):
                yield path

    def _table_of(self, path: Path) -> str:
        """The table that a data file belongs to; empty outside of the lake."""
        if not path.is_relative_to(self._lake.root):
            return ""
        return ".".join(path.relative_to(self._lake.root).parts[:2])

    def _compact_database(self) -> None:
        """Let the database forget the bytes of rows that it no longer holds."""
        if self._platform.dialect.name == "sqlite":
            with self._platform.connect().execution_options(isolation_level="AUTOCOMMIT") as raw:
                driver = raw.connection.driver_connection
                assert driver is not None
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                driver.execute("VACUUM")
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _refuse_changed(self, plan: Plan, totals: dict[str, dict[str, int]]) -> None:
        for table, before in plan.totals.items():
            if totals[table] != before:
                raise NotErased(f"{table}: rows or sums were {before}, and are {totals[table]}")

    def _restate(self, plan: Plan) -> dict[str, list[Window | None]]:
        """Compute again, on the person's days, the tables in which more than names change."""
        done: dict[str, list[Window | None]] = {}
        with run.begin(self._lake, self._catalog, self._settings, ERASURE) as begun:
            for model, on_all_days in planning.restated(self._catalog, self._private):
                days = map(date.fromisoformat, plan.days if on_all_days else plan.private_days)
                windows: list[Window | None] = [*ranges(days)]
                if model.header.partition is None:
                    windows = [None] if windows else []
                for window in windows:
                    begun.bring_up_to_date(model, window, again=True)
                done[model.name] = windows
        return {name: windows for name, windows in done.items() if windows}

    def _show_events(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._lake.ensure(self._catalog[EVENTS_TABLE].table)
        pin = self._lake.pin(EVENTS_TABLE)
        create_view(connection, EVENTS_TABLE, pin, pin.files)

    def _connect(self) -> duckdb.DuckDBPyConnection:
        return connect(self._settings, self._lake.timezone)
