"""What all event models share."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """An object within an event."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class EventData(Part):
    """The ``data`` of one event type."""

    type: ClassVar[str]
    version: ClassVar[int] = 1

    @classmethod
    def dataschema(cls) -> str:
        return f"{cls.type}/{cls.version}"
