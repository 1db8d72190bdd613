"""Sessions: signing in, being recognised, signing out."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import sqlalchemy as sa

from platform_core.access.accounts import Identity, normal
from platform_core.access.audit import record
from platform_core.access.passwords import matches
from platform_core.access.tries import count_try, forget_tries
from platform_core.database import reading
from platform_core.tables.access import accounts, memberships, sessions

SESSION_LIFE: Final = timedelta(hours=12)
TOKEN_BYTES: Final = 32


class SignInRefused(Exception):
    """Nobody was signed in; the message is the same whatever the reason."""

    def __init__(self) -> None:
        super().__init__("wrong login or password; after several wrong tries wait some minutes")


def sign_in(engine: sa.Engine, login: str, password: str, now: datetime) -> str:
    """Start a session of 12 hours and return its token, of which only a digest is stored.

    Raises:
        SignInRefused: unknown login, wrong password, or too many wrong tries before this one.
    """
    login = normal(login)
    if not count_try(engine, login, now):
        raise SignInRefused
    account_id = _account_id(engine, login, password)
    if account_id is None:
        raise SignInRefused
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with engine.begin() as connection:
        forget_tries(connection, login)
        _start(connection, token, account_id, now)
        record(connection, actor=login, action="session.started", subject=login, at=now)
    return token


def identify(engine: sa.Engine, token: str, now: datetime) -> Identity | None:
    """Whose session the token belongs to; None when it has ended or never was."""
    account = sa.select(accounts.c.account_id, accounts.c.login, accounts.c.role)
    with reading(engine) as connection:
        found = connection.execute(account.join(sessions).where(_running(token, now))).one_or_none()
        if found is None:
            return None
        brands = (
            sa.select(memberships.c.brand_id)
            .where(memberships.c.account_id == found.account_id)
            .order_by(memberships.c.brand_id)
        )
        brand_ids = tuple(connection.execute(brands).scalars())
    return Identity(found.account_id, found.login, found.role, brand_ids)


def sign_out(engine: sa.Engine, token: str, now: datetime) -> None:
    """End the token's session, if it is still running."""
    identity = identify(engine, token, now)
    if identity is None:
        return
    with engine.begin() as connection:
        ended = sa.update(sessions).where(_running(token, now)).values(ended_at=now)
        connection.execute(ended)
        login = identity.login
        record(connection, actor=login, action="session.ended", subject=login, at=now)


def _account_id(engine: sa.Engine, login: str, password: str) -> str | None:
    columns = accounts.c
    account = sa.select(columns.account_id, columns.password_hash).where(columns.login == login)
    with reading(engine) as connection:
        found = connection.execute(account).one_or_none()
    is_right = matches(found.password_hash if found else None, password)
    return found.account_id if found and is_right else None


def _start(connection: sa.Connection, token: str, account_id: str, now: datetime) -> None:
    session = {
        "token_sha256": _digest(token),
        "account_id": account_id,
        "started_at": now,
        "expires_at": now + SESSION_LIFE,
    }
    connection.execute(sa.insert(sessions).values(session))


def _running(token: str, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        sessions.c.token_sha256 == _digest(token),
        sessions.c.ended_at.is_(None),
        sessions.c.expires_at > now,
    )


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
