"""Acts through the services' public verbs: what a moment of a visit asks the platform to do."""

import json
from collections.abc import Callable, Iterable
from typing import Final, cast, get_args

from platform_core import ads
from platform_core.commerce import add_to_cart, cancel_order, claim_coupon, remove_from_cart
from platform_core.contract.events.behaviour import Surface
from platform_core.engagement import Act, Kind, engage
from platform_core.notes import Content, draft, publish
from platform_core.reviews import post_review
from platform_core.simulation.acts.buying import order
from platform_core.simulation.acts.cast import Cast, Deed
from platform_core.simulation.acts.parcels import send_back
from platform_core.users import Device, become_creator, link_device
from platform_core.work import Work

ENGAGING: Final = frozenset(get_args(Kind))
EVENTS: Final = {
    "like": "note.liked",
    "unlike": "note.unliked",
    "collect": "note.collected",
    "uncollect": "note.uncollected",
    "share": "note.shared",
    "hide": "note.hidden",
    "unhide": "note.unhidden",
    "report": "note.reported",
    "comment": "note.commented",
    "uncomment": "note.uncommented",
    "follow": "creator.followed",
    "unfollow": "creator.unfollowed",
}


def engage_all(work: Work, deeds: Iterable[Deed], scene: Cast) -> None:
    """Engagements go together: one call of the service for many people."""
    engaging = list(deeds)
    acts = [_act(deed) for deed in engaging]
    for deed, event_id in zip(engaging, engage(work, acts), strict=True):
        if event_id is not None:
            scene.truth.engaged(event_id, EVENTS[deed.verb], deed.cause)


def put_on_agenda(deed: Deed, scene: Cast) -> None:
    """Put one of the other acts on the agenda, at its time."""
    verb = VERBS[deed.verb]
    scene.agenda.add(deed.at, lambda work: verb(work, deed, scene), deed.cause)


def _act(deed: Deed) -> Act:
    return Act(
        kind=cast(Kind, deed.verb),
        target_id=deed.target,
        by=deed.by,
        at=deed.at,
        text=deed.text if deed.verb == "comment" else None,
        reason=deed.text if deed.verb == "report" else None,
        surface=cast(Surface, deed.surface),
        request_id=deed.request_id,
    )


def _click_ad(work: Work, deed: Deed, scene: Cast) -> None:
    of = deed.origin
    ads.click(work, deed.token or "", by=deed.by, device_model=of["device_model"], os=of["os"])


def _add_to_cart(work: Work, deed: Deed, scene: Cast) -> None:
    add_to_cart(
        work,
        deed.user_id,
        scene.sku(deed),
        deed.value or 1,
        note_id=deed.link,
        surface=cast(Surface, deed.surface),
        by=deed.by,
    )


def _remove_from_cart(work: Work, deed: Deed, scene: Cast) -> None:
    remove_from_cart(work, deed.user_id, scene.sku(deed), by=deed.by)


def _claim(work: Work, deed: Deed, scene: Cast) -> None:
    coupon = claim_coupon(work, deed.target, deed.user_id, by=deed.by)
    scene.coupons[deed.user_id, deed.target] = coupon


def _review(work: Work, deed: Deed, scene: Cast) -> None:
    """``link`` is the order, if it is one of the person's own."""
    post_review(
        work,
        deed.user_id,
        deed.target,
        stars=deed.value or 5,
        text=deed.text or "",
        order_id=deed.link,
        by=deed.by,
    )


def _publish(work: Work, deed: Deed, scene: Cast) -> None:
    said = json.loads(deed.text or "{}")
    if deed.person not in scene.creators:
        become_creator(work, deed.user_id, by=deed.by)
    content = Content(
        title=said["title"],
        text=said["text"],
        topics=tuple(said["topics"]),
        place=said["place"],
        product_ids=tuple(said["product_ids"]),
        is_disclosed_ad=said["is_disclosed_ad"],
    )
    note_id = draft(work, deed.user_id, content, by=deed.by)
    publish(work, note_id, by=deed.by)
    scene.creators.add(deed.person)
    scene.published.append(
        {
            "note_id": note_id,
            "person": deed.person,
            "topic": scene.lore.topics.index(said["topics"][0]),
            "published_at": deed.at,
            "appeal": said["appeal"],
            "product_ids": said["product_ids"],
            "pull": said["pull"],
            "cause": deed.cause,
        }
    )


def _cancel(work: Work, deed: Deed, scene: Cast) -> None:
    cancel_order(work, deed.target, reason="changed_mind", by=deed.by)


def _sign_in(work: Work, deed: Deed, scene: Cast) -> None:
    of = deed.origin
    device = Device(of["device_id"], of["device_model"], of["os"])
    link_device(work, deed.user_id, device, by=deed.by)


VERBS: Final[dict[str, Callable[[Work, Deed, Cast], None]]] = {
    "sign_in": _sign_in,
    "click_ad": _click_ad,
    "add_to_cart": _add_to_cart,
    "remove_from_cart": _remove_from_cart,
    "claim_coupon": _claim,
    "order": order,
    "review": _review,
    "publish_note": _publish,
    "cancel_order": _cancel,
    "return_order": send_back,
}
