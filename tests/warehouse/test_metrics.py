"""The registry says of every number on a mart what it is called and what it means."""

import re

import pytest

from models.catalog import load_catalog
from pipelines.warehouse.catalog import Model
from pipelines.warehouse.metrics import METRICS

MEASURES = {"count", "minor", "share", "score", "milliseconds"}
VERDICT = re.compile(r"_(givt|sivt|pending)$")
MARTS = [model for model in load_catalog().computed if model.layer == "gold"]


def measures(mart: Model) -> set[str]:
    """Columns that hold a metric; its verdict columns belong to it."""
    return {
        f"{mart.name}.{VERDICT.sub('', c.name)}" for c in mart.header.columns if c.unit in MEASURES
    }


@pytest.mark.parametrize("mart", MARTS, ids=lambda mart: mart.name)
def test_every_measure_of_a_mart_stands_in_the_registry(mart: Model) -> None:
    registered = {column for metric in METRICS.values() for column in metric.columns}
    assert measures(mart) - registered == set()


def test_the_registry_names_no_column_that_is_not_there() -> None:
    there = {f"{mart.name}.{c.name}" for mart in MARTS for c in mart.header.columns}
    named = {column for metric in METRICS.values() for column in metric.columns}
    assert named - there == set()


def test_metrics_with_verdicts_have_the_columns_for_them() -> None:
    there = {f"{mart.name}.{c.name}" for mart in MARTS for c in mart.header.columns}
    missing = {
        f"{column}{suffix}"
        for metric in METRICS.values()
        if metric.has_verdicts
        for column in metric.columns
        for suffix in ("_givt", "_sivt", "_pending")
    }
    assert missing - there == set()
