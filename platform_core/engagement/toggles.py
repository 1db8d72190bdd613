"""Acts that set a mark or lift it, and change nothing when it is so already."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from platform_core.engagement.acts import Act, Kind
from platform_core.engagement.marks import Key, Marks
from platform_core.tables.engagement import follows, reactions
from platform_core.work import Work

REACTIONS: Final = Marks(reactions, "reacted_at")
FOLLOWS: Final = Marks(follows, "followed_at")

Acts = dict[int, Act]
"""Acts by their places in the order."""


@dataclass(frozen=True)
class Toggle:
    """Which marks an act is about, and whether it sets or lifts one."""

    marks: Marks
    sets: bool
    reaction: tuple[str, ...] = ()

    def key(self, act: Act) -> Key:
        """The key of the act's mark."""
        return (act.user_id, act.target_id, *self.reaction)


TOGGLES: Final[dict[Kind, Toggle]] = {
    "like": Toggle(REACTIONS, True, ("like",)),
    "unlike": Toggle(REACTIONS, False, ("like",)),
    "collect": Toggle(REACTIONS, True, ("collect",)),
    "uncollect": Toggle(REACTIONS, False, ("collect",)),
    "hide": Toggle(REACTIONS, True, ("hide",)),
    "unhide": Toggle(REACTIONS, False, ("hide",)),
    "report": Toggle(REACTIONS, True, ("report",)),
    "follow": Toggle(FOLLOWS, True),
    "unfollow": Toggle(FOLLOWS, False),
}


def toggle(work: Work, acts: Acts) -> set[int]:
    """Set and lift what the acts ask for; returns the places of those that changed something."""
    changed: set[int] = set()
    for some in _rounds(acts):
        for marks in (REACTIONS, FOLLOWS):
            changed |= _set(work, marks, some) | _lift(work, marks, some)
    return changed


def _rounds(acts: Acts) -> Iterable[Acts]:
    """Acts on the same mark follow each other, so that each round has every mark at most once."""
    rounds: defaultdict[int, Acts] = defaultdict(dict)
    turns: Counter[Key] = Counter()
    for place, act in sorted(acts.items()):
        key = TOGGLES[act.kind].key(act)
        rounds[turns[key]][place] = act
        turns[key] += 1
    return rounds.values()


def _set(work: Work, marks: Marks, acts: Acts) -> set[int]:
    places = _places(acts, marks, sets=True)
    moments = {key: acts[place].at or work.now for key, place in places.items()}
    return {places[key] for key in marks.put(work.connection, moments)}


def _lift(work: Work, marks: Marks, acts: Acts) -> set[int]:
    places = _places(acts, marks, sets=False)
    return {places[key] for key in marks.lift(work.connection, places.keys())}


def _places(acts: Acts, marks: Marks, *, sets: bool) -> dict[Key, int]:
    asked = ((place, act, TOGGLES[act.kind]) for place, act in acts.items())
    return {t.key(act): place for place, act, t in asked if t.marks is marks and t.sets is sets}
