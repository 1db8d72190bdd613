"""Why numbers that readers have seen are others now, part by part.

Between two releases the inputs of a mart move: late facts, refunds, verdicts. The mart is computed
with one kind of input after the other as it is now and the rest as it was; what each step changes
is that kind's part, so the parts add up exactly.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import duckdb

from pipelines.warehouse.catalog import Catalog, Model
from pipelines.warehouse.engines.connection import create_view
from pipelines.warehouse.engines.copying import copy
from pipelines.warehouse.lake import Lake, Pin, Staged, Window, ranges
from pipelines.warehouse.reach import input_window
from pipelines.warehouse.release import Release

TABLE: Final = "gold.restatements"
ERASURE: Final = "erasure"
"""The run that computes what an erasure has emptied."""
LATE_DATA, REFUND, VERDICT, APPEAL = "late_data", "refund", "verdict", "appeal"
KINDS: Final = (LATE_DATA, REFUND, VERDICT)
DECISIONS: Final = "silver.moderation_verdicts"
REFUNDS: Final = frozenset({"silver.refunds", "silver.refund_lines"})
MEASURED: Final = frozenset({"count", "minor"})
INVALID: Final = ("_givt", "_sivt")


def kind(table: str) -> str:
    """What a change of an input is called."""
    if table.startswith("risk."):
        return VERDICT
    return REFUND if table in REFUNDS else LATE_DATA


@dataclass(frozen=True)
class Numbers:
    """How one mart's numbers are named: the keys of a row, and SQL of each metric."""

    brand: str
    item: str
    metrics: Mapping[str, str]

    @classmethod
    def of(cls, mart: Model, known: Collection[str]) -> "Numbers":
        """The numbers of a mart by day: its counts and sums, gross and net.

        Args:
            known: columns that both versions have; a number that is new restates nothing.
        """
        unique = next(e.argument for e in mart.header.expect if e.kind == "unique")
        keys = [k for k in unique if k not in ("event_date", "brand_id")]
        named = {c.name for c in mart.header.columns if c.name in known}
        metrics = {}
        for column in mart.header.columns:
            is_measure = column.unit in MEASURED and column.name in named
            if not is_measure or column.name.endswith(INVALID):
                continue
            metrics[column.name] = column.name
            verdicts = [column.name + kind for kind in INVALID]
            if named.issuperset(verdicts):
                metrics[f"{column.name}_net"] = " - ".join([column.name, *verdicts])
        return cls(
            "brand_id" if "brand_id" in unique else "CAST(NULL AS VARCHAR)",
            f"concat_ws(' / ', {', '.join(keys)})" if keys else "''",
            metrics,
        )

    def rows(self, relation: str) -> str:
        """SELECT metric, brand_id, item, stated_for and value of rows of the mart."""
        return " UNION ALL ".join(
            f"SELECT '{name}' AS metric, {self.brand} AS brand_id, {self.item} AS item, "
            f"event_date AS stated_for, CAST({sql} AS BIGINT) AS value FROM {relation}"
            for name, sql in self.metrics.items()
        )


class Restatements:
    """Compares what readers see with what a run is about to release."""

    def __init__(
        self,
        lake: Lake,
        catalog: Catalog,
        connection: duckdb.DuckDBPyConnection,
        before: Release,
        pins: Mapping[str, Pin],
    ) -> None:
        self._lake = lake
        self._catalog = catalog
        self._connection = connection
        self._before = before
        self._now = pins

    def stage(self, folder: Path, now: datetime, run_id: str) -> Staged | None:
        """The restatements that the next release brings; None if no number has changed."""
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE restated (mart VARCHAR, metric VARCHAR, "
            "brand_id VARCHAR, item VARCHAR, stated_for DATE, old_value BIGINT, "
            "new_value BIGINT, cause VARCHAR, change BIGINT)"
        )
        for mart in self._catalog.computed:
            if mart.header.restated and mart.name in self._before.tables:
                self._compare(mart)
        model, kept = self._catalog[TABLE], self._now[TABLE]
        return stage_news(
            self._connection, self._lake, model, kept, self._before, "restated", folder, now, run_id
        )

    def _compare(self, mart: Model) -> None:
        old = self._lake.pin(mart.name, self._before.tables[mart.name])
        for window in ranges(released_days(old, self._now[mart.name])):
            self._explain(mart, old, window)

    def _explain(self, mart: Model, old: Pin, window: Window) -> None:
        """Add what changed in a window of the mart, a row a number and cause."""
        self._show("was", old, window)
        self._show("stands", self._now[mart.name], window)
        steps = [("", "was"), *self._steps(mart, old, window)]
        numbers = Numbers.of(mart, old.schema.names)
        valued = " UNION ALL ".join(
            f"SELECT {n} AS step, * FROM ({numbers.rows(relation)})"
            for n, (_, relation) in enumerate(steps)
        )
        values = ", ".join(
            f"coalesce(sum(value) FILTER (WHERE step = {n}), 0) AS v{n}" for n in range(len(steps))
        )
        parts = " UNION ALL ".join(
            f"SELECT *, '{cause}' AS cause, v{n} - v{n - 1} AS change FROM number"
            for n, (cause, _) in enumerate(steps)
            if n
        )
        self._connection.execute(
            f"INSERT INTO restated WITH number AS (SELECT metric, brand_id, item, stated_for, "
            f"{values} FROM ({valued}) GROUP BY metric, brand_id, item, stated_for) "
            f"SELECT '{mart.name}', metric, brand_id, item, stated_for, v0, v{len(steps) - 1}, "
            f"cause, change FROM ({parts}) WHERE change <> 0"
        )

    def _steps(self, mart: Model, old: Pin, window: Window) -> Iterator[tuple[str, str]]:
        """Causes in order, each with the mart as it is when this cause and those before it hold."""
        if cause := self._sole_cause(mart):
            yield cause, "stands"
            return
        moved = [k for k in KINDS if any(self._has_moved(n) for n in mart.inputs if kind(n) == k)]
        appeals = self._appealed() if VERDICT in moved else []
        causes = [*moved, *([APPEAL] if appeals else [])]
        for n, cause in enumerate(causes[:-1], start=1):
            self._view_inputs(mart, window, set(causes[:n]), appeals)
            relation = f"step_{n}"
            self._connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {relation} AS {mart.query(window)}"
            )
            yield cause, relation
        yield causes[-1] if causes else LATE_DATA, "stands"

    def _sole_cause(self, mart: Model) -> str | None:
        """What explains everything: another definition, or an erasure without anything else."""
        above = [self._catalog[name] for name in self._upstream(mart)]
        computed = [model for model in above if model.is_computed]
        if any(self._hash_before(model) not in (None, model.hash) for model in computed):
            return "definition"
        has_news = any(self._has_moved(model.name) for model in above if not model.is_computed)
        if not has_news and any(self._is_erased(model) for model in computed):
            return "erasure"
        return None

    def _is_erased(self, model: Model) -> bool:
        """Whether an erasure has computed some of the table since the release before."""
        before = self._before.tables.get(model.name, 0)
        commits = self._lake.history(model.name)
        return any(c["version"] > before and c.get("run_id") == ERASURE for c in commits)

    def _upstream(self, mart: Model) -> set[str]:
        names, waiting = set[str](), [mart.name]
        while waiting:
            name = waiting.pop()
            names.add(name)
            waiting += [n for n in self._catalog[name].inputs if n not in names]
        return names

    def _hash_before(self, model: Model) -> str | None:
        """The definition behind the rows of the release before."""
        version = self._before.tables.get(model.name)
        for commit in self._lake.history(model.name):
            if version is not None and commit["version"] <= version and "model_hash" in commit:
                return str(commit["model_hash"])
        return None

    def _has_moved(self, name: str) -> bool:
        return self._before.tables.get(name) != self._now[name].version

    def _view_inputs(
        self, mart: Model, window: Window, moved: set[str], appeals: list[str]
    ) -> None:
        """Show the mart's inputs as they are now where their kind has moved, else as they were."""
        for name in mart.inputs:
            now, before = self._now[name], self._earlier(name)
            reach = input_window(mart, name, now, window)
            if kind(name) not in moved:
                create_view(self._connection, name, before, before.within(reach))
                continue
            create_view(self._connection, name, now, now.within(reach))
            if kind(name) == VERDICT and appeals:
                create_view(self._connection, f"now_{name}", now, now.within(reach))
                create_view(self._connection, f"before_{name}", before, before.within(reach))
                self._connection.execute(
                    f"CREATE OR REPLACE VIEW {name} AS {self._without_appeals(name, appeals)}"
                )

    def _without_appeals(self, name: str, appeals: list[str]) -> str:
        """Verdicts as they are now, but as they were in cases that an appeal has reopened."""
        (unique,) = (e.argument for e in self._catalog[name].header.expect if e.kind == "unique")
        keys = ", ".join(unique)
        cases = ", ".join("'" + case.replace("'", "''") + "'" for case in appeals)
        appealed = f"coalesce(case_id IN ({cases}), false)"
        return (
            f"SELECT * FROM before_{name} WHERE {appealed} UNION ALL "
            f"SELECT * FROM now_{name} WHERE NOT {appealed} AND ({keys}) NOT IN "
            f"(SELECT ({keys}) FROM before_{name} WHERE {appealed})"
        )

    def _appealed(self) -> list[str]:
        """Cases in which an appeal has been decided."""
        pin = self._now[DECISIONS]
        create_view(self._connection, DECISIONS, pin, pin.files)
        found = self._connection.sql(
            f"SELECT DISTINCT case_id FROM {DECISIONS} WHERE is_appeal ORDER BY case_id"
        ).fetchall()
        return [case for (case,) in found]

    def _earlier(self, name: str) -> Pin:
        return self._lake.pin(name, self._before.tables.get(name, 0))

    def _show(self, name: str, pin: Pin, window: Window) -> None:
        create_view(self._connection, name, pin, pin.within(window))


def released_days(old: Pin, now: Pin) -> set[date]:
    """Days of which readers have seen rows, or could have, and that are others now."""
    stated = max(old.days(), default=None)
    changed = {f.partition for f in now.changed_since(old)}
    return {day for day in changed if day and stated and day <= stated}


def stage_news(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    model: Model,
    kept: Pin,
    before: Release,
    news: str,
    folder: Path,
    now: datetime,
    run_id: str,
) -> Staged | None:
    """What the release after ``before`` adds to a table of what releases changed; None if nothing.

    Rows of a later release are replaced: it was never finished, and comes again.

    Args:
        news: the relation of its rows, without ``release``, ``restated_on`` and ``restated_at``.
    """
    ((found,),) = connection.sql(f"SELECT count(*) FROM {news}").fetchall()
    if not found:
        return None
    today = now.astimezone(ZoneInfo(lake.timezone)).date()
    window = Window(min(today, max(kept.days(), default=today)), today)
    create_view(connection, "kept", kept, kept.within(window))
    query = (
        f"SELECT * FROM kept WHERE release <= {before.number} UNION ALL BY NAME "
        f"SELECT {before.number + 1} AS release, DATE '{today}' AS restated_on, "
        f"TIMESTAMP '{now.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}' AS restated_at, * FROM {news}"
    )
    files = copy(connection, model.table, query, folder)
    return Staged(model.table, files, window, run_id, {}, model_hash=model.hash)
