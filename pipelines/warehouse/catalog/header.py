"""The YAML header of a table's file: grain, partition, columns, expectations, reach in time."""

import re
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from pipelines.warehouse.lake import Column

UNIT_TYPES: Final = {
    "": "VARCHAR",
    "count": "BIGINT",
    "number": "BIGINT",
    "minor": "BIGINT",
    "seconds": "BIGINT",
    "milliseconds": "BIGINT",
    "share": "DOUBLE",
    "score": "DOUBLE",
    "day": "DATE",
    "UTC": "TIMESTAMP",
    "flag": "BOOLEAN",
    "bytes": "BLOB",
    "list": "VARCHAR[]",
    "days": "DATE[]",
}
"""The type of a column follows from its unit: money is integer minor units, instants are UTC."""

_UNIT: Final = re.compile(r"\[(\w+)\]$")

Days = int | Literal["all"]


class HeaderColumn(BaseModel):
    """What a column means, and the unit that it is counted in."""

    model_config = ConfigDict(frozen=True)

    name: str
    meaning: str
    unit: str

    @property
    def column(self) -> Column:
        return Column(self.name, UNIT_TYPES[self.unit])


class Expectation(BaseModel):
    """One expectation, as ``- kind: argument`` with an optional ``severity: warning``."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["unique", "not_null", "between", "in_set", "no_rows"]
    argument: Any
    severity: Literal["critical", "warning"] = "critical"


def _columns(value: dict[str, str]) -> list[HeaderColumn]:
    columns = []
    for name, meaning in value.items():
        found = _UNIT.search(meaning)
        unit = found[1] if found else ""
        if unit not in UNIT_TYPES:
            known = ", ".join(sorted(u for u in UNIT_TYPES if u))
            raise ValueError(f"column {name!r} has the unknown unit [{unit}]; known: {known}")
        columns.append(HeaderColumn(name=name, meaning=meaning, unit=unit))
    return columns


def _expectations(value: list[dict[str, Any]]) -> list[Expectation]:
    expectations = []
    for entry in value:
        severity = entry.get("severity", "critical")
        ((kind, argument),) = ((k, v) for k, v in entry.items() if k != "severity")
        expectations.append(Expectation(kind=kind, argument=argument, severity=severity))
    return expectations


class Header(BaseModel):
    """All that a table's file says about it before its query begins."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    grain: str
    owner: str
    freshness: Annotated[str, Field(pattern=r"^\d+h$")]
    columns: Annotated[list[HeaderColumn], BeforeValidator(_columns)]
    partition: str | None = None
    made_by: Annotated[
        str | None, Field(description="module:function, if Python makes the rows")
    ] = None
    reads: Annotated[list[str], Field(description="tables that the function reads")] = []
    says: Annotated[
        list[str], Field(description="files beside this one that decide what the function makes")
    ] = []
    lookback: Days | dict[str, Days] = Field(
        0, description="days before its own that a row is computed from"
    )
    lookahead: Days | dict[str, Days] = Field(
        0, description="days after its own that a row is computed from"
    )
    affects: Annotated[
        dict[str, str],
        Field(description="by input: SQL over the rows `changed` that gives the affected days"),
    ] = {}
    restated: bool = Field(
        False, description="whether a number that changes after its release is explained"
    )
    notes: str = ""
    expect: Annotated[list[Expectation], BeforeValidator(_expectations)] = []

    @property
    def freshness_hours(self) -> int:
        return int(self.freshness.removesuffix("h"))

    def reach_back(self, table: str) -> Days:
        return self.lookback.get(table, 0) if isinstance(self.lookback, dict) else self.lookback

    def reach_ahead(self, table: str) -> Days:
        return self.lookahead.get(table, 0) if isinstance(self.lookahead, dict) else self.lookahead
