"""What a town leaves in the landing zone: lines of the contract, in the order of time."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from platform_core.contract import EVENTS, Envelope
from platform_core.landing import Segment, segments
from platform_core.simulation.report import figures

Line = dict[str, Any]


@pytest.fixture(scope="module")
def lines(lived_home: Path) -> list[Line]:
    return [line for source in ("app", "platform") for line in _lines(lived_home, source)]


def _lines(home: Path, source: str) -> Iterator[Line]:
    for segment in segments(home / "landing", source):
        yield from read(segment)


def read(segment: Segment) -> list[Line]:
    return [json.loads(line) for line in segment.read().splitlines()]


def of_type(lines: list[Line], *types: str) -> list[Line]:
    return [line for line in lines if line["type"] in types]


def test_every_line_is_an_event_of_the_contract(lines: list[Line]) -> None:
    for line in lines:
        Envelope.model_validate(line)
        EVENTS[line["dataschema"]].model_validate(line["data"])


def test_ids_are_never_used_twice(lines: list[Line]) -> None:
    assert len({(line["source"], line["id"]) for line in lines}) == len(lines)


def test_the_app_tells_in_the_order_of_time(lived_home: Path) -> None:
    for segment in segments(lived_home / "landing", "app"):
        times = [line["time"] for line in read(segment)]
        assert times == sorted(times)
        days = {datetime.fromisoformat(time).astimezone(UTC).date() for time in times}
        assert days == {segment.closed_on}


def test_people_act_under_their_account_device_and_session(lines: list[Line]) -> None:
    told = [line for line in lines if line["source"] == "app"]
    for name in ("actorid", "deviceid", "sessionid", "ip", "useragent"):
        assert all(name in line for line in told)


def test_a_session_is_one_persons_on_one_device(lines: list[Line]) -> None:
    whose: dict[str, set[tuple[str, str]]] = {}
    for line in lines:
        if "sessionid" in line:
            whose.setdefault(line["sessionid"], set()).add((line["actorid"], line["deviceid"]))
    assert all(len(people) == 1 for people in whose.values())


def test_whatever_is_seen_was_served_and_whatever_is_read_was_seen(lines: list[Line]) -> None:
    served = {
        (line["data"]["request_id"], card["item_id"])
        for line in of_type(lines, "cards.served")
        for card in line["data"]["cards"]
    }
    seen = {
        (line["data"]["request_id"], line["data"]["note_id"])
        for line in of_type(lines, "note.impressed")
    }
    assert seen
    assert seen <= served
    clicked = {line["data"]["request_id"] for line in of_type(lines, "ad.clicked")}
    for line in of_type(lines, "note.read"):
        request = line["data"]["request_id"]
        assert (request, line["data"]["note_id"]) in seen or request in clicked


def test_ads_are_clicked_where_they_were_seen(lines: list[Line]) -> None:
    keys = ("request_id", "creative_id")
    seen = {tuple(line["data"][key] for key in keys) for line in of_type(lines, "ad.impressed")}
    clicked = {tuple(line["data"][key] for key in keys) for line in of_type(lines, "ad.clicked")}
    assert clicked
    assert clicked <= seen


def test_all_of_life_happens(lines: list[Line]) -> None:
    """Nearly every kind of event; a small town need not see the rare ones."""
    known = {name.partition("/")[0] for name in EVENTS}
    happened = {line["type"] for line in lines}
    rare = {
        *("install", "note.unhidden", "note.uncommented", "creator.unfollowed", "note.uncollected"),
        *("device.unlinked", "order.refunded", "return.requested", "return.received"),
        *("coupon.returned", "review.removed", "payment.refused", "ad.credited", "note.reported"),
        *("moderation.appealed", "moderation.overturned", "moderation.decided", "note.hidden"),
        *("moderation.case_opened", "cart.removed", "note.unliked", "ad.converted"),
        *("order.cancelled", "coupon.redeemed", "note.shared"),
    }
    assert known - happened <= rare


def test_books_stay_balanced(lines: list[Line]) -> None:
    balance: Counter[str] = Counter()
    for line in of_type(lines, "ledger.posted"):
        for entry in line["data"]["entries"]:
            balance[entry["side"]] += entry["amount_minor"]
    assert balance["debit"] == balance["credit"] > 0


def test_the_report_sets_the_town_beside_published_ranges(lived_home: Path) -> None:
    found = {figure.name: figure for figure in figures(lived_home)}
    assert len(found) > 10
    assert all(figure.low < figure.high and figure.source for figure in found.values())
    assert found["feed_ctr"].value is not None
    assert 0.01 < found["feed_ctr"].value < 0.3
    assert found["feed_ctr"].gross != found["feed_ctr"].value


def test_a_report_on_nothing_has_no_values(tmp_path: Path, lived_home: Path) -> None:
    shutil.copytree(lived_home / "truth", tmp_path / "truth")
    assert {figure.value for figure in figures(tmp_path)} == {None}
