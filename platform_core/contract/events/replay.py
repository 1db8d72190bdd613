"""What replays of other shops' exports say beside their events."""

from platform_core.contract.events.model import EventData
from platform_core.contract.fields import EntityId, Quantity, Text


class RowRejected(EventData):
    """A row of a replayed export that its mapping could not turn into an event."""

    type = "replay.row_rejected"
    file: EntityId
    line: Quantity
    reason: Text
    row: str
