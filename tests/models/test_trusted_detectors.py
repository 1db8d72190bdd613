"""On which days a detector's verdicts stand without a person: after it was judged well enough."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from models.catalog import load_catalog
from pipelines.defs.house import House
from tests.events import clicked, event
from tests.features.literal_conduct import day, rows_of
from tests.warehouse.acts import Event, decided, local
from tests.warehouse.nightly import contents, deliver, house, narrowed, night, read

TABLE: Final = "risk.trusted_detectors"


def measured(on: int, lower: float, cases: int = 100, **rest: Any) -> dict[str, Any]:
    """What is known of detector d by the end of a day of August."""
    said = {"detector": "d", "detector_version": 1, "precision_lower": lower, "precision": 1.0}
    return {**said, "event_date": day(on), "confirmed": cases, "dismissed": 0, **rest}


def trusted(*known: dict[str, Any], first: int, last: int) -> list[tuple[str, int]]:
    found = rows_of(TABLE, {"risk.detector_precision": known}, first, last)
    return sorted((row["detector"], row["event_date"].day) for row in found)


def test_trust_begins_the_day_after_and_lasts_though_nothing_more_is_decided() -> None:
    assert trusted(measured(3, 0.99), first=2, last=6) == [("d", 4), ("d", 5), ("d", 6)]
    assert trusted(measured(3, 0.99), first=30, last=30) == [("d", 30)]


def test_trust_ends_after_the_day_on_which_the_detector_is_judged_worse() -> None:
    found = trusted(measured(3, 0.99), measured(5, 0.97), measured(7, 0.98), first=3, last=9)
    assert found == [("d", 4), ("d", 5), ("d", 8), ("d", 9)]


def test_precision_over_few_cases_is_not_known() -> None:
    assert trusted(measured(3, 0.99, confirmed=98, dismissed=1), first=4, last=4) == []
    assert trusted(measured(3, 0.99, confirmed=98, dismissed=2), first=4, last=4) == [("d", 4)]


def test_another_version_or_detector_earns_its_own_trust() -> None:
    known = [
        measured(3, 0.99),
        measured(3, 0.5, detector_version=2),
        measured(4, 0.99, detector="e"),
    ]
    (row,) = rows_of(TABLE, {"risk.detector_precision": known}, 4)
    assert (row["detector_version"], row["measured_on"], row["cases"]) == (1, day(3), 100)
    assert trusted(*known, first=4, last=5) == [("d", 4), ("d", 5), ("e", 5)]


def test_nothing_is_trusted_before_anything_is_decided() -> None:
    assert trusted(first=1, last=9) == []


WHEN_ONE_CASE_IS_ENOUGH: Final = (("precision_budget", 0.2), ("precision_least_cases", 1))
"""Wilson's lower end is 0.21 for one case of one, 0.09 for one of two."""


def known(folder: Path) -> House:
    """A house that shares its platform, and so its pseudonyms, with those beside it."""
    meadow = house(folder, f"sqlite:///{folder.parent / 'platform.db'}")
    catalog = load_catalog(WHEN_ONE_CASE_IS_ENOUGH)
    vars(meadow)["catalog"] = narrowed(catalog, ["risk.click_verdicts"])
    return meadow


def repeat(on: int) -> list[Event]:
    """Two clicks of one minute, the second of which is flagged."""
    clocks = ("12:00:00", "12:01:00")
    return [clicked(f"k{on}-{n}", local(f"2026-08-0{on} {c}")) for n, c in enumerate(clocks)]


def judged(case: str, on: int, verdict: str) -> list[Event]:
    """A case of the rule, opened and decided; its only subject is the repeat of the first day."""
    opened = event(
        "moderation.case_opened",
        f"{case}-opened",
        local(f"2026-08-0{on} 13:00:00"),
        source="platform",
        case_id=case,
        detector="impossible_repeat",
        detector_version=1,
        subject_type="ad_click",
        subject_count=1,
    )
    at = local(f"2026-08-0{on} 14:00:00")
    return [opened, decided(case, at, verdict, repeat(1)[1], days=["2026-08-01"], case=case)]


@pytest.fixture(scope="module")
def nights() -> list[list[Event]]:
    return [
        [*repeat(1), *repeat(2), *repeat(3), *judged("first", 2, "confirmed")],
        [*repeat(4), *repeat(5), *judged("second", 4, "dismissed")],
        [*repeat(7)],
        [*judged("third", 3, "confirmed"), *repeat(8)],
    ]


@pytest.fixture
def meadow(tmp_path: Path) -> Iterator[House]:
    meadow = known(tmp_path / "nightly")
    yield meadow
    meadow.platform.dispose()


@pytest.mark.usefixtures("without_audits")
def test_night_after_night_trust_and_verdicts_are_those_of_a_rebuild(
    meadow: House, nights: list[list[Event]], tmp_path: Path
) -> None:
    for number, events in enumerate(nights):
        deliver(meadow, *events)
        night(meadow, f"r{number}")
        whole = known(tmp_path / f"whole{number}")
        deliver(whole, *(event for events in nights[: number + 1] for event in events))
        night(whole)
        assert contents(meadow) == contents(whole), number
        whole.platform.dispose()
    states = read(meadow, "SELECT click_id, state FROM risk.click_verdicts ORDER BY click_id")
    assert states == [
        ("shop:k1-1", "dismissed"),
        ("shop:k2-1", "pending"),
        ("shop:k3-1", "effective"),
        ("shop:k4-1", "effective"),
        ("shop:k5-1", "effective"),
        ("shop:k7-1", "effective"),
        ("shop:k8-1", "effective"),
    ]
