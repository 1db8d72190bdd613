"""The tables of the system of record; importing this package declares all of them."""

from platform_core.tables import access, keys, moderation, outbox
from platform_core.tables.schema import metadata

__all__ = ["access", "keys", "metadata", "moderation", "outbox"]
