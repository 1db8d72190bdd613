"""What the database knows of those who act and of what they act upon."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from platform_core.engagement.acts import Act
from platform_core.tables.engagement import comments
from platform_core.tables.notes import notes
from platform_core.tables.users import creators, users

_IDS: Final[sa.BindParameter[Any]] = sa.bindparam("ids", expanding=True)
_IS_PUBLISHED: Final = notes.c.status == "published"
_ACTIVE: Final = sa.select(users.c.user_id).where(
    users.c.user_id.in_(_IDS), users.c.status == "active"
)
_PUBLISHED: Final = sa.select(notes.c.note_id, notes.c.topics).where(
    notes.c.note_id.in_(_IDS), _IS_PUBLISHED
)
_COMMENTS: Final = sa.select(comments.c.comment_id, comments.c.user_id, comments.c.note_id).where(
    comments.c.comment_id.in_(_IDS)
)
_CREATORS: Final = (
    sa.select(creators.c.creator_id, notes.c.topics)
    .outerjoin(notes, (notes.c.creator_id == creators.c.creator_id) & _IS_PUBLISHED)
    .where(creators.c.creator_id.in_(_IDS))
)


@dataclass(frozen=True)
class Scene:
    """Active users, published notes with their topics, creators with those of all their notes."""

    users: frozenset[str]
    note_topics: dict[str, frozenset[str]]
    creator_topics: dict[str, frozenset[str]]
    comments: dict[str, tuple[str, str]]
    """User and note of the comments that are to be taken back."""

    @classmethod
    def load(cls, connection: sa.Connection, acts: Sequence[Act]) -> "Scene":
        """All that matters for these acts."""
        taken_back = {act.target_id for act in acts if act.kind == "uncomment"}
        followed = {act.target_id for act in acts if act.kind in ("follow", "unfollow")}
        comments = {row[0]: (row[1], row[2]) for row in _rows(connection, _COMMENTS, taken_back)}
        noted = {act.target_id for act in acts} - taken_back - followed
        noted |= {note_id for _, note_id in comments.values()}
        return cls(
            users=frozenset(u for (u,) in _rows(connection, _ACTIVE, {a.user_id for a in acts})),
            note_topics=_topics(_rows(connection, _PUBLISHED, noted)),
            creator_topics=_topics(_rows(connection, _CREATORS, followed)),
            comments=comments,
        )

    def thing(self, act: Act) -> str | None:
        """The published note or the creator that the act is about; None if it is not possible."""
        if act.user_id not in self.users:
            return None
        if act.kind in ("follow", "unfollow"):
            possible = act.target_id in self.creator_topics and act.target_id != act.user_id
            return act.target_id if possible else None
        note_id = self._own_comment(act) if act.kind == "uncomment" else act.target_id
        return note_id if note_id in self.note_topics else None

    def topics(self, act: Act) -> frozenset[str]:
        """The topics that a possible act tells something about."""
        known = self.creator_topics if act.kind in ("follow", "unfollow") else self.note_topics
        return known[act.target_id]

    def _own_comment(self, act: Act) -> str | None:
        author, note_id = self.comments.get(act.target_id, (None, None))
        return note_id if author == act.user_id else None


def _rows(connection: sa.Connection, query: sa.Select[Any], ids: set[str]) -> Iterable[Any]:
    return connection.execute(query, {"ids": sorted(ids)}) if ids else ()


def _topics(rows: Iterable[tuple[str, list[str] | None]]) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for thing, topics in rows:
        found[thing].update(topics or ())
    return {thing: frozenset(topics) for thing, topics in found.items()}
