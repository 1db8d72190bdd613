"""What the collector's OpenAPI page says of bodies and answers."""

from typing import Any, Final

from platform_core.collector.checking import COLLECTED
from platform_core.collector.intake import MAX_EVENTS
from platform_core.contract import Envelope

SINGLE: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
DESCRIPTION: Final = """
Events are CloudEvents 1.0 of the contract's behaviour types. What is accepted is durable before
the answer. Send again what was not answered, with the same ids: the warehouse keeps the first copy.
"""

_ID: Final = {"type": ["string", "null"]}
_REFUSED: Final = {
    "type": "object",
    "required": ["index", "id", "code", "field", "detail"],
    "properties": {
        "index": {"type": "integer", "minimum": 0, "description": "place in the batch"},
        "id": {"type": ["string", "null"], "description": "null if it cannot be read"},
        "code": {"type": "string", "description": "the warehouse's word for what is wrong"},
        "field": {"type": ["string", "null"], "examples": ["data.cards[].position"]},
        "detail": {"type": "string"},
    },
}
_ANSWER: Final = {
    "type": "object",
    "required": ["accepted", "refused"],
    "properties": {
        "accepted": {"type": "array", "items": {"type": "string"}, "description": "ids"},
        "refused": {"type": "array", "items": _REFUSED},
    },
}
_PROBLEM: Final = {
    "type": "object",
    "required": ["code", "detail"],
    "properties": {"code": {"type": "string"}, "detail": {"type": "string"}},
}
_ANSWERS: Final = {
    202: "all events are durable",
    207: "some events are durable; `refused` says why the others are not",
    422: "no event was accepted; `refused` says why",
}
_PROBLEMS: Final = {
    400: "the body is not UTF-8, not JSON, or no array though announced as a batch",
    401: "no key, or none that is valid",
    413: f"the body is too large, or holds more than {MAX_EVENTS} events",
    415: "the body is neither an event nor a batch, or is compressed",
    503: "nothing was written; send it again later",
}


def responses() -> dict[int | str, dict[str, Any]]:
    """Every answer there is, by status."""
    return {
        **{status: _response(text, _ANSWER) for status, text in _ANSWERS.items()},
        **{status: _response(text, _PROBLEM) for status, text in _PROBLEMS.items()},
    }


def request_body() -> dict[str, Any]:
    """The two kinds of bodies."""
    event = _event()
    batch = {"type": "array", "items": event, "description": f"at most {MAX_EVENTS} events"}
    content = {SINGLE: {"schema": event}, BATCH: {"schema": batch}}
    return {"requestBody": {"required": True, "content": content}}


def _response(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _event() -> dict[str, Any]:
    """The envelope with the data of any type that is collected."""
    envelope = Envelope.model_json_schema()
    kinds = []
    for dataschema, model in COLLECTED.items():
        properties = {
            "type": {"const": model.type},
            "dataschema": {"const": dataschema},
            "data": _inlined(model.model_json_schema()),
        }
        kinds.append({**envelope, "properties": {**envelope["properties"], **properties}})
    return {"oneOf": kinds}


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without references: within OpenAPI they would point elsewhere."""
    definitions = schema.pop("$defs", {})

    def resolved(part: Any) -> Any:
        if isinstance(part, dict):
            if "$ref" in part:
                return resolved(definitions[part["$ref"].rpartition("/")[2]])
            return {name: resolved(inner) for name, inner in part.items()}
        return [resolved(inner) for inner in part] if isinstance(part, list) else part

    return {name: resolved(inner) for name, inner in schema.items()}
