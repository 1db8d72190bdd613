"""Paying through a provider, which is asked while no transaction is open."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

import sqlalchemy as sa

from platform_core.commerce.payments import request_payment, unsettled
from platform_core.commerce.provider import (
    Charged,
    Outcome,
    PaymentProvider,
    PaymentRequest,
    ProviderTimeout,
)
from platform_core.commerce.settling import settle_payment
from platform_core.database import reading
from platform_core.outbox import Origin
from platform_core.work import Ids, begin

PATIENCE: Final = timedelta(minutes=1)
"""So long after it was asked, a provider is expected to have answered."""


@dataclass(frozen=True)
class Payment:
    """What is known of a payment; ``unknown`` until the provider calls back or is asked again."""

    payment_id: str
    status: Literal["charged", "refused", "unknown"]
    reason: str | None = None


@dataclass(frozen=True)
class Reconciled:
    """What asking the provider again brought, in payments."""

    settled: int
    still_unknown: int


def pay(
    engine: sa.Engine,
    order_id: str,
    instrument: str,
    provider: PaymentProvider,
    *,
    now: datetime,
    ids: Ids | None = None,
    by: Origin,
) -> Payment:
    """Pay an order; it can be called again after a crash or a timeout and charges once.

    Raises:
        OrderUnknown: there is no such order.
        OrderNotPayable: it is paid, cancelled or refunded.
        PaymentPending: a payment with another instrument is under way.
    """
    with begin(engine, now=now, ids=ids) as work:
        request = request_payment(work, order_id, instrument, by=by)
    try:
        outcome = provider.charge(request)
    except ProviderTimeout:
        return Payment(request.payment_id, "unknown")
    with begin(engine, now=now, ids=ids) as work:
        settle_payment(work, outcome, by=by)
    if isinstance(outcome, Charged):
        return Payment(request.payment_id, "charged")
    return Payment(request.payment_id, "refused", outcome.reason)


def reconcile(
    engine: sa.Engine,
    provider: PaymentProvider,
    *,
    now: datetime,
    ids: Ids | None = None,
    patience: timedelta = PATIENCE,
) -> Reconciled:
    """Settle what has been unknown for longer than ``patience``.

    A request that never reached the provider is made again, under its own key.
    """
    with reading(engine) as connection:
        waiting = unsettled(connection, now - patience)
    settled = 0
    for request in waiting:
        try:
            outcome = _outcome(provider, request)
        except ProviderTimeout:
            continue
        with begin(engine, now=now, ids=ids) as work:
            settle_payment(work, outcome)
        settled += 1
    return Reconciled(settled, len(waiting) - settled)


def _outcome(provider: PaymentProvider, request: PaymentRequest) -> Outcome:
    return provider.look_up(request.idempotency_key) or provider.charge(request)
