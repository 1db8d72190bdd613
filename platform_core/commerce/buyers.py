"""Who buys: a person acts for themselves, and the event's ``actorid`` is what tells who it was."""

from dataclasses import replace

from platform_core.outbox import Origin


def as_buyer(by: Origin, user_id: str) -> Origin:
    """The origin with the buyer as its actor.

    Raises:
        ValueError: it names somebody else.
    """
    if by.actor_id == user_id:
        return by
    if by.actor_id is not None:
        raise ValueError(f"{by.actor_id!r} cannot act as {user_id!r}: people buy for themselves")
    return replace(by, actor_id=user_id)
