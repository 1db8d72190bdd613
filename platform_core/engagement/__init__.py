"""What people leave on notes and creators: acts, one at a time or many, and what they add up to."""

from platform_core.engagement.acts import Act, Kind
from platform_core.engagement.batch import engage
from platform_core.engagement.single import (
    CommentUnknown,
    NoteNotShown,
    SelfFollow,
    collect,
    comment,
    follow,
    hide,
    like,
    report,
    share,
    uncollect,
    uncomment,
    unfollow,
    unhide,
    unlike,
)

__all__ = [
    "Act",
    "CommentUnknown",
    "Kind",
    "NoteNotShown",
    "SelfFollow",
    "collect",
    "comment",
    "engage",
    "follow",
    "hide",
    "like",
    "report",
    "share",
    "uncollect",
    "uncomment",
    "unfollow",
    "unhide",
    "unlike",
]
