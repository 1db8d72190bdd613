"""The events themselves, by family. A compatible change is a new optional field."""

from platform_core.contract.events.ads import ADS
from platform_core.contract.events.behaviour import BEHAVIOUR
from platform_core.contract.events.commerce import COMMERCE
from platform_core.contract.events.engagement import ENGAGEMENT
from platform_core.contract.events.model import EventData
from platform_core.contract.events.moderation import MODERATION
from platform_core.contract.events.state import STATE

__all__ = ["EVENTS", "EventData"]

EVENTS: dict[str, type[EventData]] = {
    model.dataschema(): model
    for family in (BEHAVIOUR, ENGAGEMENT, COMMERCE, ADS, STATE, MODERATION)
    for model in family
}
"""Every event that the warehouse accepts, by ``dataschema``, the frequent ones first.
``replay.RowRejected`` is not among them: it exists to be quarantined with its reason."""
