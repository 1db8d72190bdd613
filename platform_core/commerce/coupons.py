"""Coupons: claimed once by a person, redeemed by an order, returned when it is cancelled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from platform_core.commerce.buyers import as_buyer
from platform_core.commerce.offers import Offer, offer
from platform_core.contract.events.commerce import CouponClaimed, CouponRedeemed, CouponReturned
from platform_core.database import one_at_a_time
from platform_core.outbox import Origin
from platform_core.tables.offers import coupons, offers
from platform_core.users import active_user
from platform_core.work import Refusal, Work

_CLAIMED: Final = sa.select(coupons.c.coupon_id).where(
    coupons.c.offer_id == sa.bindparam("of_offer"), coupons.c.user_id == sa.bindparam("of_user")
)
_TAKE_ONE: Final = (
    sa.update(offers)
    .where(offers.c.offer_id == sa.bindparam("of_offer"))
    .where((offers.c.claim_limit == 0) | (offers.c.claimed < offers.c.claim_limit))
    .values(claimed=offers.c.claimed + 1)
)
_COUPON: Final = (
    sa.select(coupons).where(coupons.c.coupon_id == sa.bindparam("of_coupon")).with_for_update()
)
_OF_USER: Final = (
    sa.select(*coupons.c["coupon_id", "offer_id", "order_id", "claimed_at"])
    .where(coupons.c.user_id == sa.bindparam("of_user"))
    .order_by(coupons.c.claimed_at, coupons.c.coupon_id)
)
_SET_ORDER: Final = (
    sa.update(coupons)
    .where(coupons.c.coupon_id == sa.bindparam("of_coupon"))
    .values(order_id=sa.bindparam("order_id"))
)


class CouponsGone(Refusal):
    """The offer gives no coupon: it is not running, not of coupons, or all were claimed."""


class CouponNotApplicable(Refusal):
    """The coupon does not reduce this order; nothing was placed."""


@dataclass(frozen=True)
class Coupon:
    """A claimed coupon; ``order_id`` is the order that it reduced, none while it can be used."""

    coupon_id: str
    offer_id: str
    order_id: str | None
    claimed_at: datetime


def claim_coupon(work: Work, offer_id: str, user_id: str, *, by: Origin) -> str:
    """Take one coupon of an offer; whoever already has one gets the same again.

    Raises:
        OfferUnknown: there is no such offer.
        CouponsGone: it gives no coupon now.
        UserUnknown, UserSuspended: nobody claims under this id.
        ValueError: somebody else acts.
    """
    by = as_buyer(by, user_id)
    one_at_a_time(work.connection, f"coupon of {user_id}")
    keys = {"of_offer": offer_id, "of_user": user_id}
    claimed: str | None = work.connection.scalar(_CLAIMED, keys)
    if claimed is not None:
        return claimed
    active_user(work, user_id)
    found = offer(work.connection, offer_id)
    if found.kind != "coupon" or not found.runs_at(work.now):
        raise CouponsGone(f"offer {offer_id!r} gives no coupons now")
    if not work.connection.execute(_TAKE_ONE, {"of_offer": offer_id}).rowcount:
        raise CouponsGone(f"all {found.claim_limit} coupons of offer {offer_id!r} were claimed")
    event = CouponClaimed(coupon_id=work.ids("coupon"), offer_id=offer_id)
    row = {**event.model_dump(), "user_id": user_id, "order_id": None, "claimed_at": work.now}
    work.connection.execute(sa.insert(coupons), row)
    work.tell(event, by)
    return event.coupon_id


def coupons_of(connection: sa.Connection, user_id: str) -> list[Coupon]:
    """The coupons that a person has claimed, the oldest first."""
    rows = connection.execute(_OF_USER, {"of_user": user_id}).mappings()
    return [Coupon(**row) for row in rows]


def applicable(
    work: Work, coupon_id: str, *, user_id: str, shop_id: str, sum_minor: int, currency: str
) -> Offer:
    """The offer of a coupon that this order may redeem; nobody else can until the commit.

    Raises:
        CouponNotApplicable: it is not the buyer's, used, of another shop, or not for this sum now.
    """
    row = work.connection.execute(_COUPON, {"of_coupon": coupon_id}).one_or_none()
    if row is None or row.user_id != user_id:
        raise CouponNotApplicable(f"user {user_id!r} has no coupon {coupon_id!r}")
    if row.order_id is not None:
        raise CouponNotApplicable(f"coupon {coupon_id!r} was used for order {row.order_id!r}")
    found = offer(work.connection, row.offer_id)
    if (found.shop_id, found.currency) != (shop_id, currency) or not found.runs_at(work.now):
        raise CouponNotApplicable(
            f"coupon {coupon_id!r} is for {found.currency} in shop {found.shop_id!r} from "
            f"{found.starts_at} until {found.ends_at}"
        )
    if sum_minor < found.threshold_minor:
        raise CouponNotApplicable(
            f"coupon {coupon_id!r} is for sums from {found.threshold_minor} minor units on, "
            f"this is {sum_minor}"
        )
    return found


def redeem(work: Work, event: CouponRedeemed, by: Origin) -> None:
    """The order uses up its coupon."""
    _set_order(work, event.coupon_id, event.order_id)
    work.tell(event, by)


def give_back(work: Work, coupon_id: str, order_id: str, by: Origin) -> None:
    """The coupon of a cancelled order can be used again."""
    row: Any = work.connection.execute(_COUPON, {"of_coupon": coupon_id}).one()
    _set_order(work, coupon_id, None)
    event = CouponReturned(coupon_id=coupon_id, offer_id=row.offer_id, order_id=order_id)
    work.tell(event, by)


def _set_order(work: Work, coupon_id: str, order_id: str | None) -> None:
    work.connection.execute(_SET_ORDER, {"of_coupon": coupon_id, "order_id": order_id})
