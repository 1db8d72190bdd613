"""Whether an event that somebody sends may come in, and if not, why: in the words of ingest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any, Final

import orjson
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from platform_core.contract import EVENTS, Envelope, EventData
from platform_core.contract.envelope import CLOCK_SKEW_DAYS, EARLIEST_YEAR, MAX_LINE_BYTES
from platform_core.contract.events.behaviour import BEHAVIOUR

COLLECTED: Final[dict[str, type[EventData]]] = {m.dataschema(): m for m in BEHAVIOUR}
"""What comes in here; everything else is told by the platform's services."""

EARLIEST: Final = datetime(EARLIEST_YEAR, 1, 1, tzinfo=UTC)
SKEW: Final = timedelta(days=CLOCK_SKEW_DAYS)
TYPES: Final = frozenset(model.type for model in EVENTS.values())
COLLECTED_TYPES: Final = frozenset(model.type for model in COLLECTED.values())
CODES: Final = {
    "string_pattern_mismatch": "invalid_value",
    "string_too_short": "invalid_value",
    "string_too_long": "invalid_value",
    "literal_error": "invalid_value",
    "too_short": "invalid_value",
    "value_error": "invalid_time",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "finite_number": "out_of_range",
}
"""Ingest's code for each of Pydantic's; what is not here is ``wrong_type``."""


@dataclass(frozen=True)
class Accepted:
    """An event that may come in, as a line without its end."""

    id: str
    line: bytes


@dataclass(frozen=True)
class Refused:
    """Why an event does not come in; ``field`` is where, as in ``data.cards[].position``."""

    code: str
    field: str | None
    detail: str


def checked(event: object, source: str, now: datetime) -> Accepted | Refused:
    """The event as a line, all that it holds kept, or why it is refused."""
    if not isinstance(event, dict):
        return Refused("not_an_object", None, "an event is a JSON object")
    problem = _problem(event, source, now)
    if problem:
        return problem
    try:
        line = orjson.dumps(event)
    except orjson.JSONEncodeError as error:
        return Refused("nested_too_deeply", None, str(error))
    if len(line) > MAX_LINE_BYTES:
        detail = f"{len(line)} bytes; a line has at most {MAX_LINE_BYTES}"
        return Refused("line_too_long", None, detail)
    if rb"\u0000" in line:
        return Refused("control_character", None, "no text may hold \\u0000")
    return Accepted(event["id"], line)


def _problem(event: dict[str, Any], source: str, now: datetime) -> Refused | None:
    return (
        _of_model(Envelope, event)
        or _of_time(event["time"], now)
        or _of_source(event["source"], source)
        or _of_type(event["type"], event["dataschema"])
        or _of_model(COLLECTED[event["dataschema"]], event["data"], "data.")
    )


def _of_model(model: type[BaseModel], value: dict[str, Any], prefix: str = "") -> Refused | None:
    try:
        model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        return Refused(_code(first), prefix + _field(first["loc"]), first["msg"])
    return None


def _of_time(time: str, now: datetime) -> Refused | None:
    """An event may claim to be later than the UTC day it comes in on, by the skew of clocks."""
    end = datetime.combine(now.astimezone(UTC).date(), datetime.min.time(), UTC)
    if EARLIEST <= datetime.fromisoformat(time) < end + timedelta(days=1) + SKEW:
        return None
    return Refused("impossible_time", "time", "it is long past, or to come")


def _of_source(named: str, source: str) -> Refused | None:
    if named == source:
        return None
    return Refused("source_mismatch", "source", f"the key is that of source {source!r}")


def _of_type(type_: str, dataschema: str) -> Refused | None:
    if type_ not in TYPES:
        close = get_close_matches(type_, sorted(COLLECTED_TYPES), n=1)
        meant = f" (did you mean {close[0]!r}?)" if close else ""
        return Refused("unknown_type", "type", f"the contract has no such type{meant}")
    if type_ not in COLLECTED_TYPES:
        return Refused("not_collected", "type", "only the platform's own services tell of this")
    if dataschema not in COLLECTED or COLLECTED[dataschema].type != type_:
        return Refused("unknown_version", "dataschema", "the type has no such version")
    return None


def _code(error: ErrorDetails) -> str:
    field, value = error["loc"][-1], error["input"]
    if error["type"] == "missing" or (value is None and isinstance(field, str)):
        return "missing_field"
    if field == "time":
        return "invalid_time"
    match error["type"]:
        case "literal_error" if not isinstance(value, str):
            return "wrong_type"
        case "greater_than_equal" if str(field).endswith("_minor"):
            return "negative_money"
        case other:
            return CODES.get(other, "wrong_type")


def _field(place: Iterable[int | str]) -> str:
    """``("cards", 3, "position")`` is ``cards[].position``."""
    parts = ("[]" if isinstance(part, int) else f".{part}" for part in place)
    return "".join(parts).removeprefix(".")
