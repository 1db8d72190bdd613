"""The audit between staging and publishing: Great Expectations on the engine's own connection.

Great Expectations has no DuckDB source: a small SQLAlchemy dialect runs it on a cursor of the
engine's connection, where the staged rows are the view ``staged`` and the inputs are there too.
"""

import os
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, Final

import duckdb
import great_expectations as gx
import sqlalchemy as sa
from duckdb_engine import ConnectionWrapper, Dialect
from great_expectations.core import ExpectationSuite
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.data_context.data_context.abstract_data_context import (
    AbstractDataContext,
)
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.expectations.core.unexpected_rows_expectation import (
    UnexpectedRowsExpectation,
)
from great_expectations.expectations.expectation import Expectation as Check
from great_expectations.expectations.metadata_types import FailureSeverity

from pipelines.warehouse.catalog import Expectation, Model
from pipelines.warehouse.catalog.model import substitute
from pipelines.warehouse.findings import AuditReport, Finding
from pipelines.warehouse.lake import Window

VIEW: Final = "staged"
DIALECT: Final = "duckdb"


class AuditDialect(Dialect):
    """DuckDB whose transactions belong to the engine, not to Great Expectations."""

    supports_statement_cache = False

    def do_begin(self, dbapi_connection: Any) -> None: ...

    def do_commit(self, dbapi_connection: Any) -> None: ...

    def do_rollback(self, dbapi_connection: Any) -> None: ...


class Counted(UnexpectedRowsExpectation):
    """Unexpected rows are counted; Great Expectations would fetch them by a second query."""

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        count = metrics["unexpected_rows_query.row_count"]
        return {"success": count == 0, "result": {"observed_value": count}}


def audit(
    model: Model, connection: duckdb.DuckDBPyConnection, window: Window | None
) -> AuditReport:
    """Check the view ``staged`` against what the model's header expects."""
    if not model.header.expect:
        return AuditReport(model.name, ())
    suite = ExpectationSuite(
        name=model.name, expectations=[_translate(e, window) for e in model.header.expect]
    )
    with connection.cursor() as _CONNECTION.cursor:
        result = _definition(_CONNECTION).get_batch().validate(suite)
    by_name = {_meta_name(r): r for r in result.results}
    return AuditReport(
        model.name, tuple(_finding(e, by_name[_name(e)]) for e in model.header.expect)
    )


def _translate(expectation: Expectation, window: Window | None) -> Check:
    meta = {"name": _name(expectation)}
    argument = expectation.argument
    severity = FailureSeverity(expectation.severity)
    match expectation.kind:
        case "unique":
            query = _repeated_keys(argument)
        case "not_null":
            query = _rows_with_null(argument)
        case "between":
            query = _rows_outside(argument)
        case "in_set":
            query = _rows_not_among(argument)
        case "no_rows":
            query = argument
    bounds = {"from_date": window.from_date, "to_date": window.to_date} if window else {}
    return Counted(unexpected_rows_query=substitute(query, bounds), meta=meta, severity=severity)


def _repeated_keys(columns: list[str]) -> str:
    keys = ", ".join(columns)
    return f"SELECT {keys}, count(*) AS copies FROM {{batch}} GROUP BY {keys} HAVING count(*) > 1"


def _rows_with_null(columns: list[str]) -> str:
    missing = " OR ".join(f"{c} IS NULL" for c in columns)
    return f"SELECT * FROM {{batch}} WHERE {missing}"


def _rows_outside(argument: Mapping[str, Any]) -> str:
    bounds = [f"{argument['column']} {op} {argument[k]}" for k, op in _BOUNDS if k in argument]
    return f"SELECT * FROM {{batch}} WHERE {' OR '.join(bounds)}"


def _rows_not_among(argument: Mapping[str, Any]) -> str:
    known = ", ".join(_literal(value) for value in argument["values"])
    return f"SELECT * FROM {{batch}} WHERE {argument['column']} NOT IN ({known})"


def _literal(value: str | int) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


_BOUNDS: Final = (("min", "<"), ("max", ">"))


def _finding(expectation: Expectation, result: Any) -> Finding:
    raised = [i for i in _exceptions(result.exception_info) if i.get("raised_exception")]
    return Finding(
        expectation=_name(expectation),
        severity=expectation.severity,
        passed=bool(result.success) and not raised,
        detail=_detail(result.result),
        error=str(raised[0].get("exception_message", "could not be evaluated")) if raised else "",
    )


def _meta_name(result: Any) -> str:
    return str(result.expectation_config.meta["name"])


def _exceptions(info: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Great Expectations keys these by metric, or gives just one."""
    return [info] if "raised_exception" in info else list(info.values())


def _detail(result: Mapping[str, Any]) -> str:
    details = result.get("details") or {}
    rows = details.get("unexpected_rows") or result.get("partial_unexpected_list") or []
    count = result.get("observed_value", result.get("unexpected_count", 0))
    shown = "; ".join(str(row) for row in rows[:3])
    return f"{count} unexpected: {shown}" if rows else f"{count} unexpected"


def _name(expectation: Expectation) -> str:
    return f"{expectation.kind} {_words(expectation.argument)}"


def _words(argument: Any) -> str:
    match argument:
        case list():
            return ", ".join(map(str, argument))
        case dict():
            return ", ".join(f"{k} {v}" for k, v in argument.items())
        case _:
            return " ".join(str(argument).split())


class _Connection:
    """The connection of the audit that is running, for a data source that is made only once."""

    cursor: duckdb.DuckDBPyConnection

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cursor, name)


@cache
def _definition(connection: _Connection) -> BatchDefinition[Any]:
    """All of the view ``staged``, whatever it holds by then: to make a data source takes longer
    than to use it."""
    options: dict[str, Any] = {
        "kwargs": {
            "creator": lambda: ConnectionWrapper(connection),  # type: ignore[arg-type]
            "poolclass": sa.StaticPool,
            "pool_reset_on_return": None,
        }
    }
    source = _context().data_sources.add_sql(
        DIALECT, connection_string="duckdb:///:memory:", create_temp_table=False, **options
    )
    asset = source.add_query_asset(name=VIEW, query=f"SELECT * FROM {VIEW}")
    return asset.add_batch_definition_whole_table(VIEW)


@cache
def _context() -> AbstractDataContext:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # it would call home
    sa.dialects.registry.register(DIALECT, __name__, AuditDialect.__name__)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


_CONNECTION: Final = _Connection()
