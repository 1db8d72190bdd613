"""Users, creators and devices."""

from platform_core.users.creators import (
    TIERS,
    CreatorUnknown,
    Tier,
    active_creator,
    become_creator,
    count_followers,
    tier,
)
from platform_core.users.devices import Device, link_device, unlink_device
from platform_core.users.people import (
    Gender,
    User,
    UserSuspended,
    UserUnknown,
    active_user,
    reinstate,
    suspend,
    user,
)
from platform_core.users.signing_up import sign_up

__all__ = [
    "TIERS",
    "CreatorUnknown",
    "Device",
    "Gender",
    "Tier",
    "User",
    "UserSuspended",
    "UserUnknown",
    "active_creator",
    "active_user",
    "become_creator",
    "count_followers",
    "link_device",
    "reinstate",
    "sign_up",
    "suspend",
    "tier",
    "unlink_device",
    "user",
]
