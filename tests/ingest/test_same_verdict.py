"""Ingest is SQL and the contract is Pydantic: both must say the same of every line."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pipelines.defs.house import House
from platform_core.contract import EVENTS, Envelope
from platform_core.contract.envelope import CLOCK_SKEW_DAYS, EARLIEST_YEAR
from platform_core.settings import Settings
from tests.events import CLOSED_ON, land
from tests.ingest import mutations
from tests.ingest.reading import rows

PAST: Final = ("placed_at", "clicked_at")
PLANNED: Final = ("starts_at", "ends_at")
EARLIEST: Final = datetime(EARLIEST_YEAR, 1, 1, tzinfo=UTC)
SKEW: Final = timedelta(CLOCK_SKEW_DAYS)
END: Final = datetime.combine(CLOSED_ON, datetime.min.time(), UTC) + timedelta(1) + SKEW


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with tempfile.TemporaryDirectory() as home:
        house = House(Settings(home=Path(home), max_quarantine_rate=1.0, _env_file=None))
        yield house
        house.platform.dispose()


@pytest.mark.parametrize("agent", mutations.AGENTS)
def test_every_field_with_every_strange_value_gets_the_contracts_verdict(
    house: House, agent: str
) -> None:
    assert_same_verdict(house, list(mutations.each_once(agent)))


PORTIONS = st.lists(mutations.lines(), min_size=40, max_size=200)
UNHURRIED: Final[dict[str, Any]] = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "database": None,
}


@settings(max_examples=5, derandomize=True, **UNHURRIED)
@given(landed=PORTIONS)
def test_ingest_accepts_a_line_if_and_only_if_the_contract_does(
    house: House, landed: list[bytes]
) -> None:
    assert_same_verdict(house, landed)


@pytest.mark.soak
@settings(max_examples=100, **UNHURRIED)
@given(landed=PORTIONS)
def test_ingest_and_the_contract_agree_on_lines_nobody_has_tried_yet(
    house: House, landed: list[bytes]
) -> None:
    assert_same_verdict(house, landed)


def assert_same_verdict(house: House, landed: list[bytes]) -> None:
    accepted = ingested(house, landed)
    wrong = [
        (line, "accepted" if number in accepted else "refused")
        for number, line in enumerate(landed, start=1)
        if (number in accepted) != is_right(line)
    ]
    assert wrong == []


def ingested(house: House, landed: list[bytes]) -> set[int]:
    """Numbers of the lines that ingest accepts."""
    segment = land(house.settings.landing, *landed)
    report = house.ingest().all_sources()["shop"]
    assert (report.lines, report.quarantined) == (
        len(landed),
        report.lines - report.accepted - report.duplicates,
    )
    found = rows(house, f"SELECT line FROM bronze.events WHERE segment = {segment.sequence}")
    return {row["line"] for row in found}


def is_right(line: bytes) -> bool:
    """What the contract's own models say, and the four demands that no model can make."""
    if b"\\u0000" in line:
        return False
    try:
        event = Envelope.model_validate_json(line)
        model = EVENTS[event.dataschema]
        data = model.model_validate(event.data)
    except (ValidationError, KeyError):
        return False
    at = datetime.fromisoformat(event.time)
    told = {
        name: datetime.fromisoformat(value)
        for name, value in data.model_dump().items()
        if name in PAST + PLANNED
    }
    return (
        event.source == "shop"
        and event.type == model.type
        and EARLIEST <= at < END
        and all(instant >= EARLIEST for instant in told.values())
        and all(told[name] < at + SKEW for name in PAST if name in told)
    )
