"""The types of contract fields. Each tells how a value is checked and whether it is personal.

What a type demands stands in its JSON Schema, so that the schema is all that a checker needs.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, Field, GetJsonSchemaHandler, StringConstraints
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

MAX_ID_LENGTH: Final = 256
MAX_TEXT_LENGTH: Final = 4096
MAX_INTEGER: Final = 2**53 - 1  # the largest integer that every JSON reader keeps exact
INSTANT_PATTERN: Final = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?Z$"
)
DAY_PATTERN: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
PERSONAL: Final = "x-personal"
"""JSON Schema key of a field that is pseudonymised, in the namespace that is its value."""
PLANNED: Final = "x-planned"
"""JSON Schema key of an instant that may lie in the event's future."""
PRIVATE: Final = "x-private"
"""JSON Schema key of what a person said or what describes them: emptied when they are erased."""
MONEY: Final = "x-money"
"""JSON Schema key of an amount in integer minor units of the event's currency."""


@dataclass(frozen=True)
class Mark:
    """Adds one key to a type's JSON Schema, wherever the type is used."""

    key: str
    value: str | bool

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(core_schema), self.key: self.value}


def _real_instant(value: str) -> str:
    datetime.fromisoformat(value)
    return value


def _real_day(value: str) -> str:
    date.fromisoformat(value)
    return value


def instant_text(at: datetime) -> str:
    """The instant as events write it: RFC 3339 UTC with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


EntityId = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID_LENGTH)]
PersonId = Annotated[EntityId, Mark(PERSONAL, "person")]
DeviceId = Annotated[EntityId, Mark(PERSONAL, "device")]
Address = Annotated[EntityId, Mark(PERSONAL, "address")]
Destination = Annotated[EntityId, Mark(PERSONAL, "destination")]
Instrument = Annotated[EntityId, Mark(PERSONAL, "instrument")]
Text = Annotated[str, StringConstraints(max_length=MAX_TEXT_LENGTH)]
FreeText = Annotated[Text, Mark(PRIVATE, True)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Instant = Annotated[
    str,
    StringConstraints(pattern=INSTANT_PATTERN),
    AfterValidator(_real_instant),
    Mark("format", "date-time"),
]
Planned = Annotated[Instant, Mark(PLANNED, True)]
Day = Annotated[
    str,
    StringConstraints(pattern=DAY_PATTERN),
    AfterValidator(_real_day),
    Mark("format", "date"),
]
AmountMinor = Annotated[int, Field(ge=0, le=MAX_INTEGER), Mark(MONEY, True)]
Quantity = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
Version = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
Count = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Milliseconds = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Integer = Annotated[int, Field(ge=-MAX_INTEGER, le=MAX_INTEGER)]
Stars = Annotated[int, Field(ge=1, le=5)]
Score = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
Flag = bool
