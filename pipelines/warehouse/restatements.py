"""Why numbers that readers have seen are others now, part by part.

Between two releases the inputs of a mart move: late facts, refunds, verdicts. The mart is computed
with one kind of input after the other as it is now and the rest as it was; what each step changes
is that kind's part, so the parts add up exactly.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pipelines.warehouse.catalog import Model
from pipelines.warehouse.comparison import Comparison
from pipelines.warehouse.engines.connection import create_view
from pipelines.warehouse.lake import Pin, Window
from pipelines.warehouse.reach import input_window

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


class Restatements(Comparison):
    """Tells, part by part, why numbers are others."""

    table = TABLE
    columns = (
        "mart VARCHAR, metric VARCHAR, brand_id VARCHAR, item VARCHAR, stated_for DATE, "
        "old_value BIGINT, new_value BIGINT, cause VARCHAR, change BIGINT"
    )

    def is_compared(self, model: Model) -> bool:
        return model.header.restated

    def compare(self, model: Model, old: Pin, window: Window) -> None:
        """Add what changed in a window of the mart, a row a number and cause."""
        steps = [("", "was"), *self._steps(model, window)]
        numbers = Numbers.of(model, old.schema.names)
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
            f"INSERT INTO news WITH number AS (SELECT metric, brand_id, item, stated_for, "
            f"{values} FROM ({valued}) GROUP BY metric, brand_id, item, stated_for) "
            f"SELECT '{model.name}', metric, brand_id, item, stated_for, v0, v{len(steps) - 1}, "
            f"cause, change FROM ({parts}) WHERE change <> 0"
        )

    def _steps(self, mart: Model, window: Window) -> Iterator[tuple[str, str]]:
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
