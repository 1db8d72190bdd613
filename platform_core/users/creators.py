"""Users who publish notes, and how large their audience is."""

from typing import Final, Literal

import sqlalchemy as sa

from platform_core.contract.events.state import CreatorChanged
from platform_core.outbox import Origin
from platform_core.tables.users import creators
from platform_core.users.people import active_user
from platform_core.work import Refusal, Work

Tier = Literal["nano", "micro", "mid", "macro", "mega"]

TIERS: Final[tuple[tuple[int, Tier], ...]] = (
    (1_000_000, "mega"),
    (500_000, "macro"),
    (50_000, "mid"),
    (10_000, "micro"),
    (0, "nano"),
)
"""From so many followers on. The borders are those of Mediakix, "Influencer tiers" (2019); on
Xiaohongshu the tiers go by 素人, 初级达人, 腰部达人, 头部达人 and 明星."""


class CreatorUnknown(Refusal):
    """There is no creator with this id."""


def tier(followers: int) -> Tier:
    """The tier of a creator with so many followers."""
    return next(name for border, name in TIERS if followers >= border)


def become_creator(work: Work, user_id: str, *, by: Origin) -> None:
    """The user may publish notes from now on; a creator already is one.

    Raises:
        UserUnknown: there is no such user.
        UserSuspended: they are suspended.
    """
    active_user(work, user_id)
    known = sa.select(creators.c.creator_id).where(creators.c.creator_id == user_id)
    if work.connection.execute(known).first():
        return
    event = CreatorChanged(creator_id=user_id, tier=tier(0), followers=0)
    work.connection.execute(sa.insert(creators), event.model_dump())
    work.tell(event, by)


def active_creator(work: Work, user_id: str) -> None:
    """Nothing, if this is a creator who may act.

    Raises:
        UserUnknown: there is no such user.
        UserSuspended: they are suspended.
        CreatorUnknown: they publish no notes.
    """
    active_user(work, user_id)
    known = sa.select(creators.c.creator_id).where(creators.c.creator_id == user_id)
    if not work.connection.execute(known).first():
        raise CreatorUnknown(f"user {user_id!r} is no creator: become one first")


def count_followers(work: Work, changes: dict[str, int]) -> None:
    """Add to the creators' followers; whoever crosses a border changes tier, which is told."""
    moved = [{"id": c, "change": change} for c, change in sorted(changes.items()) if change]
    if not moved:
        return
    one = creators.c.creator_id == sa.bindparam("id")
    grown = creators.c.followers + sa.bindparam("change")
    work.connection.execute(sa.update(creators).where(one).values(followers=grown), moved)
    ids = [row["id"] for row in moved]
    now = sa.select(creators).where(creators.c.creator_id.in_(ids)).order_by(creators.c.creator_id)
    for row in work.connection.execute(now).all():
        if row.tier != tier(row.followers):
            _change_tier(work, row.creator_id, row.followers)


def _change_tier(work: Work, creator_id: str, followers: int) -> None:
    event = CreatorChanged(creator_id=creator_id, tier=tier(followers), followers=followers)
    one = creators.c.creator_id == creator_id
    work.connection.execute(sa.update(creators).where(one).values(tier=event.tier))
    work.tell(event)
