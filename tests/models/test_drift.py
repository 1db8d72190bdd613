"""A day beside the four weeks before it: what moved, by how much, and what is too little to say."""

from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl
import pytest
import yaml

from models.catalog import load_catalog
from models.drift.comparing import AT_ONCE, SETTLED_AFTER
from models.drift.counting import CONDUCT, SIGNALS
from pipelines.defs.status import status
from pipelines.warehouse.audit import audit
from pipelines.warehouse.lake import Staged, Window
from tests.features.literal_conduct import day, one, rows_of
from tests.warehouse.literal_files import write
from tests.warehouse.nightly import house

Row = dict[str, Any]
COUNTS: Final = "risk.value_counts_daily"
DAYS: Final = range(1, 31)


def counts(
    day_: int, values: dict[float | None, int], name: str = "hour", **rest: Any
) -> list[Row]:
    """How many clicks of a day have each value."""
    said = {"subject": "ad_click", "measure": "conduct", "name": name, "event_date": day(day_)}
    return [{**said, "value": v, "subjects": n, **rest} for v, n in values.items()]


def moved(*given: list[Row], first: int = 30, last: int | None = None) -> list[Row]:
    rows = [row for some in given for row in some]
    return rows_of("risk.drift_daily", {COUNTS: rows}, first, last)


def month(values: dict[float | None, int], **rest: Any) -> list[Row]:
    return [row for n in DAYS[:-1] for row in counts(n, values, **rest)]


def sample(seed: int, mean: float = 0, rows: int = 400) -> dict[float | None, int]:
    values = np.random.default_rng(seed).normal(mean, size=rows).round(1)
    found, often = np.unique(values, return_counts=True)
    return dict(zip(found.tolist(), often.tolist(), strict=True))


EVEN: Final[dict[float | None, int]] = {float(v): 20 for v in range(10)}


def test_a_day_like_the_days_before_is_stable() -> None:
    (row,) = moved(month(EVEN), counts(30, EVEN))
    assert (row["level"], row["psi"]) == ("stable", pytest.approx(0, abs=1e-3))
    assert (row["rows"], row["rows_before"], row["days_before"]) == (200, 28 * 200, 28)
    assert (row["median"], row["median_before"]) == (4, 4)


def test_another_sample_of_the_same_is_stable_and_a_shifted_one_is_large() -> None:
    before = [row for n in DAYS[:-1] for row in counts(n, sample(n))]
    (same,) = moved(before, counts(30, sample(30)))
    (shifted,) = moved(before, counts(30, sample(30, mean=1)))
    assert (same["level"], shifted["level"]) == ("stable", "large")


def test_only_the_column_that_moved_is_said_to_have_moved() -> None:
    other = {**EVEN, 9.0: 20}
    before = [*month(EVEN), *month(other, name="position")]
    found = moved(before, counts(30, {9.0: 200}), counts(30, other, name="position"))
    assert {row["name"]: row["level"] for row in found} == {"hour": "large", "position": "stable"}


def test_the_index_is_that_of_its_definition() -> None:
    (row,) = moved(month({0.0: 5_000, 1.0: 5_000}), counts(30, {0.0: 80_000, 1.0: 20_000}))
    expected = 0.3 * np.log(8 / 5) + 0.3 * np.log(5 / 2)
    assert row["psi"] == pytest.approx(expected, rel=1e-3)
    assert row["expected_psi"] == pytest.approx(1 / 100_000 + 1 / 280_000)


def test_missing_is_a_bin_of_its_own() -> None:
    (row,) = moved(month(EVEN), counts(30, {**EVEN, None: 200}))
    assert (row["level"], row["missing"], row["missing_before"]) == ("large", 0.5, 0)


def test_a_constant_is_stable_and_another_value_of_it_is_large() -> None:
    same = moved(month({0.0: 200}), counts(30, {0.0: 200}))
    rare = moved(month({0.0: 200}), counts(30, {0.0: 150, 1.0: 50}))
    gone = moved(month({None: 200}), counts(30, {None: 200}))
    assert [rows[0]["level"] for rows in (same, rare, gone)] == ["stable", "large", "stable"]


def test_few_rows_or_few_days_are_too_few_to_say() -> None:
    few_today = moved(month(EVEN), counts(30, {9.0: 99}))
    few_days = moved(
        [row for n in range(17, 30) for row in counts(n, EVEN)], counts(30, {9.0: 200})
    )
    first = moved(counts(30, EVEN))
    for (row,) in (few_today, few_days, first):
        assert (row["level"], row["psi"], row["expected_psi"]) == ("too few", None, None)


def test_an_empty_day_has_rows_that_say_so_and_no_rows_give_none() -> None:
    (row,) = moved(month(EVEN))
    assert (row["rows"], row["level"], row["median"], row["missing"]) == (0, "too few", None, None)
    assert moved() == []


def test_four_weeks_are_compared_and_no_more() -> None:
    old = counts(1, {9.0: 10_000})
    (row,) = moved(old, [row for n in range(2, 30) for row in counts(n, EVEN)], counts(30, EVEN))
    assert row["rows_before"] == 28 * 200


def flags(day_: int, number: int) -> list[Row]:
    return counts(day_, {0.6: number}, name="farm", measure="score")


@pytest.mark.parametrize(
    ("number", "level"), [(0, "moderate"), (5, "stable"), (12, "stable"), (40, "large")]
)
def test_flags_are_many_or_few_beside_what_the_days_before_let_expect(
    number: int, level: str
) -> None:
    before = [row for n in DAYS[:-1] for row in flags(n, 5)]
    today = flags(30, number) if number else []
    found = moved(month(EVEN), before, counts(30, EVEN), today)
    row = one(found, measure="flags")
    assert (row["flagged"], row["expected_flags"], row["rows"]) == (number, 5, 200)
    assert row["level"] == level
    assert one(found, measure="score")["level"] == "too few"


def test_a_detector_whose_flags_come_in_bursts_is_measured_by_them() -> None:
    before = [row for n in DAYS[:-1] for row in flags(n, 60 if n % 7 == 0 else 5)]
    found = moved(month(EVEN), before, counts(30, EVEN), flags(30, 60))
    assert one(found, measure="flags")["level"] == "stable"


def test_a_detector_that_begins_to_speak_has_spoken_far_more_than_expected() -> None:
    found = moved(month(EVEN), counts(30, EVEN), flags(30, 20))
    assert one(found, measure="flags")["level"] == "large"
    first = one(moved(counts(30, EVEN), flags(30, 20)), measure="flags")
    assert (first["level"], first["expected_flags"], first["deviations"]) == ("too few", None, None)


def test_what_looks_at_later_days_is_settled_when_they_have_come() -> None:
    given = [*month(EVEN), *month(EVEN, name="ads_near")]
    found = moved(given, first=20, last=29)
    settled = {
        name: [r["event_date"].day for r in found if r["name"] == name and r["is_settled"]]
        for name in ("hour", "ads_near")
    }
    assert settled == {"hour": list(range(20, 30)), "ads_near": [20, 21, 22]}


def test_a_rerun_gives_the_same_rows_whatever_the_window() -> None:
    given = [*month(EVEN), *(row for n in DAYS for row in flags(n, n)), *counts(30, sample(1))]
    whole = moved(given, first=21, last=30)
    assert moved(given[::-1], first=21, last=30) == whole
    assert [row for row in whole if row["event_date"] == day(25)] == moved(given, first=25)


def test_values_are_counted_to_two_digits_missing_and_infinite_ones_together() -> None:
    said = {"event_date": day(3), "campaign_id": "c", "brand_id": "b"}
    gaps = [1234, 1249, 0, None]
    rates = [0.126, 0.134, float("inf"), None]
    clicks = [
        {
            **said,
            "click_id": f"k{n}",
            "gap_seconds": gap,
            "click_rate_near": rate,
            "is_night": n < 3,
        }
        for n, (gap, rate) in enumerate(zip(gaps, rates, strict=True))
    ]
    signals = [
        {"click_id": f"k{n}", "event_date": day(3), "detector": "farm", "probability": 0.734}
        for n in range(3)
    ]
    given = {"features.click_conduct": clicks, "risk.click_signals": signals}
    found = {
        name: {r["value"]: r["subjects"] for r in rows_of(COUNTS, given, 3) if r["name"] == name}
        for name in ("gap_seconds", "click_rate_near", "is_night", "farm")
    }
    assert found == {
        "gap_seconds": {1200: 2, 0: 1, None: 1},
        "click_rate_near": {0.13: 2, None: 2},
        "is_night": {1: 3, 0: 1},
        "farm": {0.73: 3},
    }


def test_no_rows_are_counted_as_none() -> None:
    assert rows_of(COUNTS, {}, 3) == []


def test_each_subject_is_settled_after_the_days_that_its_conduct_looks_at() -> None:
    catalog = load_catalog()
    ahead = {subject: _ahead(catalog[table].header.lookahead) for subject, table in CONDUCT.items()}
    assert ahead == SETTLED_AFTER
    assert catalog["risk.drift_daily"].header.lookahead == max(SETTLED_AFTER.values())
    assert set(catalog[COUNTS].inputs) == {*CONDUCT.values(), *SIGNALS.values()}


def _ahead(declared: Any) -> int:
    return max(days for days in declared.values() if isinstance(days, int))


def test_what_is_said_to_be_known_at_once_are_columns_of_conduct() -> None:
    for subject, names in yaml.safe_load(AT_ONCE.read_text()).items():
        table = load_catalog()[CONDUCT[subject]].table
        assert set(names.split()) <= {column.name for column in table.columns}


def drifted(name: str, level: str, on: int, *, settled: bool = True) -> Row:
    said = {"subject": "ad_click", "measure": "conduct", "name": name, "event_date": day(on)}
    counted = {"rows": 200, "rows_before": 5_000, "days_before": 28}
    moved = {"psi": 0.5, "deviations": None, "level": level, "is_settled": settled}
    return {**said, **counted, **moved}


def test_large_drift_is_a_warning_once_it_is_settled_and_lets_rows_be_published() -> None:
    rows = [
        drifted("hour", "large", 3),
        drifted("position", "moderate", 3),
        drifted("ads_near", "large", 3, settled=False),
    ]
    frame = pl.DataFrame(rows)
    with duckdb.connect() as connection:
        connection.register("frame", frame.to_arrow())
        connection.execute("CREATE TABLE staged AS SELECT * FROM frame")
        report = audit(load_catalog()["risk.drift_daily"], connection, Window(day(3), day(3)))
    assert report.passed, report.failures
    (found,) = report.failures
    assert (found.severity, found.error) == ("warning", "")
    assert found.detail.startswith("1 unexpected")


def test_the_status_lists_what_was_large_on_the_last_day_that_could_be_judged(
    tmp_path: Path,
) -> None:
    meadow = house(tmp_path)
    table = load_catalog()["risk.drift_daily"].table
    by_day = {
        2: [drifted("hour", "large", 2), drifted("position", "large", 2)],
        3: [drifted("hour", "too few", 3), drifted("position", "stable", 3)],
        4: [drifted("hour", "stable", 4, settled=False), drifted("is_night", "large", 4)],
    }
    files = tuple(write(meadow.lake, table, rows, day(on)) for on, rows in by_day.items())
    meadow.lake.ensure(table)
    meadow.lake.publish(Staged(table, files, Window(day(2), day(4)), "r1", {}))
    found = [(row["name"], row["event_date"]) for row in status(meadow).drift]
    assert found == [("is_night", "2026-08-04"), ("hour", "2026-08-02")]
    meadow.platform.dispose()
