"""What became of payments: whatever the provider says, however often, is posted once."""

from typing import Any, Final

import sqlalchemy as sa

from platform_core.ads import convert
from platform_core.commerce.provider import Charged, Declined, Outcome
from platform_core.contract.events.commerce import OrderPaid, PaymentRefused
from platform_core.contract.fields import instant_text
from platform_core.ledger import Entry, post
from platform_core.outbox import NOBODY, Origin
from platform_core.tables.brands import shops
from platform_core.tables.orders import orders
from platform_core.tables.payments import payments
from platform_core.work import Refusal, Work

_BRAND: Final = sa.select(shops.c.brand_id).where(shops.c.shop_id == orders.c.shop_id)
_PAYMENT: Final = (
    sa.select(
        *payments.c["payment_id", "order_id", "amount_minor", "currency", "instrument", "status"],
        *orders.c["user_id", "shop_id", "commission_minor", "placed_at"],
        _BRAND.scalar_subquery().label("brand_id"),
    )
    .join(orders, orders.c.order_id == payments.c.order_id)
    .where(payments.c.payment_id == sa.bindparam("of_payment"))
    .with_for_update()
)
_SETTLE: Final = (
    sa.update(payments)
    .where(payments.c.payment_id == sa.bindparam("of_payment"))
    .values(**{name: sa.bindparam(name) for name in ("status", "reason", "settled_at")})
)
_PAID: Final = (
    sa.update(orders)
    .where(orders.c.order_id == sa.bindparam("of_order"))
    .values(status="paid", paid_at=sa.bindparam("paid_at"))
)
_FREE: Final = (
    sa.update(orders).where(orders.c.order_id == sa.bindparam("of_order")).values(payment_id=None)
)


class PaymentUnknown(Refusal):
    """There is no payment with this id."""


class OutcomeContradicts(Refusal):
    """The provider says something else than it said before, or than it was asked for."""


def settle_payment(work: Work, outcome: Outcome, *, by: Origin = NOBODY) -> bool:
    """Take note of what the provider did; False if it was known, and nothing changed.

    A charge makes the order paid, is posted to the ledger, and converts the ad that led to it;
    after a refusal the order can be paid otherwise.

    Raises:
        PaymentUnknown: the platform asked for no such payment.
        OutcomeContradicts: it was settled otherwise, or another amount was asked for.
    """
    keys = {"of_payment": outcome.idempotency_key}
    payment = work.connection.execute(_PAYMENT, keys).one_or_none()
    if payment is None:
        raise PaymentUnknown(f"there is no payment {outcome.idempotency_key!r}")
    _check(payment, outcome)
    if payment.status != "requested":
        return False
    if isinstance(outcome, Charged):
        _pay(work, payment, by)
    else:
        _refuse(work, payment, outcome, by)
    return True


def _check(payment: Any, outcome: Outcome) -> None:
    said = "charged" if isinstance(outcome, Charged) else "refused"
    if payment.status not in ("requested", said):
        raise OutcomeContradicts(
            f"payment {payment.payment_id!r} was {payment.status} and is now said to be {said}: "
            "ask the provider"
        )
    asked = (payment.amount_minor, payment.currency)
    if isinstance(outcome, Charged) and (outcome.amount_minor, outcome.currency) != asked:
        raise OutcomeContradicts(
            f"payment {payment.payment_id!r} was for {asked}, the provider charged "
            f"{(outcome.amount_minor, outcome.currency)}: ask the provider"
        )


def _pay(work: Work, payment: Any, by: Origin) -> None:
    _settle(work, payment, "charged", None)
    work.connection.execute(_PAID, {"of_order": payment.order_id, "paid_at": work.now})
    event = OrderPaid(
        order_id=payment.order_id,
        placed_at=instant_text(payment.placed_at),
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        payment_id=payment.payment_id,
        instrument=payment.instrument,
    )
    work.tell(event, by)
    post(work, "sale", payment.payment_id, _sale(payment), payment.currency)
    brands = [payment.brand_id]
    convert(work, user_id=payment.user_id, brand_ids=brands, order_id=payment.order_id)


def _sale(payment: Any) -> tuple[Entry, ...]:
    commission = payment.commission_minor
    return (
        Entry("clearing:provider", "debit", payment.amount_minor),
        Entry(f"merchant:{payment.shop_id}", "credit", payment.amount_minor - commission),
        Entry("revenue:commission", "credit", commission),
    )


def _refuse(work: Work, payment: Any, outcome: Declined, by: Origin) -> None:
    _settle(work, payment, "refused", outcome.reason)
    work.connection.execute(_FREE, {"of_order": payment.order_id})
    event = PaymentRefused(
        payment_id=payment.payment_id, order_id=payment.order_id, reason=outcome.reason
    )
    work.tell(event, by)


def _settle(work: Work, payment: Any, status: str, reason: str | None) -> None:
    settled = {"status": status, "reason": reason, "settled_at": work.now}
    work.connection.execute(_SETTLE, {"of_payment": payment.payment_id, **settled})
