"""One asset a table, made from the table's own file."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import dagster as dg

from pipelines.defs.partitions import monthly, only_stale, window_of
from pipelines.defs.resources import HouseResource
from pipelines.warehouse.catalog import Model
from pipelines.warehouse.findings import AuditFailed, AuditReport
from pipelines.warehouse.run import Published, Run

Results = Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]


def asset_key(table: str) -> dg.AssetKey:
    return dg.AssetKey(table.split("."))


def table_asset(model: Model) -> dg.AssetsDefinition:
    """The asset of a table that a query makes."""
    key = asset_key(model.name)
    partitioned = model.header.partition is not None

    def table(context: dg.AssetExecutionContext, house: HouseResource) -> Results:
        run = house.run(context.run_id)
        yield from _publish(context, run, model)

    asset: dg.AssetsDefinition = dg.asset(
        key=key,
        deps=[asset_key(name) for name in (*model.inputs, *model.compared)],
        partitions_def=monthly if partitioned else None,
        backfill_policy=dg.BackfillPolicy.single_run() if partitioned else None,
        check_specs=[dg.AssetCheckSpec("audit", asset=key, blocking=True)],
        code_version=model.hash,
        **described(model),
    )(table)
    return asset


def described(model: Model) -> dict[str, Any]:
    """What Dagster shows of a table."""
    schema = dg.TableSchema(
        [dg.TableColumn(c.name, c.column.type, description=c.meaning) for c in model.header.columns]
    )
    return {
        "group_name": model.layer,
        "description": model.header.grain,
        "owners": [f"team:{model.header.owner}"],
        "kinds": {"duckdb", "deltalake"},
        "metadata": {"dagster/column_schema": schema},
        "freshness_policy": dg.FreshnessPolicy.time_window(
            fail_window=timedelta(hours=model.header.freshness_hours)
        ),
    }


def _publish(context: dg.AssetExecutionContext, run: Run, model: Model) -> Results:
    within = window_of(context) if context.has_partition_key_range else None
    again = not only_stale(context.run_tags)
    try:
        published = run.bring_up_to_date(model, None if not again else within, again=again)
    except AuditFailed as failure:
        yield as_check(failure.report)
        raise dg.Failure(str(failure), allow_retries=False) from failure
    yield as_check(*(p.audit for p in published))
    yield dg.MaterializeResult(metadata=_metadata(run, model, published))


def as_check(*reports: AuditReport, asset: dg.AssetKey | None = None) -> dg.AssetCheckResult:
    """The audit as a check: a warning shows as one, and what reads the table goes on."""
    findings = [f for report in reports for f in report.findings]
    records = [
        dg.TableRecord(
            {
                "expectation": f.expectation,
                "severity": f.severity,
                "passed": f.passed,
                "detail": f.error or f.detail,
            }
        )
        for f in findings
    ]
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name="audit",
        passed=all(f.passed for f in findings),
        severity=(
            dg.AssetCheckSeverity.WARN
            if all(report.passed for report in reports)
            else dg.AssetCheckSeverity.ERROR
        ),
        metadata={"findings": dg.MetadataValue.table(records)} if records else {},
    )


def _metadata(run: Run, model: Model, published: list[Published]) -> dict[str, Any]:
    return {
        "dagster/row_count": run.pins[model.name].rows,
        "rows_published": sum(p.rows for p in published),
        "windows": ", ".join(str(p.window or "whole") for p in published) or "up to date",
        "version": run.pins[model.name].version,
        "input_versions": {name: run.pins[name].version for name in model.inputs},
    }
