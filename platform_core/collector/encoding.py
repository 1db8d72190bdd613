"""Frames of behaviour become lines of the contract, column by column."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import polars as pl

from platform_core.contract import EventData
from platform_core.contract.envelope import SPECVERSION

SOURCE: Final = "app"
"""The source that people's behaviour lands under."""

INSTANT: Final = pl.Datetime("us", "UTC")
TIME_FORMAT: Final = "%Y-%m-%dT%H:%M:%S%.6fZ"
ATTRIBUTES: Final = {
    "actorid": "actor_id",
    "deviceid": "device_id",
    "sessionid": "session_id",
    "ip": "ip",
    "useragent": "user_agent",
}
"""Attributes of the envelope that an event may lack, and the columns that they come from."""

_TYPES: Final[dict[str, pl.DataType]] = {
    "string": pl.String(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "boolean": pl.Boolean(),
}


def encode(event: type[EventData], frame: pl.DataFrame, *, source: str = SOURCE) -> pl.Series:
    """One line of the contract for each row, in the order of the rows, without line ends.

    The frame has ``event_id``, ``occurred_at`` (Datetime) and the event's required fields, and may
    have ``actor_id``, ``device_id``, ``session_id``, ``ip``, ``user_agent`` and optional fields;
    what is null is left out. Values are cast to the contract's types; ranges are not checked.

    Raises:
        ValueError: a column is missing or unknown, or holds nulls or NaN where it must not.
    """
    declared = fields(event)
    _refuse_columns(event, frame)
    rows = frame.select(
        pl.col("event_id").cast(pl.String),
        pl.col("occurred_at").cast(INSTANT).dt.to_string(TIME_FORMAT),
        *(pl.col(c).cast(pl.String) for c in ATTRIBUTES.values() if c in frame.columns),
        *(pl.col(n).cast(t) for n, t in declared.items() if n in frame.columns),
    )
    _refuse_values(event, rows)
    return _lines(event, rows, source)


@cache
def fields(event: type[EventData]) -> dict[str, pl.DataType]:
    """The event's own columns with their types."""
    schema = event.model_json_schema()
    definitions = schema.get("$defs", {})
    return {name: _type(s, definitions) for name, s in schema["properties"].items()}


def _type(schema: dict[str, Any], definitions: dict[str, Any]) -> pl.DataType:
    if "anyOf" in schema:
        (schema,) = (s for s in schema["anyOf"] if s.get("type") != "null")
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    match schema["type"]:
        case "array":
            return pl.List(_type(schema["items"], definitions))
        case "object":
            return pl.Struct({n: _type(s, definitions) for n, s in schema["properties"].items()})
        case simple:
            return _TYPES[simple]


def _refuse_columns(event: type[EventData], frame: pl.DataFrame) -> None:
    known = {"event_id", "occurred_at", *ATTRIBUTES.values(), *fields(event)}
    if missing := sorted(_required(event) - set(frame.columns)):
        raise ValueError(f"{event.type}: the frame has no column {', '.join(missing)}")
    if unknown := sorted(set(frame.columns) - known):
        raise ValueError(
            f"{event.type}: unknown column {', '.join(unknown)}; known: {', '.join(sorted(known))}"
        )


def _refuse_values(event: type[EventData], rows: pl.DataFrame) -> None:
    required = _required(event)
    for column in rows:
        for leaf in _leaves(column):
            if leaf.has_nulls() and (leaf is not column or column.name in required):
                raise ValueError(f"{event.type}: {column.name} has nulls")
            if leaf.dtype.is_float() and not leaf.is_finite().all():
                raise ValueError(f"{event.type}: {column.name} has numbers that are not finite")


def _leaves(column: pl.Series) -> Iterator[pl.Series]:
    """The column and all that is nested in it."""
    yield column
    if isinstance(column.dtype, pl.List):
        yield from _leaves(column.explode(empty_as_null=False))
    elif isinstance(column.dtype, pl.Struct):
        for name in column.struct.fields:
            yield from _leaves(column.struct.field(name))


def _required(event: type[EventData]) -> set[str]:
    needed = (name for name, field in event.model_fields.items() if field.is_required())
    return {"event_id", "occurred_at", *needed}


def _lines(event: type[EventData], rows: pl.DataFrame, source: str) -> pl.Series:
    """Rows that lack the same columns are encoded together, for JSON of a frame keeps nulls."""
    gaps = [c.name for c in rows if c.has_nulls()]
    if not gaps:
        return rows.select(_line(event, rows.columns, source)).to_series()
    numbered = rows.with_columns(pl.struct(pl.col(gaps).is_null()).alias("_gaps")).with_row_index(
        "_row"
    )
    portions = [
        portion.select("_row", _line(event, list(_filled(rows, portion)), source))
        for portion in numbered.partition_by("_gaps")
    ]
    return pl.concat(portions).sort("_row")["line"]


def _filled(rows: pl.DataFrame, portion: pl.DataFrame) -> Iterator[str]:
    return (name for name in rows.columns if portion[name].null_count() == 0)


def _line(event: type[EventData], columns: list[str], source: str) -> pl.Expr:
    data = [name for name in fields(event) if name in columns]
    envelope = {
        "specversion": pl.lit(SPECVERSION),
        "id": pl.col("event_id"),
        "source": pl.lit(source),
        "type": pl.lit(event.type),
        "time": pl.col("occurred_at"),
        "dataschema": pl.lit(event.dataschema()),
        "data": pl.struct(data),
        **{name: pl.col(c) for name, c in ATTRIBUTES.items() if c in columns},
    }
    named = (value.alias(name) for name, value in envelope.items())
    return pl.struct(*named).struct.json_encode().alias("line")
