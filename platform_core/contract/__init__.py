"""The versioned event contract: the one thing that a platform and the warehouse share."""

from platform_core.contract.envelope import CONTRACT_VERSION, Envelope
from platform_core.contract.events import EVENTS, EventData
from platform_core.contract.schema import json_schema

__all__ = ["CONTRACT_VERSION", "EVENTS", "Envelope", "EventData", "json_schema"]
