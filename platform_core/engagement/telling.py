"""The events of acts."""

from collections.abc import Callable
from typing import Any, Final

from platform_core.contract import EventData
from platform_core.contract.events import engagement as events
from platform_core.engagement.acts import Act, Kind
from platform_core.outbox import Outgoing
from platform_core.work import Work

OF_NOTES: Final[dict[Kind, Callable[..., EventData]]] = {
    "like": events.NoteLiked,
    "unlike": events.NoteUnliked,
    "collect": events.NoteCollected,
    "uncollect": events.NoteUncollected,
    "share": events.NoteShared,
    "hide": events.NoteHidden,
    "unhide": events.NoteUnhidden,
    "report": events.NoteReported,
    "comment": events.NoteCommented,
    "uncomment": events.NoteUncommented,
}
OF_CREATORS: Final[dict[Kind, Callable[..., EventData]]] = {
    "follow": events.CreatorFollowed,
    "unfollow": events.CreatorUnfollowed,
}


def tell(work: Work, act: Act, thing: str) -> str:
    """Tell of an act upon a note or creator; returns the event's id, which a comment shares."""
    event_id = work.ids("event")
    work.told.append(Outgoing(_event(act, thing, event_id), event_id, act.at or work.now, act.by))
    return event_id


def _event(act: Act, thing: str, event_id: str) -> EventData:
    if act.kind in OF_CREATORS:
        return OF_CREATORS[act.kind](creator_id=thing)
    facts: dict[str, Any] = {
        "note_id": thing,
        "surface": act.surface,
        "request_id": act.request_id,
    }
    match act.kind:
        case "report":
            facts["reason"] = act.reason
        case "comment":
            facts |= {"comment_id": event_id, "text": act.text}
        case "uncomment":
            facts["comment_id"] = act.target_id
    return OF_NOTES[act.kind](**facts)
