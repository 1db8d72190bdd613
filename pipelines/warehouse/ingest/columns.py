"""What ``bronze.events`` keeps of an event: its own words, and pseudonyms of who it is about."""

from collections.abc import Iterable
from functools import cache
from typing import Final

from pipelines.warehouse.ingest.rules import Schema, present
from platform_core.contract import CONTRACT_VERSION, EVENTS, Envelope
from platform_core.contract.fields import PERSONAL
from platform_core.pseudonyms import LENGTH

EVENT_COLUMNS: Final = """
event_id source type occurred_at utc_date actor_id device_id session_id address address_block
user_agent data mends segment line is_duplicate contract_version
""".split()
TEXTS: Final = ("id", "actorid", "deviceid", "sessionid", "ip", "useragent", "mends")
"""Envelope attributes that are kept as they are, or hashed as they are."""


@cache
def schema_of(kind: str) -> Schema:
    """JSON Schema of the data of one ``dataschema``."""
    return EVENTS[kind].model_json_schema()


@cache
def namespaces() -> tuple[str, ...]:
    """Kinds of identifiers that the contract calls personal; each is hashed with its own key."""
    schemas = [Envelope.model_json_schema(), *map(schema_of, EVENTS)]
    return tuple(sorted({name for schema in schemas for name in personal(schema).values()}))


def personal(schema: Schema) -> dict[str, str]:
    """Fields of an event that are pseudonymised, each with its namespace."""
    declared = {name: present(s) for name, s in schema["properties"].items()}
    return {name: s[PERSONAL] for name, s in declared.items() if PERSONAL in s}


def columns(kinds: Iterable[str], *, exact: bool) -> str:
    """SELECT list over events of these kinds; ``exact`` decodes escapes, which takes longer."""
    values = {
        "event_id": _text("id", exact),
        "source": "source",
        "type": "type",
        "occurred_at": "occurred_at",
        "utc_date": "CAST(occurred_at AS DATE)",
        "actor_id": _hashed(_text("actorid", exact), "person"),
        "device_id": _hashed(_text("deviceid", exact), "device"),
        "session_id": _text("sessionid", exact),
        "address": _hashed(_text("ip", exact), "address"),
        "address_block": _block(exact),
        "user_agent": _text("useragent", exact),
        "data": _data(kinds),
        "mends": _text("mends", exact),
        "segment": "segment",
        "line": "line",
        "is_duplicate": "false",
        "contract_version": f"'{CONTRACT_VERSION}'",
    }
    return ", ".join(f"{values[name]} AS {name}" for name in EVENT_COLUMNS)


def _text(name: str, exact: bool) -> str:
    """A JSON string's text; without escapes it is what stands between the quotes."""
    return f"({name} ->> '$')" if exact else f"substr({name}, 2, length({name}) - 2)"


def _hashed(text: str, namespace: str) -> str:
    """Keyed hash, 128 bits in hexadecimal; NULL stays NULL."""
    return f"left(sha256(getvariable('{namespace}_key') || {text}), {LENGTH})"


def _block(exact: bool) -> str:
    """The /24 or /48 that an address lies in; NULL for what is no address."""
    six = "^([0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}):"
    address = _text("ip", exact)
    long = f"CASE WHEN contains(ip, ':') THEN nullif(regexp_extract({address}, '{six}', 1), '') END"
    if exact:
        four = r"^([0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})\.[0-9]{1,3}$"
        return f"coalesce(nullif(regexp_extract({address}, '{four}', 1), ''), {long})"
    whole = r'"([0-9]{1,3}\.){3}[0-9]{1,3}"'
    network = "substr(ip, 2, strlen(ip) - strpos(reverse(ip), '.') - 1)"  # quicker than a capture
    return f"CASE WHEN regexp_full_match(ip, '{whole}') THEN {network} ELSE {long} END"


def _data(kinds: Iterable[str]) -> str:
    """The event's own fields, personal ones replaced; those that are not there stay away."""
    branches = []
    for kind in kinds:
        if fields := personal(schema_of(kind)):
            replaced = ", ".join(
                f"'{n}', " + _hashed(f"(data ->> '$.{n}')", space) for n, space in fields.items()
            )
            merged = f"json_merge_patch(data, json_object({replaced}))"
            branches.append(f"WHEN '{kind}' THEN CAST({merged} AS VARCHAR)")
    text = "CAST(data AS VARCHAR)"
    return f"CASE dataschema {' '.join(branches)} ELSE {text} END" if branches else text
