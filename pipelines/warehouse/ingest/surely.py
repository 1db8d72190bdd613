"""Cheap SQL conditions under which a JSON value surely keeps the contract's rules.

They hold for nearly every right value, and for no wrong one; what they leave is for the rules.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from pipelines.warehouse.ingest.rules import (
    ITEM,
    RuleBook,
    Schema,
    bare,
    choices,
    nullable,
    present,
    resolved,
)
from platform_core.contract.fields import MAX_INTEGER, PLANNED

CANONICAL_TIME: Final = "____-__-__T__:__:__.______Z"
SHORT: Final = 64
"""Longer texts within arrays are left to the slower condition: a pattern grows with this."""

_SAFE_DIGITS: Final = 15  # any number of so many digits lies within MAX_INTEGER
_SAFE_SCORE: Final = 10.0**14


class Surely:
    """Makes the conditions of schemas whose rules ``book`` makes."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book

    def of_object(self, schema: Schema, value: Callable[[str], str]) -> Iterator[str]:
        """Conditions for an object's properties; ``value`` gives the SQL of one, as JSON text."""
        for name, declared in schema["properties"].items():
            json = value(name)
            good = self._of(present(declared), json)
            if name in schema.get("required", ()):
                yield good
            elif nullable(declared):
                yield f"({good} OR coalesce({json}, 'null') = 'null')"
            else:
                yield f"({json} IS NULL OR {good})"

    def _of(self, declared: Schema, json: str) -> str:
        schema = resolved(declared, self._book.definitions)
        match schema["type"]:
            case "string" if schema.get("format") == "date-time":
                return self._instant(schema, json)
            case "string" if "format" in schema:
                return self._by_the_rules(schema, json)
            case "string" if known := choices(schema):
                quoted = [f"'\"{choice}\"'" for choice in known]
                return f"{json} IN ({', '.join(quoted)})"
            case "string" if "pattern" not in schema and "maxLength" in schema:
                least, most = schema.get("minLength", 0) + 2, schema["maxLength"] + 2
                return f"(starts_with({json}, '\"') AND strlen({json}) BETWEEN {least} AND {most})"
            case "boolean":
                return f"{json} IN ('true', 'false')"
            case "array" if self._is_told_by_members(schema["items"]):
                return self._array(schema, json)
            case _ if pattern := self._pattern(schema):
                return f"regexp_full_match({json}, '{pattern}')"
            case _:
                return self._by_the_rules(schema, json)

    def _by_the_rules(self, schema: Schema, json: str) -> str:
        rules = self._book.of_value(schema, json, "")
        return f"NOT ({' OR '.join(f'coalesce({rule.bad}, true)' for rule in rules)})"

    def _instant(self, schema: Schema, json: str) -> str:
        bounds, instant = self._book.bounds, f"try_cast({json}[2:-2] AS TIMESTAMP)"
        in_time = "" if schema.get(PLANNED) else f"AND {instant} < {bounds.end}"
        canonical = f"({json} LIKE '\"{CANONICAL_TIME}\"' AND NOT contains({json}, 'T24'))"
        written = f"({canonical} OR regexp_full_match({json}, '\"{bare(schema['pattern'])}\"'))"
        return f"({written} AND {instant} >= {bounds.earliest} {in_time})"

    def _array(self, schema: Schema, json: str) -> str:
        """Told by one pattern as our own writers write it; else item by item."""
        items = resolved(schema["items"], self._book.definitions)
        parsed, good = f"from_json({json}, '[\"JSON\"]')", self._of(items, ITEM)
        if items["type"] == "object":
            fields = ", ".join(f'"{name}": "JSON"' for name in items["properties"])
            parsed = f"from_json({json}, '[{{{fields}}}]')"
            good = " AND ".join(self.of_object(items, lambda name: f'{ITEM}."{name}"'))
        strange = f"list_filter({parsed}, lambda {ITEM}: NOT coalesce({good}, false))"
        each = f"(json_array_length({json}) >= {schema.get('minItems', 0)} AND len({strange}) = 0)"
        if pattern := self._pattern(schema):
            return f"CASE WHEN regexp_full_match({json}, '{pattern}') THEN true ELSE {each} END"
        return each

    def _is_told_by_members(self, declared: Schema) -> bool:
        """Whether nothing is lost when an item's members are read and those that lack are NULL."""
        schema = resolved(declared, self._book.definitions)
        required = schema.get("required", ())
        members = schema.get("properties", {})
        optional = [s for name, s in members.items() if name not in required]
        return not members or (bool(required) and all(map(nullable, optional)))

    def _pattern(self, declared: Schema) -> str | None:
        """What a value looks like in compact JSON; None where no pattern can tell."""
        schema = resolved(declared, self._book.definitions)
        match schema["type"]:
            case "string":
                return _text(schema)
            case "integer":
                return _integer(schema)
            case "number" if schema["minimum"] <= -_SAFE_SCORE and schema["maximum"] >= _SAFE_SCORE:
                return r"-?[0-9]{1,14}(\.[0-9]{1,40})?([eE]-[0-9]{1,3})?"
            case "boolean":
                return "(true|false)"
            case "array" if item := self._pattern(schema["items"]):
                return rf"\[({item},?){{{schema.get('minItems', 0)},}}\]"
            case "object" if "properties" in schema:
                return self._object(schema)
            case _:
                return None

    def _object(self, schema: Schema) -> str | None:
        """Members in declared order; the first is required, so that commas stand between all."""
        members = []
        for number, (name, declared) in enumerate(schema["properties"].items()):
            value = self._pattern(present(declared))
            if value is None or (number == 0 and name not in schema["required"]):
                return None
            member = f'{"," if number else ""}"{name}":{value}'
            members.append(member if name in schema["required"] else f"({member})?")
        return rf"\{{{''.join(members)}\}}"


def _text(schema: Schema) -> str | None:
    if "format" in schema:
        return None
    if known := choices(schema):
        return f'"({"|".join(re.escape(c) for c in known)})"'
    if pattern := schema.get("pattern"):
        return f'"{bare(pattern)}"'
    if schema.get("maxLength", 0) >= SHORT:
        return rf'"[^"\\]{{{schema.get("minLength", 0)},{SHORT}}}"'
    return None


def _integer(schema: Schema) -> str | None:
    least, most = schema["minimum"], schema["maximum"]
    if 0 <= least <= most < 10:
        return f"[{least}-{most}]"
    if most < MAX_INTEGER:
        return None
    digits = f"[0-9]{{0,{_SAFE_DIGITS - 1}}}"
    if least in (0, 1):
        return f"[{least}-9]{digits}"
    return f"-?[0-9]{digits}" if least == -MAX_INTEGER else None
