"""How people become users."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC

import sqlalchemy as sa

from platform_core.contract.events.state import UserChanged
from platform_core.outbox import Origin
from platform_core.tables.users import users
from platform_core.users.devices import Device, link_device
from platform_core.users.people import Gender, user_row
from platform_core.work import Work


def sign_up(
    work: Work,
    *,
    city: str | None = None,
    city_tier: int | None = None,
    gender: Gender = "unknown",
    birth_year: int | None = None,
    has_avatar: bool = False,
    has_bio: bool = False,
    interests: Sequence[str] = (),
    device: Device | None = None,
    by: Origin,
) -> str:
    """A new user, who is active at once; returns their id. ``registered_on`` is the UTC day.

    The device is linked to them: the one given, else the one that ``by`` names.

    Raises:
        ValueError: a fact is not what the contract allows.
    """
    user_id = work.ids("user")
    event = UserChanged(
        user_id=user_id,
        status="active",
        registered_on=work.now.astimezone(UTC).date().isoformat(),
        city=city,
        city_tier=city_tier,
        gender=gender,
        birth_year=birth_year,
        has_avatar=has_avatar,
        has_bio=has_bio,
        interests=list(interests),
    )
    work.connection.execute(sa.insert(users), user_row(work, event))
    by = replace(by, actor_id=by.actor_id or user_id)
    work.tell(event, by)
    if device is None and by.device_id:
        device = Device(by.device_id)
    if device:
        link_device(work, user_id, device, by=by)
    return user_id
