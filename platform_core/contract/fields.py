"""The types of contract fields. Each tells how a value is checked and whether it is personal."""

from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints

MAX_ID_LENGTH: Final = 256
MAX_TEXT_LENGTH: Final = 4096
MAX_INTEGER: Final = 2**53 - 1  # the largest integer that every JSON reader keeps exact
INSTANT_PATTERN: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$"
DAY_PATTERN: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


@dataclass(frozen=True)
class Personal:
    """Marks a field that is pseudonymised before it reaches any table."""

    namespace: str


@dataclass(frozen=True)
class Money:
    """Marks an amount in integer minor units of the event's currency."""


def _real_instant(value: str) -> str:
    from datetime import datetime

    datetime.fromisoformat(value)
    return value


def _real_day(value: str) -> str:
    from datetime import date

    date.fromisoformat(value)
    return value


EntityId = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID_LENGTH)]
PersonId = Annotated[EntityId, Personal("person")]
DeviceId = Annotated[EntityId, Personal("device")]
Address = Annotated[EntityId, Personal("address")]
Text = Annotated[str, StringConstraints(max_length=MAX_TEXT_LENGTH)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Instant = Annotated[str, StringConstraints(pattern=INSTANT_PATTERN), AfterValidator(_real_instant)]
Day = Annotated[str, StringConstraints(pattern=DAY_PATTERN), AfterValidator(_real_day)]
AmountMinor = Annotated[int, Field(ge=0, le=MAX_INTEGER), Money()]
Quantity = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
Version = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
