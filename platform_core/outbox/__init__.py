"""The outbox: events written in the same transaction as the change that they tell of."""

from platform_core.outbox.outgoing import NOBODY, SOURCE, Origin, Outgoing, append, append_all
from platform_core.outbox.segments import RelayReport, expire, pending, relay

__all__ = [
    "NOBODY",
    "SOURCE",
    "Origin",
    "Outgoing",
    "RelayReport",
    "append",
    "append_all",
    "expire",
    "pending",
    "relay",
]
