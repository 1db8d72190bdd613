"""Events as platforms commonly write them are taken by the fast query, without a second look."""

import copy
import json
from typing import Any, Final

import duckdb
import pyarrow as pa
import pytest

from pipelines.warehouse.ingest.lines import numbered
from pipelines.warehouse.ingest.statement import LINES, Statements, found_kinds
from platform_core.contract import EVENTS
from tests.events import CLOSED_ON, event, viewed
from tests.ingest.good_events import GOOD, TIME


def as_declared(good: dict[str, Any]) -> dict[str, Any]:
    data = EVENTS[good["dataschema"]].model_validate(good["data"])
    return {**good, "data": data.model_dump(exclude_none=True)}


def in_another_order(good: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(json.dumps(good, sort_keys=True)))


def with_nulls(good: dict[str, Any]) -> dict[str, Any]:
    """Optional fields that are not there are null."""
    fields = EVENTS[good["dataschema"]].model_fields
    optional = {n: None for n, f in fields.items() if not f.is_required() and f.default is None}
    envelope = dict.fromkeys(("actorid", "deviceid", "sessionid", "ip", "useragent"))
    return {**envelope, **good, "data": {**optional, **good["data"]}}


def with_a_stranger(good: dict[str, Any]) -> dict[str, Any]:
    """A later contract's fields beside ours, within lists too."""
    whole = copy.deepcopy(good)
    whole["data"]["invented_later"] = [{"a": 1}]
    for value in whole["data"].values():
        for item in value if isinstance(value, list) else ():
            if isinstance(item, dict):
                item["invented_later"] = True
    return whole


def from_elsewhere(good: dict[str, Any]) -> dict[str, Any]:
    """Whole seconds, and an address of the newer kind."""
    told = json.loads(json.dumps(good).replace(TIME, "2026-08-30T10:00:00Z"))
    return {**told, "ip": "2001:db8:1:2::3"}


WAYS: Final = (as_declared, in_another_order, with_nulls, with_a_stranger, from_elsewhere)


@pytest.mark.parametrize("written", WAYS)
def test_a_good_event_of_every_type_needs_one_look(written: Any) -> None:
    lines = [json.dumps(written(good), ensure_ascii=False).encode() for good in GOOD]
    assert taken(lines) == EVENTS.keys()


def test_a_query_knows_the_kinds_that_it_will_meet_the_frequent_ones_first() -> None:
    page, cart = viewed("v1", TIME), event("cart.added", "c1", TIME)
    events = (cart, page, page, *[{**page, "dataschema": strange} for strange in (5, "x/1", "x/1")])
    lines = [json.dumps(event).encode() for event in events]
    with holding([*lines, b"broken", b"\xff"]) as connection:
        kinds = connection.sql(found_kinds(every=1)).fetchall()
    assert kinds == [("product.viewed/1",), ("cart.added/1",)]


def taken(lines: list[bytes]) -> set[str]:
    """Kinds of the events that the fast query takes."""
    query = Statements("shop", tuple(EVENTS)).accept()
    with holding(lines) as connection:
        found = connection.sql(f"SELECT type FROM ({query})").fetchall()
    return {f"{kind}/1" for (kind,) in found}


def holding(lines: list[bytes]) -> duckdb.DuckDBPyConnection:
    raw = pa.table({"line": range(1, len(lines) + 1), "raw": pa.array(lines, pa.large_binary())})
    connection = duckdb.connect()
    connection.register(LINES, numbered(raw, 1, CLOSED_ON))
    return connection
