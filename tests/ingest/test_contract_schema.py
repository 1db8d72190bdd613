"""The contract as JSON Schema: what a platform in another language checks its events with."""

import re
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from pipelines.warehouse.ingest.columns import namespaces
from platform_core.contract import EVENTS, json_schema
from platform_core.contract.events.moderation import Decided
from tests.events import viewed
from tests.ingest.good_events import GOOD

VALIDATOR: Final = Draft202012Validator(json_schema())


def test_the_contract_is_itself_valid_json_schema() -> None:
    Draft202012Validator.check_schema(json_schema())
    assert json_schema()["title"] == "Meadow event contract 1.0"


@pytest.mark.parametrize("event", GOOD, ids=lambda event: event["dataschema"])
def test_a_good_event_of_every_type_is_valid(event: dict[str, Any]) -> None:
    assert list(VALIDATOR.iter_errors(event)) == []


def test_there_is_a_good_event_of_every_type() -> None:
    assert {event["dataschema"] for event in GOOD} == EVENTS.keys()


@pytest.mark.parametrize(
    "changes",
    [
        {"id": 5},
        {"id": ""},
        {"specversion": "0.3"},
        {"time": "2026-08-30T24:00:00Z"},
        {"time": "2026-08-30T10:00:00+08:00"},
        {"type": "product.veiwed", "dataschema": "product.veiwed/1"},
        {"dataschema": "cart.added/1"},
        {"data": {}},
        {"data": {"product_id": "p1", "price_minor": -1}},
        {"data": {"product_id": "p1", "price_minor": 2**53}},
        {"data": {"product_id": "p1", "currency": "cny"}},
    ],
    ids=str,
)
def test_a_wrong_event_is_not_valid(changes: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(viewed("e", "2026-08-30T10:00:00Z") | changes)


def test_fields_that_hold_persons_and_money_say_so() -> None:
    properties = json_schema()["properties"]
    personal = {name: _marks(declared) for name, declared in properties.items()}
    assert {name: mark for name, mark in personal.items() if mark} == {
        "actorid": "person",
        "deviceid": "device",
        "ip": "address",
    }
    assert Decided.model_json_schema()["properties"]["reviewer_id"]["x-personal"] == "person"
    view = json_schema()["$defs"]["product.viewed/1"]["properties"]["price_minor"]
    assert view["anyOf"][0]["x-money"] is True


def test_personal_fields_stand_where_ingest_looks_for_them() -> None:
    """Directly in an event's data: none within a list or an object."""
    for name, schema in json_schema()["$defs"].items():
        if name not in EVENTS:
            assert "x-personal" not in str(schema), name
        for field, declared in schema["properties"].items():
            assert "x-personal" not in str(declared.get("items", "")), (name, field)


def test_every_kind_of_personal_identifier_has_a_key() -> None:
    marks = re.findall(r"'x-personal': '(\w+)'", str(json_schema()))
    assert set(marks) == set(namespaces()) > {"person", "device", "address", "instrument"}


def _marks(declared: dict[str, Any]) -> str | None:
    places = [declared, *declared.get("anyOf", ())]
    return next((p["x-personal"] for p in places if "x-personal" in p), None)
