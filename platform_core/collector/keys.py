"""Keys of the sources that may send to the collector; a key is shown once and kept as a digest."""

import secrets
from datetime import datetime
from hashlib import sha256
from typing import Final

import sqlalchemy as sa

from platform_core.database import reading
from platform_core.landing import SOURCE_NAME
from platform_core.outbox.outgoing import SOURCE as PLATFORM
from platform_core.tables.collector import collector_keys

KEY_BYTES: Final = 32
PREFIX: Final = "meadow_"


def issue_key(engine: sa.Engine, source: str, now: datetime) -> str:
    """A new key for a source, beside those it has; only now can it be read.

    Raises:
        ValueError: the name is not a source's, or it is the platform's own.
    """
    if not SOURCE_NAME.match(source):
        raise ValueError(f"source {source!r}: a name is lower-case letters, digits and '_'")
    if source == PLATFORM:
        raise ValueError(f"source {source!r} is the relay's: name the app that will send")
    key = PREFIX + secrets.token_urlsafe(KEY_BYTES)
    issued = {"key_sha256": _digest(key), "source": source, "issued_at": now}
    with engine.begin() as connection:
        connection.execute(sa.insert(collector_keys).values(issued))
    return key


def revoke_keys(engine: sa.Engine, source: str, now: datetime) -> int:
    """Let no key of the source open any more; returns how many did until now."""
    open_keys = (collector_keys.c.source == source) & collector_keys.c.revoked_at.is_(None)
    revoked = sa.update(collector_keys).where(open_keys).values(revoked_at=now)
    with engine.begin() as connection:
        return connection.execute(revoked).rowcount


def source_of(engine: sa.Engine, key: str) -> str | None:
    """The source that the key was issued to; None if it was not, or is revoked."""
    source = sa.select(collector_keys.c.source).where(
        collector_keys.c.key_sha256 == _digest(key), collector_keys.c.revoked_at.is_(None)
    )
    with reading(engine) as connection:
        return connection.execute(source).scalar_one_or_none()


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()
