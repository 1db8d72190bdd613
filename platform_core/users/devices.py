"""Which devices a user signs in on. A device may be several people's."""

from dataclasses import dataclass

import sqlalchemy as sa

from platform_core.contract.events.state import DeviceLinked, DeviceUnlinked
from platform_core.outbox import Origin
from platform_core.tables.users import device_links
from platform_core.users.people import active_user
from platform_core.work import Work


@dataclass(frozen=True)
class Device:
    """A device as it describes itself."""

    device_id: str
    model: str = "unknown"
    os: str = "unknown"


def link_device(work: Work, user_id: str, device: Device, *, by: Origin) -> None:
    """The user signs in on the device for the first time; later times change nothing.

    Raises:
        UserUnknown: there is no such user.
        UserSuspended: they are suspended.
    """
    active_user(work, user_id)
    linked = sa.select(device_links).where(_link(user_id, device.device_id))
    if work.connection.execute(linked).first():
        return
    event = DeviceLinked(
        user_id=user_id, linked_device=device.device_id, model=device.model, os=device.os
    )
    link = {"user_id": user_id, **vars(device), "linked_at": work.now}
    work.connection.execute(sa.insert(device_links), link)
    work.tell(event, by)


def unlink_device(work: Work, user_id: str, device_id: str, *, by: Origin) -> None:
    """The user removes the device; one that is not linked changes nothing."""
    unlink = sa.delete(device_links).where(_link(user_id, device_id))
    if work.connection.execute(unlink).rowcount:
        work.tell(DeviceUnlinked(user_id=user_id, linked_device=device_id), by)


def _link(user_id: str, device_id: str) -> sa.ColumnElement[bool]:
    return (device_links.c.user_id == user_id) & (device_links.c.device_id == device_id)
