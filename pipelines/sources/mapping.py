"""What a source is: how one row of somebody's export becomes events of the contract.

All expressions are DuckDB SQL over the row's columns, which are text exactly as the file holds
them, over ``fields`` derived from them, and over ``row_id`` (``<file>:<line>``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from platform_core.contract import EventData
from platform_core.contract.fields import MAX_ID_LENGTH

SHOWN_LENGTH: Final = 80  # of a wrong value in a reason


@dataclass(frozen=True)
class Check:
    """A condition on a row; where it does not hold, ``reason`` (SQL) says what is wrong."""

    holds: str
    reason: str


@dataclass(frozen=True)
class Event:
    """An event made from each row for which ``when`` holds; its id is ``row_id:suffix``.

    With ``state_of``, the key of an entity, it is made only where the entity first appears in the
    file or its ``data`` differs from what the file last said of it.
    """

    kind: type[EventData]
    suffix: str
    data: Mapping[str, str]
    when: str = "true"
    time: str = "occurred_at"
    actor: str | None = None
    session: str | None = None
    ip: str | None = None
    state_of: str | None = None

    def __post_init__(self) -> None:
        known = self.kind.model_fields
        required = {name for name, about in known.items() if about.is_required()}
        if wrong := sorted(self.data.keys() - known.keys()):
            raise ValueError(f"{self.kind.dataschema()} has no field {wrong[0]!r}")
        if missing := sorted(required - self.data.keys()):
            raise ValueError(f"{self.kind.dataschema()} needs the field {missing[0]!r}")


@dataclass(frozen=True)
class Source:
    """One shop's or network's export: what it must hold and what its rows mean.

    A row may end before the ``optional`` columns at the end of the header; they are empty then.
    """

    name: str
    columns: tuple[str, ...]
    events: tuple[Event, ...]
    fields: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    optional: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        suffixes = [event.suffix for event in self.events]
        if len(set(suffixes)) < len(suffixes):
            raise ValueError(f"source {self.name!r}: two events share a suffix: {suffixes}")


def instant(column: str, pattern: str) -> str:
    """The column's UTC time as the contract writes it; NULL where it does not fit the pattern."""
    text = quoted(column)
    parsed = f"try_strptime({text}, {literal(pattern)})"
    written = f"strftime({parsed}, '%Y-%m-%dT%H:%M:%S.%fZ')"
    # strptime also takes words such as 'infinity', and a year 0 that no calendar has
    return f"CASE WHEN {text}[1] BETWEEN '0' AND '9' AND year({parsed}) > 0 THEN {written} END"


def minor_units(column: str) -> str:
    """A decimal amount in hundredths, exactly; NULL where it is not one or has finer parts."""
    text = quoted(column)
    amount = f"try_cast(try_cast({text} AS DECIMAL(18, 2)) * 100 AS BIGINT)"
    pattern = literal("[0-9]{1,13}([.][0-9]{0,2}0*)?")
    return f"CASE WHEN regexp_full_match({text}, {pattern}) THEN {amount} END"


def present(column: str) -> str:
    """The column, or NULL where it is empty."""
    return f"nullif({quoted(column)}, '')"


def identifier(column: str) -> Check:
    """The column holds an id."""
    wrong = f"CASE {quoted(column)} WHEN '' THEN ' is empty' ELSE ' is too long' END"
    return Check(
        f"length({quoted(column)}) BETWEEN 1 AND {MAX_ID_LENGTH}", f"{literal(column)} || {wrong}"
    )


def optional_identifier(column: str) -> Check:
    """The column is empty or holds an id."""
    return Check(f"length({quoted(column)}) <= {MAX_ID_LENGTH}", literal(f"{column} is too long"))


def one_of(column: str, *values: str) -> Check:
    """The column holds one of the values."""
    return Check(
        f"{quoted(column)} IN ({', '.join(map(literal, values))})",
        _about(f"unknown {column}", column, f"(known: {', '.join(values)})"),
    )


def readable(column: str, *, as_field: str, like: str, when: str = "true") -> Check:
    """The field derived from the column is there: the column looks like ``like``."""
    return Check(
        f"{quoted(as_field)} IS NOT NULL OR NOT ({when})",
        _about(column, column, f"is not {like}"),
    )


def literal(text: str) -> str:
    """The text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """The name of a column or field as SQL, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def _about(before: str, column: str, after: str) -> str:
    shown = f"left({quoted(column)}, {SHOWN_LENGTH})"
    return f"""{literal(f"{before} '")} || {shown} || {literal(f"' {after}")}"""
