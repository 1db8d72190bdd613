"""Towns of a benchmark: copies of one that have nothing in common but words, topics and days."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import towns
from pipelines.defs.house import House
from tests import events
from tests.ingest.reading import rows

USER, DEVICE, BRAND = f"user_{'a1' * 10}", f"device_{'b2' * 10}", f"brand_{'c3' * 10}"
REQUEST, PRODUCT = f"request_{'d4' * 10}", f"product_{'e5' * 10}"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """The home of a town of three events."""
    home = tmp_path / "town"
    person = {"actorid": USER, "deviceid": DEVICE, "ip": "10.1.2.3"}
    told = [
        events.event(
            "brand.changed", _id(1), _at(1), source="app", brand_id=BRAND, name="青屿记", **person
        ),
        events.event(
            "search.queried",
            _id(2),
            _at(2),
            source="app",
            request_id=REQUEST,
            query="青屿记面霜",
            results=3,
            **person,
        ),
        events.event(
            "product.viewed",
            _id(3),
            _at(3),
            source="app",
            product_id=PRODUCT,
            brand_id=BRAND,
            price_minor=100,
            currency="CNY",
            **{**person, "ip": "172.16.0.9"},
        ),
    ]
    compact = [json.dumps(e, ensure_ascii=False, separators=(",", ":")).encode() for e in told]
    events.land(home / "landing", *compact, source="app")
    return home


def _id(number: int) -> str:
    return f"event_{number:020x}"


def _at(second: int) -> str:
    return f"2026-08-03T04:00:{second:02}.000000Z"


def landed(landing: Path) -> list[dict[str, Any]]:
    paths = sorted(landing.rglob("*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_text().splitlines()]


def test_copies_share_no_id_and_no_address(town: Path, tmp_path: Path) -> None:
    assert towns.land(town, tmp_path / "landing", 9) == 9
    found = landed(tmp_path / "landing")
    assert len({e["id"] for e in found}) == 9
    assert len({e["actorid"] for e in found}) == len({e["deviceid"] for e in found}) == 3
    assert len({e["ip"] for e in found}) == 6


def test_a_copy_agrees_with_itself(town: Path, tmp_path: Path) -> None:
    towns.land(town, tmp_path / "landing", 9)
    by_person: dict[str, list[dict[str, Any]]] = {}
    for event in landed(tmp_path / "landing"):
        by_person.setdefault(event["actorid"], []).append(event)
    names = set()
    for brand, search, view in by_person.values():
        assert view["data"]["brand_id"] == brand["data"]["brand_id"]
        assert search["data"]["query"] == brand["data"]["name"] + "面霜"
        names.add(brand["data"]["name"])
    assert len(names) == 3


def test_everything_is_accepted_whatever_the_segments(
    town: Path, meadow: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(towns, "SEGMENT_EVENTS", 8)
    assert towns.land(town, meadow.settings.landing, 12) == 12
    report = meadow.ingest().all_sources()["app"]
    assert (report.segments, report.accepted, report.duplicates, report.quarantined) == (
        2,
        12,
        0,
        0,
    )
    people = "SELECT count(DISTINCT actor_id) AS n FROM bronze.events"
    assert rows(meadow, people) == [{"n": 4}]
