"""The SQL that turns landed lines into events, or says what is wrong with them.

Two queries come from one set of rules. ``accept`` is one pass over all lines and takes those that
are surely right. Lines it leaves behind are few: ``diagnose`` names what is wrong with each, and
those that are right after all (say, an id with an escaped character) are taken by ``accept`` in
its exact form. So no line can fall between the two.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pipelines.warehouse.ingest.rules import Rule, RuleBook, Schema, TimeBounds
from platform_core.contract import CONTRACT_VERSION, EVENTS, Envelope
from platform_core.contract.envelope import CLOCK_SKEW_DAYS, EARLIEST_YEAR, MAX_LINE_BYTES
from platform_core.contract.events import RowRejected
from platform_core.contract.fields import INSTANT_PATTERN, PERSONAL

LINES: Final = "lines"
"""The relation that both queries read: ``line`` BIGINT and ``raw`` BLOB."""

PLAIN: Final = ("source", "type", "time", "dataschema")
QUOTED: Final = tuple(n for n in Envelope.model_fields if n not in PLAIN)
"""Envelope attributes that are kept as JSON text, so that "5" and 5 are told apart."""

_EARLIEST: Final = f"TIMESTAMP '{EARLIEST_YEAR}-01-01'"
_NOT_YET: Final = f"(occurred_at + INTERVAL {CLOCK_SKEW_DAYS} DAY)"
"""Instants that an event's own fields name are of its past, but for the skew of clocks."""

_CANONICAL_TIME: Final = "____-__-__T__:__:__.______Z"

PSEUDONYM_LENGTH: Final = 32
NAMESPACES: Final = ("person", "device", "address")
EVENT_COLUMNS: Final = """
event_id source type occurred_at utc_date actor_id device_id session_id address address_block
user_agent data mends segment line is_duplicate contract_version
""".split()


@dataclass(frozen=True)
class Statements:
    """The queries for the segments of one source that were closed on one day."""

    source: str
    closed_on: date

    def accept(self, segment: int, *, exact: bool = False) -> str:
        """SELECT the events; ``exact`` decodes escapes, which takes longer."""
        good = list(self._surely_right())
        if exact:
            rules = [*self._envelope_rules(), *self._data_rules()]
            good = [f"NOT coalesce({r.bad}, false)" for r in rules]
        return f"""
WITH {self._parsed()}
SELECT {self._columns(segment, exact)}
FROM event
WHERE size <= {MAX_LINE_BYTES}
  AND NOT contains(text, '\\u0000')
  AND source = '{self.source}'
  AND occurred_at IS NOT NULL
  AND v IS NOT NULL
  AND {" AND ".join(good)}"""

    def diagnose(self) -> str:
        """SELECT line, raw and ``code:detail`` of each line; NULL for one that is right."""
        cases = [
            f"WHEN size > {MAX_LINE_BYTES} THEN 'line_too_long:' || size || ' bytes'",
            "WHEN text IS NULL THEN 'invalid_utf8:'",
            "WHEN contains(text, '\\u0000') THEN 'control_character:\\u0000'",
            "WHEN NOT json_valid(text) THEN 'not_json:'",
            "WHEN json_type(text) <> 'OBJECT' THEN 'not_an_object:' || json_type(text)",
            *_when(self._envelope_rules()),
            f"WHEN source <> '{self.source}' THEN 'source_mismatch:' || source",
            f"WHEN dataschema = '{RowRejected.dataschema()}' THEN concat('unmapped_row:', "
            "data ->> '$.file', ' line ', data ->> '$.line', ': ', data ->> '$.reason')",
            f"WHEN type NOT IN ({_literals({m.type for m in EVENTS.values()})}) "
            "THEN 'unknown_type:' || type",
            "WHEN v IS NULL THEN 'unknown_version:' || dataschema",
            *_when(self._data_rules()),
        ]
        return f"""
WITH {self._parsed()}
SELECT line, raw, CASE {" ".join(cases)} END AS problem
FROM event"""

    def _parsed(self) -> str:
        kinds = {n: "VARCHAR" if n in PLAIN else "JSON" for n in Envelope.model_fields}
        structure = ", ".join(f'"{n}": "{kind}"' for n, kind in kinds.items())
        paths = " ".join(
            f"WHEN '{schema}' THEN json_extract(e.data, {_paths(schema)})" for schema in EVENTS
        )
        return f"""
decoded AS (
  SELECT line, raw, octet_length(raw) AS size, try(decode(raw)) AS text FROM {LINES}
),
parsed AS (
  SELECT line, raw, size, text, try(from_json(text, '{{{structure}}}')) AS e FROM decoded
),
event AS (
  SELECT
    line, raw, size, text, e.*,
    try_cast(e.time AS TIMESTAMP) AS occurred_at,
    CASE WHEN starts_with(e.dataschema, e.type || '/') THEN CASE e.dataschema {paths} END END AS v
  FROM parsed
)"""

    def _envelope_rules(self) -> Iterator[Rule]:
        book = RuleBook({}, self._bounds())
        for name in PLAIN:
            yield Rule(f'"{name}" IS NULL', "missing_field", name)
        yield from book.of_object(_quoted_schema(), lambda name: f'"{name}"')
        pattern = INSTANT_PATTERN.removeprefix("^").removesuffix("$")
        yield Rule(f"NOT regexp_full_match(time, '{pattern}')", "invalid_time", "time")
        yield Rule("occurred_at IS NULL", "invalid_time", "time")
        bounds = self._bounds()
        outside = f"(occurred_at < {bounds.earliest} OR occurred_at >= {bounds.end})"
        yield Rule(outside, "impossible_time", "time")

    def _surely_right(self) -> Iterator[str]:
        """Cheap conditions that hold for nearly every right line and for no wrong one."""
        book, schema = RuleBook({}, self._bounds()), _quoted_schema()
        yield from book.surely_good(schema, lambda name: f'"{name}"')
        yield from (f"({name} IS NULL OR NOT contains({name}, '\\'))" for name in _TEXTS)
        yield "(ip IS NULL OR NOT contains(ip, ':'))"
        yield f"time LIKE '{_CANONICAL_TIME}' AND time[12:13] <> '24'"
        yield f"occurred_at >= {self._bounds().earliest} AND occurred_at < {self._bounds().end}"
        branches = " ".join(
            f"WHEN '{dataschema}' THEN {' AND '.join(book.surely_good(schema, value))}"
            for dataschema, book, schema, value in self._events()
            if not _personal(schema)
        )
        yield f"CASE dataschema {branches} END"

    def _data_rules(self) -> Iterator[Rule]:
        for dataschema, book, schema, value in self._events():
            for rule in book.of_object(schema, value):
                bad = f"CASE WHEN dataschema = '{dataschema}' THEN {rule.bad} END"
                yield Rule(bad, rule.code, f"data.{rule.field}")

    def _events(self) -> Iterator[tuple[str, RuleBook, Schema, Callable[[str], str]]]:
        """Each event type with its rules' book, its schema and where its fields stand in ``v``."""
        for dataschema, model in EVENTS.items():
            schema = model.model_json_schema()
            book = RuleBook(schema.get("$defs", {}), TimeBounds(_EARLIEST, _NOT_YET))
            places = {name: f"v[{n}]" for n, name in enumerate(schema["properties"], start=1)}
            yield dataschema, book, schema, places.__getitem__

    def _bounds(self) -> TimeBounds:
        end = self.closed_on + timedelta(days=1 + CLOCK_SKEW_DAYS)
        return TimeBounds(_EARLIEST, f"TIMESTAMP '{end}'")

    def _columns(self, segment: int, exact: bool) -> str:
        values = {
            "event_id": _text("id", exact),
            "source": "source",
            "type": "type",
            "occurred_at": "occurred_at",
            "utc_date": "CAST(occurred_at AS DATE)",
            "actor_id": _pseudonym("actorid", "person", exact),
            "device_id": _pseudonym("deviceid", "device", exact),
            "session_id": _text("sessionid", exact),
            "address": _pseudonym("ip", "address", exact),
            "address_block": _block(exact),
            "user_agent": _text("useragent", exact),
            "data": _data(exact),
            "mends": _text("mends", exact),
            "segment": f"CAST({segment} AS BIGINT)",
            "line": "line",
            "is_duplicate": "false",
            "contract_version": f"'{CONTRACT_VERSION}'",
        }
        return ", ".join(f"{values[name]} AS {name}" for name in EVENT_COLUMNS)


_TEXTS: Final = ("id", "actorid", "deviceid", "sessionid", "ip", "useragent", "mends")


def _quoted_schema() -> Schema:
    schema = Envelope.model_json_schema()
    return {**schema, "properties": {n: schema["properties"][n] for n in QUOTED}}


def _text(name: str, exact: bool) -> str:
    """A JSON string's text; without escapes it is what stands between the quotes."""
    return f"({name} ->> '$')" if exact else f"{name}[2:-2]"


def _pseudonym(name: str, namespace: str, exact: bool) -> str:
    return _hashed(_text(name, exact), namespace)


def _hashed(text: str, namespace: str) -> str:
    """Keyed hash, 128 bits in hexadecimal; NULL stays NULL."""
    return f"left(sha256(getvariable('{namespace}_key') || {text}), {PSEUDONYM_LENGTH})"


def _block(exact: bool) -> str:
    """The /24 or /48 that an address lies in; NULL for what is no address."""
    four = r"(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}"
    if not exact:  # the same without a capture, which takes four times as long
        whole = r'"(\d{1,3}\.){3}\d{1,3}"'
        network = "rtrim(rtrim(ip[2:-2], '0123456789'), '.')"
        return f"CASE WHEN regexp_full_match(ip, '{whole}') THEN {network} END"
    six = "([0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}):"
    return (
        f"coalesce(nullif(regexp_extract(ip ->> '$', '^{four}$', 1), ''), "
        f"nullif(regexp_extract(ip ->> '$', '^{six}', 1), ''))"
    )


def _data(exact: bool) -> str:
    """The event's own fields, personal ones replaced; the fast query takes no event with any."""
    branches = []
    for dataschema, model in EVENTS.items() if exact else ():
        if personal := _personal(model.model_json_schema()):
            replaced = ", ".join(
                f"'{n}', " + _hashed(f"(data ->> '$.{n}')", space) for n, space in personal.items()
            )
            merged = f"json_merge_patch(data, json_object({replaced}))"
            branches.append(f"WHEN '{dataschema}' THEN CAST({merged} AS VARCHAR)")
    text = "CAST(data AS VARCHAR)"
    return f"CASE dataschema {' '.join(branches)} ELSE {text} END" if branches else text


def _personal(schema: Schema) -> dict[str, str]:
    """Fields of an event that are pseudonymised, each with its namespace."""
    return {n: s[PERSONAL] for n, s in schema["properties"].items() if PERSONAL in s}


def _paths(dataschema: str) -> str:
    names = EVENTS[dataschema].model_json_schema()["properties"]
    return "[" + ", ".join(f"'$.{n}'" for n in names) + "]"


def _when(rules: Iterator[Rule]) -> list[str]:
    return [f"WHEN {r.bad} THEN '{r.code}:{r.field}'" for r in rules]


def _literals(values: set[str]) -> str:
    return ", ".join(f"'{v}'" for v in sorted(values))
