"""Literal events of the contract, one JSON line each."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from platform_core.landing import Segment, append_segment

CLOSED_ON = date(2026, 8, 31)


def event(
    type_: str, id_: str, time: str, *, source: str = "shop", version: int = 1, **rest: Any
) -> dict[str, Any]:
    """An event; attributes of the envelope by their names, everything else is data."""
    attributes = ("actorid", "deviceid", "sessionid", "ip", "useragent", "mends")
    return {
        "specversion": "1.0",
        "id": id_,
        "source": source,
        "type": type_,
        "time": time,
        "dataschema": f"{type_}/{version}",
        **{name: rest.pop(name) for name in attributes if name in rest},
        "data": rest,
    }


def viewed(
    id_: str, time: str, *, actor: str = "ann", brand: str = "b1", **rest: Any
) -> dict[str, Any]:
    """A product page of ``brand`` was opened."""
    data = {"product_id": f"{brand}-p1", "brand_id": brand, "price_minor": 1000, "currency": "CNY"}
    return event("product.viewed", id_, time, actorid=actor, **{**data, **rest})


def clicked(
    id_: str, time: str, *, ip: str = "203.0.113.7", campaign: str = "c1", **rest: Any
) -> dict[str, Any]:
    """An ad of ``campaign`` was clicked by one device model and system at ``ip``."""
    data = {"campaign_id": campaign, "brand_id": "b1", "placement": "feed"}
    return event(
        "ad.clicked", id_, time, ip=ip, **{**data, "device_model": "m1", "os": "o1", **rest}
    )


def lines(events: Iterable[dict[str, Any] | bytes]) -> bytes:
    """Events, or lines as they are, one a line."""
    encoded = (
        e if isinstance(e, bytes) else json.dumps(e, ensure_ascii=False).encode() for e in events
    )
    return b"".join(line + b"\n" for line in encoded)


def land(
    landing: Path, *events: dict[str, Any] | bytes, source: str = "shop", on: date = CLOSED_ON
) -> Segment:
    """Close one segment that holds these events."""
    return append_segment(landing, source, on, [lines(events)])
