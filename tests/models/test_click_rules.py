"""Clicks in, the rules that flag them out: bots, data centres, clicks without a card, repeats."""

import re
from typing import Any

import crawleruseragents  # type: ignore[import-untyped]
import pytest

from models.rules import load_rules
from models.rules.lists import blocks, crawler_patterns, parameters_of
from platform_core.simulation.words.vocabulary import vocabulary
from tests.events import clicked, event
from tests.warehouse.acts import Event, local
from tests.warehouse.conftest import Compute, Query

PHONE = "Meadow/8.1 (vivo X100; Android 15; zh_CN)"
SHOWN = {"position": 1, "placement": "feed", "unit_id": "u1", "brand_id": "b1"}


def card(campaign: str) -> dict[str, Any]:
    """What a click says of the campaign's card in the answer to request r1."""
    return {"request_id": "r1", "creative_id": f"{campaign}-k1"}


def click(id_: str, clock: str, *, day: int = 3, campaign: str = "", **rest: Any) -> Event:
    """A click of August 2026 on the campaign of its own name, by nobody's repeat."""
    own = {"device_model": id_, "actorid": "ann", "useragent": PHONE}
    at = local(f"2026-08-0{day} {clock}")
    return clicked(id_, at, campaign=campaign or id_, **{**own, **rest})


def shown(campaign: str, clock: str, *, day: int = 3, actor: str = "ann", **rest: Any) -> Event:
    """The card of a campaign was rendered."""
    at = local(f"2026-08-0{day} {clock}")
    data = {**SHOWN, **card(campaign), "campaign_id": campaign, **rest}
    return event("ad.impressed", f"{campaign}-{day}-{clock}-{actor}", at, actorid=actor, **data)


@pytest.fixture(scope="module")
def clicks(compute: Compute) -> Query:
    return compute(
        click("phone", "10:00:00"),
        click("crawler", "10:00:00", useragent="Mozilla/5.0 (compatible; Googlebot/2.1)"),
        click("no-agent", "10:00:00", useragent="-"),
        click("hosted", "10:00:00", ip="198.18.63.255"),
        click("next-door", "10:00:00", ip="198.18.200.1"),
        click("hosted-bot", "10:00:00", ip="198.19.0.1", useragent="curl/8.5.0"),
        shown("card", "10:00:00"),
        click("card", "10:00:05", **card("card")),
        shown("yesterday", "23:59:59", day=2),
        click("yesterday", "00:00:10", **card("yesterday")),
        shown("clock-ahead", "00:04:00", day=4),
        click("clock-ahead", "23:59:00", **card("clock-ahead")),
        shown("later", "10:05:01"),
        click("later", "10:00:00", **card("later")),
        shown("old", "10:00:00", day=2),
        click("old", "10:00:01", **card("old")),
        shown("somebody", "10:00:00", actor="bob"),
        click("somebody", "10:00:05", **card("somebody")),
        shown("other-request", "10:00:00", request_id="r2"),
        click("other-request", "10:00:05", **card("other-request")),
        shown("unsaid", "10:00:00", actor="bob"),
        click("unsaid", "10:00:05"),
        click("untold", "10:00:05", **card("untold")),
        click("twice-1", "10:00:00", campaign="twice", device_model="m"),
        click("twice-2", "10:10:00", campaign="twice", device_model="m"),
    )


def rules(clicks: Query, click_id: str) -> list[str]:
    found = clicks(
        "SELECT detector FROM risk.click_rules WHERE click_id = $id ORDER BY 1",
        id=f"shop:{click_id}",
    )
    return [detector for (detector,) in found]


def test_an_agent_on_the_list_is_a_bot_and_a_phone_is_none(clicks: Query) -> None:
    assert rules(clicks, "crawler") == ["known_bots"]
    assert rules(clicks, "phone") == []
    assert rules(clicks, "no-agent") == []


def test_a_hosted_network_ends_where_the_list_says(clicks: Query) -> None:
    assert rules(clicks, "hosted") == ["datacentre"]
    assert rules(clicks, "next-door") == []


def test_several_rules_may_flag_one_click(clicks: Query) -> None:
    assert rules(clicks, "hosted-bot") == ["datacentre", "known_bots"]


@pytest.mark.parametrize("click_id", ["card", "yesterday", "clock-ahead"])
def test_a_card_shortly_before_or_by_another_clock_is_a_card(clicks: Query, click_id: str) -> None:
    assert rules(clicks, click_id) == []


@pytest.mark.parametrize("click_id", ["later", "old", "somebody", "other-request"])
def test_a_card_later_too_old_of_somebody_else_or_another_request_is_none(
    clicks: Query, click_id: str
) -> None:
    assert rules(clicks, click_id) == ["click_without_card"]


@pytest.mark.parametrize("click_id", ["unsaid", "untold"])
def test_who_tells_no_request_or_no_renderings_is_not_judged(clicks: Query, click_id: str) -> None:
    assert rules(clicks, click_id) == []


def test_a_repeat_says_after_how_many_seconds(clicks: Query) -> None:
    found = clicks(
        "SELECT detector, detector_version, kind, probability, reason_codes "
        "FROM risk.click_rules WHERE click_id = 'shop:twice-2'"
    )
    said = ["seconds_since_previous=600@0"]
    assert found == [("impossible_repeat", 1, "givt", 0.5, said)]


def test_a_case_is_an_operator_on_a_campaign(clicks: Query) -> None:
    found = clicks("SELECT case_key FROM risk.click_rules WHERE click_id = 'shop:hosted'")
    assert found == [("datacentre:hosted:云栈机房",)]


def test_every_agent_that_the_list_gives_as_an_example_is_found() -> None:
    parts = [re.compile(part) for part in crawler_patterns()]
    known = crawleruseragents.CRAWLER_USER_AGENTS_DATA
    agents = [agent for entry in known for agent in entry.get("instances", [])]
    assert len(agents) > 1000
    assert [agent for agent in agents if not any(part.search(agent) for part in parts)] == []


def test_a_range_becomes_blocks_between_two_thirds_and_a_narrower_one_says_nothing() -> None:
    assert list(blocks({"o": ["10.0.254.0/23", "10.0.255.0/25"]})) == ["o,10.0,254,255"]
    assert list(blocks({"o": ["10.0.0.0/15"]})) == [
        "o,10.0,000,255",
        "o,10.1,000,255",
    ]
    assert list(blocks({"o": ["2001:db8:8000::/33"]})) == ["o,2001:0db8,8000,ffff"]


def test_the_towns_operators_are_on_the_list() -> None:
    town = vocabulary("networks")["datacentres"]
    wanted = blocks({name: [network] for name, network in town.items()})
    assert set(wanted) <= set(parameters_of("datacentre_ranges")["blocks"].split("|"))


def test_every_rule_reads_well_and_names_a_table() -> None:
    for name, rule in load_rules().items():
        assert rule.name == name
        assert re.fullmatch(r"(silver|features|risk)\.\w+", rule.reads)
        assert all([rule.title.zh, rule.title.en, rule.description.zh, rule.description.en])
