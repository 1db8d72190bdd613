"""The lake knows persons, devices and addresses by pseudonyms only."""

import json
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipelines.defs.house import House
from platform_core.settings import Settings
from tests.events import clicked, event, land, viewed
from tests.ingest.good_events import DECIDED, good_one
from tests.ingest.mutations import AGENTS
from tests.ingest.reading import rows

TIME = "2026-08-30T10:00:00Z"
PERSONAL = ("rita-the-reviewer", "iphone-4711", "203.0.113.77", "2001:db8:aaaa:bbbb::1")
BLOCKS = {
    "203.0.113.77": "203.0.113",
    "2001:db8:aaaa:bbbb::1": "2001:db8:aaaa",
    "2001:DB8:0:1:2:3:4:5": "2001:DB8:0",
    "2001:db8::1": None,
    "::1": None,
    "::ffff:203.0.113.77": None,
    "203.0.113": None,
    "203.0.113.77.1": None,
    "203.0.113.77:8080": None,
    "host.example.com": None,
    "87540": None,
}
SAME = ("ship_to", "instrument", "user_id", "linked_device")
EVENTS = "SELECT * FROM bronze.events ORDER BY source, segment, line"


def ingested(house: House, *events: dict[str, Any], source: str = "shop") -> list[dict[str, Any]]:
    land(house.settings.landing, *events, source=source)
    house.ingest().all_sources()
    return rows(house, EVENTS)


def decided(actor: str | None, reviewer: str) -> dict[str, Any]:
    data = {**DECIDED, "reviewer_id": reviewer}
    return event("moderation.decided", f"d-{actor}", TIME, actorid=actor, source="app", **data)


def test_a_person_has_one_pseudonym_across_sources_and_fields(meadow: House) -> None:
    person = PERSONAL[0]
    ingested(meadow, viewed("v1", TIME, actor=person))
    escaped = viewed("v2", TIME, actor=person, source="app")
    ingested(meadow, escaped, decided(person, person), source="app")
    read = "SELECT actor_id, data->>'$.reviewer_id' AS reviewer_id FROM bronze.events"
    names = {name for row in rows(meadow, read) for name in row.values() if name}
    assert len(names) == 1
    assert re.fullmatch("[0-9a-f]{32}", names.pop())


def test_a_person_is_the_same_however_the_name_is_escaped(meadow: House) -> None:
    plain = viewed("v1", TIME, actor="zoë/1")
    land(meadow.settings.landing, plain, b"%s" % _escaped(viewed("v2", TIME, actor="zoë/1")))
    meadow.ingest().all_sources()
    assert len({row["actor_id"] for row in rows(meadow, EVENTS)}) == 1


def test_a_person_a_device_and_an_address_of_one_name_are_three(meadow: House) -> None:
    [row] = ingested(meadow, viewed("v1", TIME, actor="same", deviceid="same", ip="same"))
    assert len({row["actor_id"], row["device_id"], row["address"]}) == 3


def test_personal_fields_of_an_event_are_pseudonyms_too(meadow: House) -> None:
    given = [
        good_one("order.placed", ship_to="same"),
        good_one("order.paid", instrument="same") | {"id": "paid"},
        good_one("device.linked", user_id="same", linked_device="same") | {"id": "linked"},
    ]
    kept = [json.loads(row["data"]) for row in ingested(meadow, *given)]
    names = [data.pop(n) for data in kept for n in SAME if n in data]
    assert len(set(names)) == len(SAME)
    assert all(re.fullmatch("[0-9a-f]{32}", name) for name in names)
    assert kept == [{n: v for n, v in g["data"].items() if n not in SAME} for g in given]


@pytest.mark.parametrize("absent", [{}, {"ship_to": None}])
def test_a_personal_field_that_is_not_there_stays_away(
    meadow: House, absent: dict[str, Any]
) -> None:
    placed = good_one("order.placed")
    data = {n: v for n, v in placed["data"].items() if n != "ship_to"}
    [row] = ingested(meadow, {**placed, "data": {**data, **absent}})
    assert json.loads(row["data"]) == data


def test_a_personal_field_that_stands_twice_is_nowhere_in_the_lake(meadow: House) -> None:
    once = json.dumps(good_one("creator.followed", creator_id="ann"))
    twice = once.replace('"creator_id": "ann"', '"creator_id": "ann", "creator_id": "bob"')
    land(meadow.settings.landing, twice.encode())
    meadow.ingest().all_sources()
    [row] = rows(meadow, EVENTS)
    assert re.fullmatch('{"creator_id":"[0-9a-f]{32}"}', row["data"])


def test_who_is_not_named_has_no_pseudonym(meadow: House) -> None:
    absent, null = viewed("v1", TIME), viewed("v2", TIME, ip=None, deviceid=None)
    del absent["actorid"]
    null["actorid"] = None
    for row in ingested(meadow, absent, null):
        assert (row["actor_id"], row["device_id"], row["address"]) == (None, None, None)


def test_another_meadow_gives_other_pseudonyms(meadow: House, tmp_path: Path) -> None:
    other = House(Settings(home=tmp_path / "other", _env_file=None))
    [ours] = ingested(meadow, viewed("v1", TIME))
    [theirs] = ingested(other, viewed("v1", TIME))
    assert ours["actor_id"] != theirs["actor_id"]
    other.platform.dispose()


def test_nothing_personal_stands_in_the_lake(meadow: House) -> None:
    person, device, four, six = PERSONAL
    ingested(
        meadow,
        viewed("v1", TIME, actor=person, deviceid=device, ip=four),
        clicked("a1", TIME, ip=six),
        decided(None, person) | {"source": "shop", "actorid": person},
    )
    files = [path for path in meadow.settings.lake.rglob("*") if path.is_file()]
    tables = [pq.read_table(path) for path in files if path.suffix == ".parquet"]
    text = "".join(str(table.to_pylist()) for table in tables)
    assert text.count("product_id") == 1
    for name in PERSONAL:
        assert name not in text
        assert not [path for path in files if name.encode() in path.read_bytes()]


@pytest.mark.parametrize("agent", AGENTS)
def test_an_addresss_block_is_kept_beside_its_pseudonym(meadow: House, agent: str) -> None:
    clicks = [clicked(address, TIME, ip=address, useragent=agent) for address in BLOCKS]
    found = ingested(meadow, *clicks)
    assert {row["event_id"]: row["address_block"] for row in found} == BLOCKS


def _escaped(whole: dict[str, Any]) -> bytes:
    return json.dumps(whole, ensure_ascii=True).replace("/", "\\/").encode()
