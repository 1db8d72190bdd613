"""The envelope of every event: CloudEvents 1.0 in JSON, one object a line."""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from platform_core.contract.fields import Address, DeviceId, EntityId, Instant, PersonId, Text

CONTRACT_VERSION: Final = "1.0"
SPECVERSION: Final = "1.0"
MAX_LINE_BYTES: Final = 1_048_576
EARLIEST_YEAR: Final = 2015
CLOCK_SKEW_DAYS: Final = 1  # an event may claim to be this much later than its segment's closing


class Envelope(BaseModel):
    """What every event says about itself; ``data`` is the model that ``dataschema`` names."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    specversion: Literal["1.0"]
    id: Annotated[EntityId, Field(description="unique within the source")]
    source: Annotated[EntityId, Field(description="registered name of the source")]
    type: Annotated[EntityId, Field(description="entity.past_tense")]
    time: Annotated[Instant, Field(description="when it happened, RFC 3339 UTC")]
    dataschema: Annotated[EntityId, Field(description="type/version")]
    data: dict[str, Any]
    actorid: Annotated[PersonId | None, Field(description="who did it")] = None
    deviceid: DeviceId | None = None
    sessionid: EntityId | None = None
    ip: Address | None = None
    useragent: Text | None = None
    mends: Annotated[
        EntityId | None, Field(description="the quarantined line that this event replaces")
    ] = None
