"""Secret keys, each made once and then kept: what they protect is lost with them."""

import secrets
from typing import Final, Literal

import sqlalchemy as sa

from platform_core.database import one_at_a_time, reading
from platform_core.tables.keys import secret_keys

KeyName = Literal["pseudonym", "quarantine", "ad_price"]
KEY_BYTES: Final = 32


def key(engine: sa.Engine, name: KeyName) -> bytes:
    """The 32 bytes under ``name``; the first call, of however many at once, makes them."""
    with reading(engine) as connection:
        value = existing(connection, name)
    return value or _find_or_make(engine, name)


def existing(connection: sa.Connection, name: KeyName) -> bytes | None:
    """The 32 bytes under ``name``, if they have been made."""
    value = sa.select(secret_keys.c.value).where(secret_keys.c.name == name)
    return connection.execute(value).scalar_one_or_none()


def _find_or_make(engine: sa.Engine, name: KeyName) -> bytes:
    with engine.begin() as connection:
        one_at_a_time(connection, "make a key")
        value = existing(connection, name)
        if value is None:
            value = secrets.token_bytes(KEY_BYTES)
            connection.execute(sa.insert(secret_keys).values(name=name, value=value))
        return value
