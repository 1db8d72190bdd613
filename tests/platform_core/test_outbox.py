"""Events leave the platform in the transaction of their change, and land exactly once."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from platform_core.contract.events.state import BrandChanged
from platform_core.landing import LandingError, append_segment, segments
from platform_core.outbox import Origin, RelayReport, append, pending, relay

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
TOMORROW = datetime(2026, 1, 6, 8, tzinfo=UTC)


def brand_changed(engine: sa.Engine, brand_id: str) -> None:
    with engine.begin() as connection:
        event = BrandChanged(brand_id=brand_id, name="Meadow 草地")
        append(connection, event, event_id=brand_id, occurred_at=NOW)


def landed(landing: Path) -> list[dict[str, Any]]:
    lines = [line for s in segments(landing, "platform") for line in s.read().splitlines()]
    return [json.loads(line) for line in lines]


def landed_ids(landing: Path) -> list[str]:
    return [event["id"] for event in landed(landing)]


def test_an_event_lands_as_one_line_of_the_contract(engine: sa.Engine, landing: Path) -> None:
    with engine.begin() as connection:
        event = BrandChanged(brand_id="b1", name="Meadow 草地")
        append(connection, event, event_id="e1", occurred_at=NOW, by=Origin("account_1"))
    assert relay(engine, landing, now=NOW) == RelayReport(events=1, segments=1)
    assert landed(landing) == [
        {
            "specversion": "1.0",
            "id": "e1",
            "source": "platform",
            "type": "brand.changed",
            "time": "2026-01-05T08:00:00.000000Z",
            "dataschema": "brand.changed/1",
            "data": {"brand_id": "b1", "name": "Meadow 草地"},
            "actorid": "account_1",
        }
    ]


def test_an_event_is_gone_with_the_change_that_is_rolled_back(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        event = BrandChanged(brand_id="b1", name="Meadow")
        append(connection, event, event_id="e1", occurred_at=NOW)
        connection.rollback()
    assert pending(engine) == 0


def test_an_event_is_pending_until_it_has_landed(engine: sa.Engine, landing: Path) -> None:
    brand_changed(engine, "b1")
    brand_changed(engine, "b2")
    assert pending(engine) == 2
    relay(engine, landing, now=NOW)
    assert pending(engine) == 0


def test_each_relay_closes_the_next_segment_on_its_own_day(
    engine: sa.Engine, landing: Path
) -> None:
    brand_changed(engine, "b1")
    relay(engine, landing, now=NOW)
    brand_changed(engine, "b2")
    relay(engine, landing, now=TOMORROW)
    closed = [(s.sequence, s.closed_on) for s in segments(landing, "platform")]
    assert closed == [(1, date(2026, 1, 5)), (2, date(2026, 1, 6))]
    assert landed_ids(landing) == ["b1", "b2"]


def test_a_relay_with_nothing_to_take_closes_no_segment(engine: sa.Engine, landing: Path) -> None:
    assert relay(engine, landing, now=NOW) == RelayReport(events=0, segments=0)
    assert segments(landing, "platform") == []


def test_more_events_than_a_segment_holds_fill_several(
    engine: sa.Engine, landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform_core.outbox.segments.SEGMENT_EVENTS", 2)
    for brand_id in ("b1", "b2", "b3", "b4", "b5"):
        brand_changed(engine, brand_id)
    assert relay(engine, landing, now=NOW) == RelayReport(events=5, segments=3)
    assert landed_ids(landing) == ["b1", "b2", "b3", "b4", "b5"]


def test_relays_at_the_same_time_land_each_event_once(engine: sa.Engine, landing: Path) -> None:
    for brand_id in ("b1", "b2", "b3"):
        brand_changed(engine, brand_id)
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: relay(engine, landing, now=NOW), range(4)))
    assert sum(report.events for report in reports) == 3
    assert landed_ids(landing) == ["b1", "b2", "b3"]


def test_a_landing_zone_of_another_database_is_refused(engine: sa.Engine, landing: Path) -> None:
    append_segment(landing, "platform", NOW.date(), [b"{}\n"])
    brand_changed(engine, "b1")
    with pytest.raises(LandingError, match="segment 1 was not written by this database"):
        relay(engine, landing, now=NOW)
    assert pending(engine) == 1


def test_an_event_too_long_for_the_contract_is_refused(engine: sa.Engine) -> None:
    event = BrandChanged.model_construct(brand_id="b1", name="x" * 2**20)
    with engine.begin() as connection, pytest.raises(ValueError, match="'e1' is longer than"):
        append(connection, event, event_id="e1", occurred_at=NOW)
