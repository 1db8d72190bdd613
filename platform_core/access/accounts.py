"""Accounts: who may come in, in which role, and which brands they see."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from platform_core.access.audit import record
from platform_core.access.passwords import hashed
from platform_core.access.tries import forget_tries
from platform_core.database import one_at_a_time
from platform_core.tables.access import accounts, memberships, sessions

Role = Literal["brand", "reviewer"]


@dataclass(frozen=True)
class Identity:
    """Who is signed in. A brand account sees the rows of ``brand_ids`` and no others."""

    account_id: str
    login: str
    role: Role
    brand_ids: tuple[str, ...]


def create_account(
    engine: sa.Engine,
    login: str,
    password: str,
    role: Role,
    brand_ids: Iterable[str] = (),
    *,
    now: datetime,
) -> str:
    """Create an account, or replace the password, role and brands of the one with this login.

    Replacing them ends the account's sessions and forgets its wrong tries. Returns the account's
    id, which never changes.
    """
    login = normal(login)
    if not (login and password):
        raise ValueError("an account needs a login and a password")
    brands = sorted(set(brand_ids))
    secret = {"password_hash": hashed(password), "role": role}
    with engine.begin() as connection:
        one_at_a_time(connection, "create an account")
        found = _find(connection, login)
        account_id = found or _insert(connection, login, secret, now)
        if found:
            _replace(connection, found, secret, now)
        _join(connection, account_id, brands)
        forget_tries(connection, login)
        action = "account.replaced" if found else "account.created"
        detail = {"role": role, "brand_ids": brands}
        record(connection, actor="platform", action=action, subject=login, detail=detail, at=now)
    return account_id


def normal(login: str) -> str:
    """The login as it is compared: case and outer blanks do not matter."""
    return login.strip().casefold()


def _find(connection: sa.Connection, login: str) -> str | None:
    account_id = sa.select(accounts.c.account_id).where(accounts.c.login == login)
    return connection.execute(account_id).scalar_one_or_none()


def _insert(connection: sa.Connection, login: str, secret: dict[str, str], now: datetime) -> str:
    account_id = f"account_{secrets.token_hex(8)}"
    row = {"account_id": account_id, "login": login, "created_at": now, **secret}
    connection.execute(sa.insert(accounts).values(row))
    return account_id


def _replace(
    connection: sa.Connection, account_id: str, secret: dict[str, str], now: datetime
) -> None:
    account = accounts.c.account_id == account_id
    connection.execute(sa.update(accounts).where(account).values(secret))
    connection.execute(sa.delete(memberships).where(memberships.c.account_id == account_id))
    running = (sessions.c.account_id == account_id) & sessions.c.ended_at.is_(None)
    connection.execute(sa.update(sessions).where(running).values(ended_at=now))


def _join(connection: sa.Connection, account_id: str, brand_ids: list[str]) -> None:
    rows = [{"account_id": account_id, "brand_id": brand_id} for brand_id in brand_ids]
    if rows:
        connection.execute(sa.insert(memberships), rows)
