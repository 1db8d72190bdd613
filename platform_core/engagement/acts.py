"""What people can do to notes and creators."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from platform_core.contract.events.behaviour import Surface
from platform_core.outbox import Origin

Kind = Literal[
    "like",
    "unlike",
    "collect",
    "uncollect",
    "share",
    "hide",
    "unhide",
    "report",
    "comment",
    "uncomment",
    "follow",
    "unfollow",
]
KINDS: Final = frozenset(get_args(Kind))


@dataclass(frozen=True, slots=True)
class Act:
    """One person's act upon a note, for ``uncomment`` upon a comment, for follows upon a creator.

    ``at`` is when, if not the moment of the work. ``text`` is a comment's, ``reason`` a report's.

    Raises:
        ValueError: nobody acts, or a comment has no text, or a report no reason.
    """

    kind: Kind
    target_id: str
    by: Origin
    at: datetime | None = None
    text: str | None = None
    reason: str | None = None
    surface: Surface | None = None
    request_id: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is no act; acts: {', '.join(sorted(KINDS))}")
        if not self.by.actor_id:
            raise ValueError(f"nobody would {self.kind} {self.target_id!r}: name the actor")
        if self.kind == "comment" and not self.text:
            raise ValueError(f"a comment on {self.target_id!r} needs a text")
        if self.kind == "report" and not self.reason:
            raise ValueError(f"a report of {self.target_id!r} needs a reason")

    @property
    def user_id(self) -> str:
        """Who acts."""
        return self.by.actor_id or ""
