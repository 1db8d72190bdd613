"""Users as they stand; they can be suspended and come back."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal

import sqlalchemy as sa

from platform_core.contract.events.state import UserChanged
from platform_core.database import reading
from platform_core.outbox import Origin
from platform_core.tables.users import users
from platform_core.work import Refusal, Work

Status = Literal["active", "suspended"]
Gender = Literal["female", "male", "unknown"]

_USER: Final = sa.select(users).where(users.c.user_id == sa.bindparam("id"))
_LOCKED: Final = _USER.with_for_update(key_share=True)


class UserUnknown(Refusal):
    """There is no user with this id."""


class UserSuspended(Refusal):
    """The user is suspended and may not do this."""


@dataclass(frozen=True)
class User:
    """A user as they stand; ``status_reason`` says why they are suspended."""

    user_id: str
    status: Status
    status_reason: str | None
    registered_on: date
    city: str | None
    city_tier: int | None
    gender: Gender
    birth_year: int | None
    has_avatar: bool
    has_bio: bool
    interests: tuple[str, ...]


def suspend(work: Work, user_id: str, *, reason: str, by: Origin) -> None:
    """From now on the user can do nothing; what they did stands.

    Raises:
        UserUnknown: there is no such user.
    """
    _change_status(work, user_id, "suspended", reason, by)


def reinstate(work: Work, user_id: str, *, by: Origin) -> None:
    """The user is active again.

    Raises:
        UserUnknown: there is no such user.
    """
    _change_status(work, user_id, "active", None, by)


def user(source: sa.Connection | sa.Engine, user_id: str) -> User:
    """The user as they stand.

    Raises:
        UserUnknown: there is no such user.
    """
    if isinstance(source, sa.Engine):
        with reading(source) as connection:
            return user(connection, user_id)
    return _user(source, user_id, _USER)


def active_user(work: Work, user_id: str) -> User:
    """The user, if they may act; no other transaction changes them before this one ends.

    Raises:
        UserUnknown: there is no such user.
        UserSuspended: they are suspended.
    """
    found = _user(work.connection, user_id, _LOCKED)
    if found.status != "active":
        raise UserSuspended(f"user {user_id!r} is suspended: reinstate them first")
    return found


def _change_status(
    work: Work, user_id: str, status: Status, reason: str | None, by: Origin
) -> None:
    found = _user(work.connection, user_id, _LOCKED)
    if found.status == status:
        return
    changed = vars(replace(found, status=status, status_reason=reason))
    event = UserChanged(
        **changed
        | {
            "registered_on": found.registered_on.isoformat(),
            "interests": list(found.interests),
        }
    )
    update = sa.update(users).where(users.c.user_id == user_id)
    work.connection.execute(update.values(user_row(work, event)))
    work.tell(event, by)


def _user(connection: sa.Connection, user_id: str, query: sa.Select[Any]) -> User:
    row = connection.execute(query, {"id": user_id}).mappings().one_or_none()
    if row is None:
        raise UserUnknown(f"there is no user {user_id!r}: sign up first")
    facts = {name: value for name, value in row.items() if name != "changed_at"}
    return User(**facts | {"interests": tuple(row["interests"])})


def user_row(work: Work, event: UserChanged) -> dict[str, Any]:
    """The row of ``users`` that the event tells of."""
    registered_on = date.fromisoformat(event.registered_on)
    return event.model_dump() | {"registered_on": registered_on, "changed_at": work.now}
