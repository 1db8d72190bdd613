"""What shops offer: coupons, which people claim, and full reductions, which everybody gets."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from platform_core.brands import shop
from platform_core.contract.events.commerce import OfferChanged
from platform_core.contract.fields import instant_text
from platform_core.outbox import Origin
from platform_core.tables.offers import offers
from platform_core.work import Refusal, Work

_OFFER: Final = sa.select(offers).where(offers.c.offer_id == sa.bindparam("of_offer"))
_BEST_REDUCTION: Final = (
    sa.select(sa.func.max(offers.c.reduction_minor))
    .where(offers.c.shop_id == sa.bindparam("of_shop"), offers.c.kind == "full_reduction")
    .where(offers.c.ends_at > sa.bindparam("now"), offers.c.starts_at <= sa.bindparam("now"))
    .where(offers.c.threshold_minor <= sa.bindparam("sum_minor"))
    .where(offers.c.currency == sa.bindparam("in_currency"))
)


class OfferUnknown(Refusal):
    """There is no offer with this id."""


@dataclass(frozen=True)
class Offer:
    """A reduction from a threshold on, from ``starts_at`` until just before ``ends_at``.

    A ``claim_limit`` of 0 is no limit; only coupons are claimed.
    """

    offer_id: str
    shop_id: str
    kind: Literal["coupon", "full_reduction"]
    threshold_minor: int
    reduction_minor: int
    currency: str
    starts_at: datetime
    ends_at: datetime
    claim_limit: int
    claimed: int

    def runs_at(self, instant: datetime) -> bool:
        """Whether it holds at that moment."""
        return self.starts_at <= instant < self.ends_at


def create_coupon_offer(
    work: Work,
    shop_id: str,
    *,
    threshold_minor: int,
    reduction_minor: int,
    starts_at: datetime,
    ends_at: datetime,
    limit: int = 0,
    currency: str = "CNY",
    by: Origin,
) -> str:
    """The shop offers coupons, ``limit`` of them (0: no limit); returns the offer's id.

    Raises:
        ShopUnknown: there is no such shop.
        ValueError: it ends before it starts, reduces by nothing, or by more than the threshold.
    """
    facts = {"threshold_minor": threshold_minor, "reduction_minor": reduction_minor}
    times = {"starts_at": starts_at, "ends_at": ends_at}
    return _create(work, shop_id, "coupon", facts | times, limit, currency, by)


def create_full_reduction(
    work: Work,
    shop_id: str,
    *,
    threshold_minor: int,
    reduction_minor: int,
    starts_at: datetime,
    ends_at: datetime,
    currency: str = "CNY",
    by: Origin,
) -> str:
    """Every order of the shop from the threshold on costs less (满减); returns the offer's id.

    Raises:
        ShopUnknown: there is no such shop.
        ValueError: it ends before it starts, reduces by nothing, or by more than the threshold.
    """
    facts = {"threshold_minor": threshold_minor, "reduction_minor": reduction_minor}
    times = {"starts_at": starts_at, "ends_at": ends_at}
    return _create(work, shop_id, "full_reduction", facts | times, 0, currency, by)


def offer(connection: sa.Connection, offer_id: str) -> Offer:
    """The offer as it stands.

    Raises:
        OfferUnknown: there is no such offer.
    """
    row = connection.execute(_OFFER, {"of_offer": offer_id}).mappings().one_or_none()
    if row is None:
        raise OfferUnknown(f"there is no offer {offer_id!r}")
    return Offer(**row)


def best_reduction(work: Work, shop_id: str, sum_minor: int, currency: str) -> int:
    """The largest full reduction that an order of this sum gets now, in minor units."""
    order = {"of_shop": shop_id, "sum_minor": sum_minor, "in_currency": currency}
    return work.connection.scalar(_BEST_REDUCTION, order | {"now": work.now}) or 0


def _create(
    work: Work,
    shop_id: str,
    kind: Literal["coupon", "full_reduction"],
    facts: dict[str, Any],
    limit: int,
    currency: str,
    by: Origin,
) -> str:
    shop(work.connection, shop_id)
    new = Offer(
        work.ids("offer"), shop_id, kind, currency=currency, claim_limit=limit, claimed=0, **facts
    )
    _check(new)
    event = OfferChanged(
        offer_id=new.offer_id,
        shop_id=shop_id,
        kind=kind,
        threshold_minor=new.threshold_minor,
        reduction_minor=new.reduction_minor,
        currency=currency,
        starts_at=instant_text(new.starts_at),
        ends_at=instant_text(new.ends_at),
        limit=limit,
    )
    work.connection.execute(sa.insert(offers), vars(new))
    work.tell(event, by)
    return new.offer_id


def _check(new: Offer) -> None:
    if new.ends_at <= new.starts_at:
        raise ValueError(f"the offer would end at {new.ends_at}, before it starts")
    if not 0 < new.reduction_minor <= new.threshold_minor:
        raise ValueError(
            f"a reduction of {new.reduction_minor} from {new.threshold_minor} minor units on: "
            "reduce by something, and by no more than the threshold"
        )
