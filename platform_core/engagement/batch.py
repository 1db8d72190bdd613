"""Many acts at once, at the price of a few statements."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from platform_core.database import one_at_a_time
from platform_core.engagement.acts import Act
from platform_core.engagement.scene import Scene
from platform_core.engagement.tallies import tally
from platform_core.engagement.telling import tell
from platform_core.engagement.toggles import TOGGLES, Acts, toggle
from platform_core.tables.engagement import comments
from platform_core.work import Work

ACTS_PER_PORTION: Final = 5_000

_TAKE_BACK: Final = (
    sa.update(comments)
    .where(
        comments.c.comment_id.in_(sa.bindparam("ids", expanding=True)),
        comments.c.status == "published",
    )
    .values(status="removed")
    .returning(comments.c.comment_id)
)


def engage(work: Work, acts: Sequence[Act]) -> list[str | None]:
    """Let people act, in this order; returns the event id of each act that changed something.

    An act that changes nothing is None: it repeats another, takes back what is not there, or its
    user is not active or its target not there to act upon. A comment goes by its event's id.

    Raises:
        ValueError: an act is not what the contract allows.
    """
    event_ids: list[str | None] = []
    for start in range(0, len(acts), ACTS_PER_PORTION):
        event_ids += _portion(work, acts[start : start + ACTS_PER_PORTION])
    return event_ids


def _portion(work: Work, acts: Sequence[Act]) -> list[str | None]:
    if len(acts) > 1:  # two transactions with many acts would wait for each other's rows
        one_at_a_time(work.connection, "engage")
    scene = Scene.load(work.connection, acts)
    things = {place: thing for place, act in enumerate(acts) if (thing := scene.thing(act))}
    changing = sorted(_changing(work, {place: acts[place] for place in things}))
    event_ids: list[str | None] = [None] * len(acts)
    for place in changing:
        event_ids[place] = tell(work, acts[place], things[place])
    _write_comments(work, {event_ids[p]: acts[p] for p in changing if acts[p].kind == "comment"})
    tally(work, [(acts[place], things[place]) for place in changing], scene)
    return event_ids


def _changing(work: Work, possible: Acts) -> set[int]:
    """Places of the acts that change something; all but comments and counts are written."""
    toggling = {place: act for place, act in possible.items() if act.kind in TOGGLES}
    taking_back = {a.target_id: p for p, a in reversed(possible.items()) if a.kind == "uncomment"}
    always = {place for place, act in possible.items() if act.kind in ("share", "comment")}
    return always | toggle(work, toggling) | _take_back(work, taking_back)


def _take_back(work: Work, places: dict[str, int]) -> set[int]:
    """``places`` are those of the acts by the comment that they take back."""
    if not places:
        return set()
    removed = work.connection.execute(_TAKE_BACK, {"ids": sorted(places)}).scalars()
    return {places[comment_id] for comment_id in removed}


def _write_comments(work: Work, acts: dict[str | None, Act]) -> None:
    rows: list[dict[str, Any]] = [
        {
            "comment_id": comment_id,
            "note_id": act.target_id,
            "user_id": act.user_id,
            "text": act.text,
            "status": "published",
            "commented_at": act.at or work.now,
        }
        for comment_id, act in acts.items()
    ]
    if rows:
        work.connection.execute(sa.insert(comments), rows)
