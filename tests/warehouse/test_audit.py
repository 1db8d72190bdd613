"""The audit between staging and publishing: what each expectation finds, and what stops a run."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import duckdb
import pytest

from pipelines.defs.house import House
from pipelines.warehouse.audit import audit
from pipelines.warehouse.catalog import Expectation, Model
from pipelines.warehouse.findings import AuditFailed, Finding
from tests.events import viewed
from tests.warehouse.literal_files import day, days
from tests.warehouse.nightly import deliver, house

VIEWS = "silver.product_views"
COLUMNS = "(note_id VARCHAR, event_date DATE, reads BIGINT)"
TWO_NOTES = [("n1", day(1), 0), ("n2", day(2), 9)]


def expecting(model: Model, *expectations: Expectation) -> Model:
    return replace(model, header=model.header.model_copy(update={"expect": list(expectations)}))


def expectation(kind: str, argument: Any, severity: str = "critical") -> Expectation:
    return Expectation.model_validate({"kind": kind, "argument": argument, "severity": severity})


@pytest.fixture(scope="module")
def meadow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One view of price 1000 has landed and nothing is computed yet."""
    meadow = house(tmp_path_factory.mktemp("meadow"))
    deliver(meadow, viewed("v1", "2026-08-03T12:00:00.000000Z"))
    meadow.ingest().all_sources()
    yield meadow
    meadow.platform.dispose()


def find(
    meadow: House, rows: list[tuple[Any, ...]], *expectations: Expectation
) -> tuple[Finding, ...]:
    """What these expectations find in staged rows of the first two days of August."""
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE staged {COLUMNS}")
        for row in rows:
            connection.execute("INSERT INTO staged VALUES (?, ?, ?)", row)
        model = expecting(meadow.catalog[VIEWS], *expectations)
        return audit(model, connection, days(1, 2)).findings


@pytest.mark.parametrize(
    ("kind", "argument", "bad"),
    [
        ("unique", ["note_id"], ("n1", day(2), 5)),
        ("unique", ["note_id", "event_date"], ("n1", day(1), 5)),
        ("not_null", ["note_id", "reads"], ("n3", day(1), None)),
        ("between", {"column": "reads", "min": 0}, ("n3", day(1), -1)),
        ("between", {"column": "reads", "min": 0, "max": 9}, ("n3", day(1), 10)),
        ("in_set", {"column": "note_id", "values": ["n1", "n2"]}, ("n3", day(1), 1)),
        ("no_rows", "SELECT * FROM {batch} WHERE reads > 9", ("n3", day(1), 10)),
        ("no_rows", "SELECT * FROM {batch} WHERE event_date > $to_date", ("n3", day(3), 1)),
    ],
)
def test_an_expectation_tells_good_rows_from_bad(
    meadow: House, kind: str, argument: Any, bad: tuple[Any, ...]
) -> None:
    given = expectation(kind, argument)
    [good] = find(meadow, TWO_NOTES, given)
    [found] = find(meadow, [*TWO_NOTES, bad], given)
    assert (good.passed, good.error) == (True, "")
    assert (found.passed, found.error) == (False, "")
    assert found.detail.startswith("1 unexpected")


def test_no_rows_at_all_pass(meadow: House) -> None:
    given = (
        expectation("unique", ["note_id"]),
        expectation("in_set", {"column": "note_id", "values": ["n1"]}),
    )
    assert all(finding.passed for finding in find(meadow, [], *given))


def bring_up_to_date(meadow: House, *expectations: Expectation) -> list[Finding]:
    model = expecting(meadow.catalog[VIEWS], *expectations)
    with meadow.begin_run("r1") as run:
        return [f for done in run.bring_up_to_date(model) for f in done.audit.findings]


def test_a_critical_failure_leaves_the_table_as_it_was(meadow: House) -> None:
    with meadow.begin_run("r0"):
        before = meadow.lake.version(VIEWS)
    dear = expectation("between", {"column": "price_minor", "min": 5000})
    with pytest.raises(AuditFailed, match="between column price_minor, min 5000: 1 unexpected"):
        bring_up_to_date(meadow, expectation("unique", ["event_id"]), dear)
    assert meadow.lake.version(VIEWS) == before
    assert meadow.lake.pin(VIEWS).rows == 0
    assert not any((meadow.lake.path(VIEWS) / "_staging").iterdir())


@pytest.mark.parametrize("severity", ["critical", "warning"])
def test_what_cannot_be_evaluated_is_an_error_whatever_its_severity(
    meadow: House, severity: str
) -> None:
    senseless = expectation("no_rows", "SELECT * FROM {batch} WHERE no_such > 1", severity)
    with pytest.raises(AuditFailed, match="no_such") as failure:
        bring_up_to_date(meadow, senseless)
    assert [bool(f.error) for f in failure.value.report.findings] == [True]


def test_a_warning_is_reported_and_published(meadow: House) -> None:
    dear = expectation("between", {"column": "price_minor", "min": 5000}, "warning")
    [finding] = bring_up_to_date(meadow, dear)
    assert (finding.severity, finding.passed) == ("warning", False)
    assert meadow.lake.pin(VIEWS).rows == 1
