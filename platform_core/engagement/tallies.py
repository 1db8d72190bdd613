"""What acts add up to: counts of a note, followers of a creator, a user's topics."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa

from platform_core.engagement.acts import Act, Kind
from platform_core.engagement.marks import insertion
from platform_core.engagement.scene import Scene
from platform_core.tables.engagement import COUNTS, note_counts, user_topics
from platform_core.users import count_followers
from platform_core.work import Work

COUNTED: Final[dict[Kind, tuple[str, int]]] = {
    "like": ("likes", 1),
    "unlike": ("likes", -1),
    "collect": ("collects", 1),
    "uncollect": ("collects", -1),
    "comment": ("comments", 1),
    "uncomment": ("comments", -1),
    "share": ("shares", 1),
    "hide": ("hides", 1),
    "unhide": ("hides", -1),
    "report": ("reports", 1),
}
FOLLOWED: Final[dict[Kind, int]] = {"follow": 1, "unfollow": -1}
INTEREST: Final[dict[Kind, int]] = {
    "like": 1,
    "unlike": -1,
    "collect": 2,
    "uncollect": -2,
    "follow": 1,
    "unfollow": -1,
}
"""What an act adds to its user's weight of each topic of the note, or of the creator's notes. A
weight falls below zero when topics were added before the act was taken back."""

_COUNT: Final = (
    sa.update(note_counts)
    .where(note_counts.c.note_id == sa.bindparam("id"))
    .values({name: note_counts.c[name] + sa.bindparam(f"by_{name}") for name in COUNTS})
)


def tally(work: Work, acts: Iterable[tuple[Act, str]], scene: Scene) -> None:
    """Count acts that changed something, each upon its note or creator; new tiers are told."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    followers: Counter[str] = Counter()
    topics: Counter[tuple[str, str]] = Counter()
    for act, thing in acts:
        if act.kind in COUNTED:
            name, change = COUNTED[act.kind]
            counts[thing][name] += change
        else:
            followers[thing] += FOLLOWED[act.kind]
        if weight := INTEREST.get(act.kind):
            for topic in scene.topics(act):
                topics[act.user_id, topic] += weight
    _count(work.connection, counts)
    _weigh(work.connection, topics)
    count_followers(work, followers)


def _count(connection: sa.Connection, counts: dict[str, Counter[str]]) -> None:
    rows = [
        {"id": note_id, **{f"by_{name}": counts[note_id][name] for name in COUNTS}}
        for note_id in sorted(counts)
    ]
    if rows:
        connection.execute(_COUNT, rows)


def _weigh(connection: sa.Connection, topics: Counter[tuple[str, str]]) -> None:
    rows = [
        {"user_id": user_id, "topic": topic, "weight": weight}
        for (user_id, topic), weight in sorted(topics.items())
        if weight
    ]
    if rows:
        insert = insertion(connection, user_topics)
        grown = user_topics.c.weight + insert.excluded.weight
        key = [column.name for column in user_topics.primary_key]
        connection.execute(
            insert.on_conflict_do_update(index_elements=key, set_={"weight": grown}), rows
        )
