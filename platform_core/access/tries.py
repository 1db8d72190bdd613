"""Tries to sign in. After a few wrong ones a login has to wait, longer after each.

Logins that do not exist wait just the same, so that waiting tells nothing about them.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import sqlalchemy as sa

from platform_core.database import one_at_a_time
from platform_core.tables.access import sign_in_tries

FREE_TRIES: Final = 5
WAITS: Final = tuple(timedelta(minutes=m) for m in (1, 2, 5, 15))  # the last one stays
FORGOTTEN_AFTER: Final = timedelta(days=1)


def count_try(engine: sa.Engine, login: str, now: datetime) -> bool:
    """Count a try as wrong until ``forget_tries``; False, uncounted, when the login must wait."""
    with engine.begin() as connection:
        one_at_a_time(connection, "count a try")
        old = sign_in_tries.c.tried_at < now - FORGOTTEN_AFTER
        connection.execute(sa.delete(sign_in_tries).where(old))
        row = connection.execute(sa.select(sign_in_tries).where(_of(login))).one_or_none()
        if row and now < row.tried_at + _wait(row.tries):
            return False
        change = {"tries": row.tries + 1 if row else 1, "tried_at": now}
        if row:
            connection.execute(sa.update(sign_in_tries).where(_of(login)).values(change))
        else:
            first = {"login_sha256": _digest(login), **change}
            connection.execute(sa.insert(sign_in_tries).values(first))
    return True


def forget_tries(connection: sa.Connection, login: str) -> None:
    """The login was signed in to: its tries count no more."""
    connection.execute(sa.delete(sign_in_tries).where(_of(login)))


def _wait(tries: int) -> timedelta:
    if tries < FREE_TRIES:
        return timedelta(0)
    return WAITS[min(tries - FREE_TRIES, len(WAITS) - 1)]


def _of(login: str) -> sa.ColumnElement[bool]:
    return sign_in_tries.c.login_sha256 == _digest(login)


def _digest(login: str) -> str:
    return sha256(login.encode()).hexdigest()
