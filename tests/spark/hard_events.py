"""Events on which engines that differ would differ: ties, gaps, repetitions, and no order."""

import json
import random
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from platform_core.contract import EVENTS
from tests.events import clicked, event
from tests.ingest.good_events import GOOD
from tests.warehouse.acts import local, placed
from tests.warehouse.shop_acts import in_shop, ruled

Event = dict[str, Any]

IN_THE_TOWNS_DAYS: Final = {
    "2026-08-29": "2026-02-26",
    "2026-08-30": "2026-02-27",
    "2026-09-30": "2026-03-30",
}
DAY, NEXT_DAY = "2026-02-27", "2026-02-28"
A_DAY: Final = date.fromisoformat(DAY)
SOURCE: Final = "shop"


def hard_events() -> list[Event]:
    """One event of every type; its rival of the same instant; later, one that says the least."""
    events = [event for good in GOOD for event in _of_a_kind(_in_the_towns_days(good))]
    events += [*_sold_out(), *_concentrated(), *_by_machines()]
    random.Random(7).shuffle(events)
    return events


def decisions(clicks: list[str], orders: list[str], users: list[str]) -> Iterator[Event]:
    """Confirmed, dismissed, decided twice in one instant; of the rest nothing is decided."""
    about = {"ad_click": clicks, "order": orders, "user": users}
    days = ["2026-02-26", DAY, NEXT_DAY, "2026-03-01", "2026-03-02"]
    at = local(f"{NEXT_DAY} 12:00:00")
    for kind, subjects in about.items():
        for part, (verdict, sort) in enumerate(
            [("confirmed", "givt"), ("confirmed", "sivt"), ("dismissed", "givt")]
        ):
            own = subjects[part::4]
            decided = ruled(f"{kind}-{part}", at, verdict, kind, *own, days=days, kind=sort)
            yield {**decided, "source": SOURCE}
        again = ruled(f"{kind}-9", at, "dismissed", kind, *subjects[:1], days=days, kind="sivt")
        yield {**again, "source": SOURCE}


def _sold_out() -> list[Event]:
    """The product of the good events runs out between its looks: a loss with a fraction."""
    out = {"move_id": "v2", "sku_id": "s1", "kind": "shipped", "on_hand": 2, "reserved": 2}
    looks = [
        event(
            "product.viewed", f"look-{n}", f"{DAY}T{clock}:00.000000Z", product_id="p1", actorid=who
        )
        for n, (clock, who) in enumerate([("09:00", "cat"), ("11:00", "cat"), ("11:00", "dan")])
    ]
    moved = event("stock.moved", "out", f"{DAY}T10:30:00.000000Z", quantity=-3, **out)
    return [*looks, moved]


def _concentrated() -> list[Event]:
    """Two buyers tie in a shop; a third orders over midnight and at fractions of a second."""
    clocks = {
        "ann": ["10:00:00", "10:30:00.500000", "11:00:00.999999"],
        "bob": ["10:00:00", "10:00:00", "10:10:00"],
        "cat": ["23:20:00", "23:59:59.999999"],
    }
    placed_at = [(who, f"{DAY} {clock}") for who, own in clocks.items() for clock in own]
    placed_at += [("cat", f"{NEXT_DAY} 00:00:00"), ("dan", f"{NEXT_DAY} 00:00:00")]
    return [
        in_shop(placed(f"dense-{n}", local(clock), actor=who), "dense")
        for n, (who, clock) in enumerate(placed_at)
    ]


def _by_machines() -> list[Event]:
    """Clicks of known bots and from hosted machines, short addresses and long."""
    agents = ["curl/8.5.0", "Meadow/8.1 (it's an agent; zh_CN)", "Mozilla/5.0 (Googlebot/2.1; a|b)"]
    addresses = ["198.18.63.9", "198.18.240.9", "2001:DB8:1:2:3:4:5:6"]
    return [
        clicked(
            f"machine-{n}-{m}", local(f"{DAY} 12:00:0{n}"), ip=ip, useragent=agent, actorid="ann"
        )
        for n, agent in enumerate(agents)
        for m, ip in enumerate(addresses)
    ]


def _of_a_kind(good: Event) -> Iterator[Event]:
    first = {"actorid": "ann", "sessionid": "s1", **good, "id": f"{good['type']}-a"}
    yield first
    yield {**first, "id": f"{good['type']}-b", "actorid": "bob", "data": _more(first["data"])}
    yield {**_the_least(good), "id": f"{good['type']}-c"}
    yield first  # sent again


def _more(data: Any) -> Any:
    """Other numbers, the same names."""
    if isinstance(data, dict):
        return {name: _more(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_more(value) for value in data]
    return data + 2 if isinstance(data, int) and not isinstance(data, bool) and data > 5 else data


def _the_least(good: Event) -> Event:
    """The event a day later, without all that it need not say."""
    needed = {
        n for n, field in EVENTS[good["dataschema"]].model_fields.items() if field.is_required()
    }
    data = {name: value for name, value in good["data"].items() if name in needed}
    envelope = {
        n: v for n, v in good.items() if n in ("specversion", "source", "type", "dataschema")
    }
    return {**envelope, "time": good["time"].replace(DAY, NEXT_DAY), "data": data}


def _in_the_towns_days(good: Event) -> Event:
    text = json.dumps(good)
    for day, own in IN_THE_TOWNS_DAYS.items():
        text = text.replace(day, own)
    moved: Event = json.loads(text)
    return moved
