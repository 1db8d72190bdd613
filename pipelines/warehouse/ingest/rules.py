"""The contract as SQL: what makes a JSON value bad, derived from the contract's JSON Schema."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from platform_core.contract.fields import MONEY, PLANNED

Schema = Mapping[str, Any]

ITEM: Final = "item"
NUMBER: Final = r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"


@dataclass(frozen=True)
class Rule:
    """``bad`` is SQL over a JSON value that is TRUE when the value breaks the contract."""

    bad: str
    code: str
    field: str


@dataclass(frozen=True)
class TimeBounds:
    """SQL of the first instant that is possible and the first that no longer is."""

    earliest: str
    end: str


class RuleBook:
    """Makes the rules of schemas that share definitions."""

    def __init__(self, definitions: Mapping[str, Schema], bounds: TimeBounds) -> None:
        self.definitions = definitions
        self.bounds = bounds

    def of_object(
        self, schema: Schema, value: Callable[[str], str], prefix: str = ""
    ) -> Iterator[Rule]:
        """Rules for an object's properties; ``value`` gives the SQL of one, as JSON text."""
        for name, declared in schema["properties"].items():
            json, field = value(name), prefix + name
            if name in schema.get("required", ()):
                yield Rule(f"({json} IS NULL OR {json} = 'null')", "missing_field", field)
            elif not nullable(declared):
                yield Rule(f"{json} = 'null'", "wrong_type", field)
            for rule in self.of_value(present(declared), json, field):
                yield Rule(f"({json} <> 'null' AND {rule.bad})", rule.code, rule.field)

    def of_value(self, schema: Schema, json: str, field: str) -> Iterator[Rule]:
        """Rules for one value that is there."""
        schema = resolved(schema, self.definitions)
        match schema["type"]:
            case "string":
                yield from self._string(schema, json, field)
            case "integer":
                yield from _integer(schema, json, field)
            case "number":
                yield from _number(schema, json, field)
            case "boolean":
                yield Rule(f"{json} NOT IN ('true', 'false')", "wrong_type", field)
            case "array":
                yield from self._array(schema, json, field)
            case "object":
                yield Rule(f"NOT starts_with({json}, '{{')", "wrong_type", field)
                if "properties" in schema:
                    yield from self.of_object(
                        schema, lambda name: f"json_extract({json}, '$.{name}')", f"{field}."
                    )
            case other:
                raise ValueError(f"{field}: the contract has no rule for JSON type {other!r}")

    def _string(self, schema: Schema, json: str, field: str) -> Iterator[Rule]:
        text = f"({json} ->> '$')"
        yield Rule(f"NOT starts_with({json}, '\"')", "wrong_type", field)
        if schema.get("minLength"):
            yield Rule(f"{json} = '\"\"'", "invalid_value", field)
        if limit := schema.get("maxLength"):
            longer = f"(strlen({json}) > {limit + 2} AND length({text}) > {limit})"
            yield Rule(longer, "invalid_value", field)
        if known := choices(schema):
            listed = ", ".join(f"'{c}'" for c in known)
            yield Rule(f"{text} NOT IN ({listed})", "invalid_value", field)
        if pattern := schema.get("pattern"):
            timely = schema.get("format", "").startswith("date")
            code = "invalid_time" if timely else "invalid_value"
            yield Rule(mismatch(text, pattern), code, field)
        if schema.get("format") == "date-time":
            yield from self._instant(schema, f"try_cast({text} AS TIMESTAMP)", field)
        if schema.get("format") == "date":
            day = f"try_cast({text} AS DATE)"
            yield Rule(f"({day} IS NULL OR {day} < DATE '0001-01-01')", "invalid_time", field)

    def _instant(self, schema: Schema, instant: str, field: str) -> Iterator[Rule]:
        yield Rule(f"{instant} IS NULL", "invalid_time", field)
        outside = f"{instant} < {self.bounds.earliest}"
        if not schema.get(PLANNED):
            outside = f"({outside} OR {instant} >= {self.bounds.end})"
        yield Rule(outside, "impossible_time", field)

    def _array(self, schema: Schema, json: str, field: str) -> Iterator[Rule]:
        yield Rule(f"NOT starts_with({json}, '[')", "wrong_type", field)
        if least := schema.get("minItems"):
            yield Rule(f"json_array_length({json}) < {least}", "invalid_value", field)
        items = f"from_json({json}, '[\"JSON\"]')"
        for rule in self.of_value(schema["items"], ITEM, f"{field}[]"):
            bad = f"list_filter({items}, lambda {ITEM}: coalesce({rule.bad}, {ITEM} IS NULL))"
            yield Rule(f"len({bad}) > 0", rule.code, rule.field)


def _integer(schema: Schema, json: str, field: str) -> Iterator[Rule]:
    number = f"try_cast({json} AS BIGINT)"
    yield Rule(mismatch(json, "-?[0-9]+"), "wrong_type", field)
    below = "negative_money" if schema.get(MONEY) else "out_of_range"
    yield Rule(f"{number} < {schema['minimum']}", below, field)
    beyond = f"({number} IS NULL OR {number} > {schema['maximum']})"
    yield Rule(beyond, "out_of_range", field)


def _number(schema: Schema, json: str, field: str) -> Iterator[Rule]:
    yield Rule(mismatch(json, NUMBER), "wrong_type", field)
    number = f"try_cast({json} AS DOUBLE)"
    outside = f"({number} < {schema['minimum']} OR {number} > {schema['maximum']})"
    yield Rule(f"({number} IS NULL OR {outside})", "out_of_range", field)


def bare(pattern: str) -> str:
    """A pattern without its anchors, within a SQL literal."""
    return pattern.removeprefix("^").removesuffix("$").replace("'", "''")


def mismatch(text: str, pattern: str) -> str:
    """SQL that is TRUE when a text is not all of what a pattern describes."""
    return f"NOT regexp_full_match({text}, '{bare(pattern)}')"


def choices(schema: Schema) -> list[str]:
    """The values that a string may have; none if it may have any."""
    return list(schema.get("enum", [schema["const"]] if "const" in schema else []))


def resolved(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """The schema itself, where it only names a shared one."""
    reference = schema.get("$ref")
    return definitions[reference.rpartition("/")[2]] if reference else schema


def nullable(schema: Schema) -> bool:
    return any(s.get("type") == "null" for s in schema.get("anyOf", ()))


def present(schema: Schema) -> Schema:
    """The schema of an optional property's value when it is not null."""
    if "anyOf" not in schema:
        return schema
    (value,) = (s for s in schema["anyOf"] if s.get("type") != "null")
    return dict(value)
