"""Another shop's export is one file: a module that declares its columns and its events."""

import pytest

from pipelines import sources
from pipelines.sources.mapping import Event, Source
from pipelines.sources.registry import UnknownSource, find_source, known_sources
from platform_core.contract.events.commerce import CartAdded

CORNER_SHOP = """
from pipelines.sources.mapping import Event, Source, identifier, instant
from platform_core.contract.events.commerce import CartAdded

SOURCE = Source(
    name="corner_shop",
    columns=("at", "Article No"),
    fields={"occurred_at": instant("at", "%d.%m.%Y %H:%M")},
    checks=(identifier("Article No"),),
    events=(Event(CartAdded, suffix="carted", data={"product_id": '"Article No"'}),),
)
"""


def test_the_sources_of_this_project_are_found():
    assert set(known_sources()) == {"rees46", "talkingdata"}


def test_a_module_beside_the_others_is_a_source(land, tmp_path, monkeypatch):
    (tmp_path / "corner_shop.py").write_text(CORNER_SHOP)
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(tmp_path)])
    landed = land("corner_shop", "Article No,at\nsalt,31.12.2025 23:59\n")
    assert [(e["source"], e["time"], e["data"]) for e in landed.of("cart.added")] == [
        ("corner_shop", "2025-12-31T23:59:00.000000Z", {"product_id": "salt"})
    ]


def test_an_unknown_source_is_refused_with_those_there_are():
    message = r"unknown source 'ress46' \(did you mean 'rees46'\?\); known: rees46, talkingdata"
    with pytest.raises(UnknownSource, match=message):
        find_source("ress46")


def test_a_mapping_that_is_not_of_the_contract_is_refused_when_it_is_declared():
    with pytest.raises(ValueError, match=r"cart\.added/1 has no field 'colour'"):
        Event(CartAdded, suffix="carted", data={"product_id": "article", "colour": "'red'"})
    with pytest.raises(ValueError, match=r"cart\.added/1 needs the field 'product_id'"):
        Event(CartAdded, suffix="carted", data={})


def test_two_events_of_a_row_cannot_share_an_id():
    event = Event(CartAdded, suffix="carted", data={"product_id": "article"})
    with pytest.raises(ValueError, match="two events share a suffix"):
        Source(name="corner_shop", columns=("article",), events=(event, event))
