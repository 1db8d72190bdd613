"""What a table declares: its name, its columns with their types, its partition."""

from dataclasses import dataclass
from typing import Final

import pyarrow as pa
from deltalake import Schema

ARROW_TYPES: Final[dict[str, pa.DataType]] = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BLOB": pa.binary(),
    "VARCHAR[]": pa.list_(pa.string()),
    "DATE[]": pa.list_(pa.date32()),
}


@dataclass(frozen=True)
class Column:
    """A column; ``type`` is one of ``ARROW_TYPES``, the types that both engines agree on."""

    name: str
    type: str

    @property
    def arrow(self) -> pa.DataType:
        return ARROW_TYPES[self.type]


@dataclass(frozen=True)
class Table:
    """A table of the lake; ``partition`` names a DATE column that is never NULL, or is None."""

    name: str
    columns: tuple[Column, ...]
    partition: str | None = None

    def __post_init__(self) -> None:
        if self.partition and Column(self.partition, "DATE") not in self.columns:
            raise ValueError(
                f"{self.name}: partition {self.partition!r} must be a column of type DATE"
            )

    @property
    def arrow_schema(self) -> pa.Schema:
        return pa.schema([pa.field(c.name, c.arrow) for c in self.columns])

    @property
    def delta_schema(self) -> Schema:
        return Schema.from_arrow(self.arrow_schema)

    @property
    def file_schema(self) -> dict[str, pa.DataType]:
        """Columns that a data file holds: the partition is in its path."""
        return {c.name: c.arrow for c in self.columns if c.name != self.partition}

    @property
    def partitions(self) -> list[str]:
        return [self.partition] if self.partition else []
