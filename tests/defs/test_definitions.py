"""What Dagster is given: an asset a table, a blocking audit each, automation."""

from typing import Literal

import dagster as dg
import pytest

from models.catalog import load_catalog
from pipelines.definitions import defs
from pipelines.defs.tables import as_check
from pipelines.warehouse.findings import AuditReport, Finding


def test_everything_loads_together() -> None:
    dg.Definitions.validate_loadable(defs)


def test_every_table_is_one_asset_with_the_dependencies_of_its_query() -> None:
    graph = defs.resolve_asset_graph()
    for model in load_catalog():
        node = graph.get(dg.AssetKey(model.name.split(".")))
        assert {".".join(key.path) for key in node.parent_keys} == {*model.inputs, *model.compared}


def test_every_computed_table_has_a_blocking_audit_and_one_run_for_a_range_of_days() -> None:
    graph = defs.resolve_asset_graph()
    for model in load_catalog().computed:
        node = graph.get(dg.AssetKey(model.name.split(".")))
        (check,) = node.check_keys
        assert graph.get_check_spec(check).blocking
        assert node.is_partitioned is (model.header.partition is not None)
        if node.is_partitioned:
            assert node.backfill_policy == dg.BackfillPolicy.single_run()


def test_the_night_and_the_sensors_are_on_by_themselves() -> None:
    repository = defs.get_repository_def()
    assert {s.name for s in repository.sensor_defs} == {"landing_sensor", "decision_sensor"}
    assert all(s.default_status == dg.DefaultSensorStatus.RUNNING for s in repository.sensor_defs)
    crons = {s.name: s.cron_schedule for s in repository.schedule_defs}
    assert crons == {
        "nightly": "30 4 * * *",
        "weekly": "30 6 * * 0",
        "weekly_training": "30 7 * * 0",
    }
    assert {s.execution_timezone for s in repository.schedule_defs} == {"Asia/Shanghai"}


@pytest.mark.parametrize(
    ("failed", "passed", "severity"),
    [
        ([], True, dg.AssetCheckSeverity.WARN),
        (["warning"], False, dg.AssetCheckSeverity.WARN),
        (["warning", "critical"], False, dg.AssetCheckSeverity.ERROR),
    ],
)
def test_a_warning_is_seen_as_one_and_stops_nothing(
    failed: list[Literal["warning", "critical"]], passed: bool, severity: dg.AssetCheckSeverity
) -> None:
    findings = tuple(Finding("no_rows", kind, False, "1 unexpected") for kind in failed)
    result = as_check(AuditReport("risk.drift_daily", findings))
    assert (result.passed, result.severity) == (passed, severity)
