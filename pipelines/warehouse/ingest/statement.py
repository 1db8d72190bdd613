"""The SQL that turns landed lines into events, or says what is wrong with them.

Two queries come from one set of rules. ``accept`` is one pass over all lines and takes those that
are surely right. Lines it leaves behind are few: ``examine`` names what is wrong with each, and
gives those that are right after all (say, an id with an escaped character) as events too. So no
line can fall between the two. A query knows only the kinds of events that it will meet: making a
plan for all that the contract has takes longer than reading a small segment.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pipelines.warehouse.ingest.columns import TEXTS, columns, schema_of
from pipelines.warehouse.ingest.rules import Rule, RuleBook, Schema, TimeBounds, bare, mismatch
from pipelines.warehouse.ingest.surely import CANONICAL_TIME, Surely
from platform_core.contract import EVENTS, Envelope
from platform_core.contract.envelope import CLOCK_SKEW_DAYS, EARLIEST_YEAR, MAX_LINE_BYTES
from platform_core.contract.events.replay import RowRejected
from platform_core.contract.fields import INSTANT_PATTERN

LINES: Final = "lines"
"""The relation that the queries read; ``lines.numbered`` makes it."""

PLAIN: Final = ("source", "type", "time", "dataschema")
QUOTED: Final = tuple(n for n in Envelope.model_fields if n not in PLAIN)
"""Envelope attributes that are kept as JSON text, so that "5" and 5 are told apart."""

_EARLIEST: Final = f"TIMESTAMP '{EARLIEST_YEAR}-01-01'"
_LANDED: Final = TimeBounds(_EARLIEST, "ends_at")
_PAST: Final = TimeBounds(_EARLIEST, f"(occurred_at + INTERVAL {CLOCK_SKEW_DAYS} DAY)")
"""Instants that an event's own fields name are of its past, but for the skew of clocks."""


def found_kinds(every: int) -> str:
    """SELECT the known kinds among the lines, the frequent ones first, from one line in some."""
    return f"""
SELECT kind FROM (
  SELECT try(json_extract_string(decode(raw), '$.dataschema')) AS kind
  FROM {LINES} WHERE line % {every} = 0
)
WHERE kind IN ({_literals(EVENTS)}) GROUP BY kind ORDER BY count(*) DESC, kind"""


@dataclass(frozen=True)
class Statements:
    """The queries for lines of one source that hold events of these kinds (``dataschema``)."""

    source: str
    kinds: tuple[str, ...]

    def accept(self) -> str:
        """SELECT the events that are surely right; those of other kinds are not among them."""
        return f"""
WITH {self._parsed()}
SELECT {columns(self.kinds, exact=False)}
FROM event
WHERE size <= {MAX_LINE_BYTES}
  AND source = '{self.source}'
  AND occurred_at IS NOT NULL
  AND v IS NOT NULL
  AND {" AND ".join(self._surely_right())}"""

    def examine(self) -> str:
        """SELECT each line's event and ``problem``: code and detail, or NULL if it is right.

        ``raw`` is there for bad lines only. Every kind that the lines hold must be in ``kinds``.
        """
        cases = [
            f"WHEN size > {MAX_LINE_BYTES} THEN 'line_too_long:' || size || ' bytes'",
            "WHEN text IS NULL THEN 'invalid_utf8:'",
            "WHEN contains(text, '\\u0000') THEN 'control_character:\\u0000'",
            "WHEN NOT json_valid(text) THEN 'not_json:'",
            "WHEN json_type(text) <> 'OBJECT' THEN 'not_an_object:' || json_type(text)",
            *_when(_envelope_rules()),
            f"WHEN source <> '{self.source}' THEN 'source_mismatch:' || source",
            f"WHEN dataschema = '{RowRejected.dataschema()}' THEN concat('unmapped_row:', "
            "data ->> '$.file', ' line ', data ->> '$.line', ': ', data ->> '$.reason')",
            f"WHEN type NOT IN ({_literals(m.type for m in EVENTS.values())}) "
            "THEN 'unknown_type:' || type",
            "WHEN v IS NULL THEN 'unknown_version:' || dataschema",
        ]
        own = self._by_kind(lambda kind: f"CASE {' '.join(_when(_data_rules(kind)))} END")
        return f"""
WITH {self._parsed()},
examined AS (
  SELECT raw, CASE {" ".join(cases)} ELSE {own} END AS problem,
    {columns(self.kinds, exact=True)}
  FROM event
)
SELECT * REPLACE (CASE WHEN problem IS NOT NULL THEN raw END AS raw) FROM examined"""

    def _parsed(self) -> str:
        attributes = {n: "VARCHAR" if n in PLAIN else "JSON" for n in Envelope.model_fields}
        structure = ", ".join(f'"{n}": "{kind}"' for n, kind in attributes.items())
        fields = self._by_kind(lambda kind: f"json_extract(e.data, {_paths(kind)})", "e.dataschema")
        return f"""
decoded AS (
  SELECT segment, line, ends_at, raw, octet_length(raw) AS size, try(decode(raw)) AS text
  FROM {LINES}
),
parsed AS (
  SELECT segment, line, ends_at, raw, size, text, try(from_json(text, '{{{structure}}}')) AS e
  FROM decoded
),
event AS (
  SELECT
    segment, line, ends_at, raw, size, text, e.*,
    try_cast(e.time AS TIMESTAMP) AS occurred_at,
    CASE WHEN starts_with(e.dataschema, e.type || '/') THEN {fields} END AS v
  FROM parsed
)"""

    def _surely_right(self) -> Iterator[str]:
        """Cheap conditions that hold for nearly every right line and for no wrong one."""
        envelope = Surely(RuleBook({}, _LANDED))
        yield from envelope.of_object(_quoted_schema(), lambda name: f'"{name}"')
        plain = [f"NOT coalesce(contains({name}, '\\'), false)" for name in TEXTS]
        escaped = f"NOT contains(text, '\\u0000') AND {' AND '.join(plain)}"
        yield f"(NOT contains(text, '\\') OR ({escaped}))"
        canonical = f"(time LIKE '{CANONICAL_TIME}' AND NOT contains(time, 'T24'))"
        yield f"({canonical} OR regexp_full_match(time, '{bare(INSTANT_PATTERN)}'))"
        yield f"occurred_at >= {_LANDED.earliest} AND occurred_at < {_LANDED.end}"
        yield self._by_kind(
            lambda kind: " AND ".join(Surely(_book(kind)).of_object(schema_of(kind), _places(kind)))
        )

    def _by_kind(self, make: Callable[[str], str], kind: str = "dataschema") -> str:
        """What ``make`` gives for the kind of the event; NULL for an event of no known kind."""
        if not self.kinds:
            return "NULL"
        branches = " ".join(f"WHEN '{k}' THEN {make(k)}" for k in self.kinds)
        return f"CASE {kind} {branches} END"


def _envelope_rules() -> Iterator[Rule]:
    for name in PLAIN:
        yield Rule(f'"{name}" IS NULL', "missing_field", name)
    yield from RuleBook({}, _LANDED).of_object(_quoted_schema(), lambda name: f'"{name}"')
    yield Rule(mismatch("time", INSTANT_PATTERN), "invalid_time", "time")
    yield Rule("occurred_at IS NULL", "invalid_time", "time")
    outside = f"(occurred_at < {_LANDED.earliest} OR occurred_at >= {_LANDED.end})"
    yield Rule(outside, "impossible_time", "time")


def _data_rules(kind: str) -> Iterator[Rule]:
    return _book(kind).of_object(schema_of(kind), _places(kind), "data.")


def _quoted_schema() -> Schema:
    schema = Envelope.model_json_schema()
    return {**schema, "properties": {n: schema["properties"][n] for n in QUOTED}}


def _book(kind: str) -> RuleBook:
    return RuleBook(schema_of(kind).get("$defs", {}), _PAST)


def _places(kind: str) -> Callable[[str], str]:
    """Where a kind's fields stand in ``v``."""
    return {n: f"v[{i}]" for i, n in enumerate(schema_of(kind)["properties"], start=1)}.__getitem__


def _paths(kind: str) -> str:
    return "[" + ", ".join(f"'$.{n}'" for n in schema_of(kind)["properties"]) + "]"


def _when(rules: Iterator[Rule]) -> list[str]:
    return [f"WHEN {r.bad} THEN '{r.code}:{r.field}'" for r in rules]


def _literals(values: Iterable[str]) -> str:
    return ", ".join(f"'{v}'" for v in sorted(set(values)))
