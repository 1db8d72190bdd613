"""The contract as JSON Schema, for platforms that write it in another language."""

from typing import Any

from platform_core.contract.envelope import CONTRACT_VERSION, Envelope
from platform_core.contract.events import EVENTS


def json_schema() -> dict[str, Any]:
    """One JSON Schema (2020-12): an event is the envelope with the data its type calls for."""
    definitions: dict[str, Any] = {}
    variants = []
    for dataschema, model in sorted(EVENTS.items()):
        schema = model.model_json_schema(ref_template="#/$defs/{model}")
        definitions |= schema.pop("$defs", {})
        definitions[dataschema] = schema
        variants.append(
            {
                "properties": {
                    "type": {"const": model.type},
                    "dataschema": {"const": dataschema},
                    "data": {"$ref": f"#/$defs/{dataschema.replace('/', '~1')}"},
                }
            }
        )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Envelope.model_json_schema(ref_template="#/$defs/{model}"),
        "title": f"Meadow event contract {CONTRACT_VERSION}",
        "oneOf": variants,
        "$defs": definitions,
    }
