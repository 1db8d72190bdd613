"""Money moves once, whatever the provider does."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from platform_core.commerce import (
    Charged,
    Declined,
    EmbeddedProvider,
    Fault,
    NotRefundable,
    OrderNotPayable,
    OutcomeContradicts,
    Payment,
    PaymentPending,
    PaymentRequest,
    PaymentUnknown,
    Reconciled,
    ReturnUnknown,
    cancel_order,
    order,
    pay,
    reconcile,
    refund,
    request_payment,
    settle_payment,
)
from platform_core.database import reading
from platform_core.ledger import balance
from platform_core.outbox import NOBODY
from platform_core.work import begin
from tests.platform_core.market import LATER, NOW, Market


@pytest.fixture
def market(engine: sa.Engine) -> Market:
    market = Market(engine).open()
    market.place()
    market.events()
    return market


def provider_with(*faults: Fault) -> EmbeddedProvider:
    """A provider whose first request goes wrong in these ways."""
    left = [faults]

    def next_faults(_: PaymentRequest) -> Collection[Fault]:
        return left.pop() if left else ()

    return EmbeddedProvider(next_faults)


def pay_it(market: Market, provider: EmbeddedProvider, instrument: str = "card_1") -> Payment:
    return pay(
        market.engine, "order_1", instrument, provider, now=NOW, ids=market.ids, by=market.ann
    )


def status(market: Market) -> str:
    return order(market.engine, "order_1").status


def test_paying_charges_posts_and_tells(market: Market) -> None:
    provider = EmbeddedProvider()
    assert pay_it(market, provider) == Payment("payment_1", "charged")
    assert provider.charged_minor() == 10_000
    paid = order(market.engine, "order_1")
    assert (paid.status, paid.paid_at, paid.payment_id) == ("paid", NOW, "payment_1")
    money = {"amount_minor": 10_000, "currency": "CNY", "instrument": "card_1"}
    asked, settled, posted = market.events()
    assert asked == {
        "type": "payment.requested",
        "actor": "user_1",
        "payment_id": "payment_1",
        "order_id": "order_1",
        **money,
    }
    assert settled == {
        "type": "order.paid",
        "actor": "user_1",
        "order_id": "order_1",
        "placed_at": "2026-01-05T08:00:00.000000Z",
        "payment_id": "payment_1",
        **money,
    }
    assert (posted["type"], posted["kind"], posted["reference_id"]) == (
        "ledger.posted",
        "sale",
        "payment_1",
    )
    assert posted["entries"] == [
        {"account": "clearing:provider", "side": "debit", "amount_minor": 10_000},
        {"account": "merchant:shop_1", "side": "credit", "amount_minor": 9_500},
        {"account": "revenue:commission", "side": "credit", "amount_minor": 500},
    ]


def test_a_provider_that_times_out_and_then_confirms_twice_charges_once(market: Market) -> None:
    provider = provider_with("timed_out", "called_back_twice")
    assert pay_it(market, provider) == Payment("payment_1", "unknown")
    assert status(market) == "placed"
    settled = []
    while provider.callbacks:
        with market.work(LATER) as work:
            settled.append(settle_payment(work, provider.callbacks.popleft()))
    assert settled == [True, False]
    assert status(market) == "paid"
    assert provider.charged_minor() == 10_000
    with reading(market.engine) as connection:
        assert balance(connection, "clearing:provider") == 10_000
    assert market.told() == ["payment.requested", "order.paid", "ledger.posted"]


def test_paying_again_after_a_timeout_charges_once(market: Market) -> None:
    provider = provider_with("timed_out")
    assert pay_it(market, provider).status == "unknown"
    assert pay_it(market, provider) == Payment("payment_1", "charged")
    assert provider.charged_minor() == 10_000
    with market.work() as work:
        assert not settle_payment(work, provider.callbacks.popleft())
    assert market.told() == ["payment.requested", "order.paid", "ledger.posted"]


@pytest.mark.parametrize("fault", ["timed_out", "unreached"])
def test_reconciling_settles_what_nobody_knew(market: Market, fault: Fault) -> None:
    provider = provider_with(fault)
    pay_it(market, provider)
    assert reconcile(market.engine, provider, now=NOW) == Reconciled(0, 0)  # too early to ask
    assert reconcile(market.engine, provider, now=LATER) == Reconciled(1, 0)
    assert status(market) == "paid"
    assert reconcile(market.engine, provider, now=LATER) == Reconciled(0, 0)
    assert provider.charged_minor() == 10_000


def test_a_provider_that_stays_silent_is_asked_again_later(market: Market) -> None:
    silent = EmbeddedProvider(lambda _: ("unreached",))
    pay_it(market, silent)
    assert reconcile(market.engine, silent, now=LATER) == Reconciled(0, 1)
    assert status(market) == "placed"


def test_callbacks_and_reconciling_at_once_settle_once(market: Market) -> None:
    provider = provider_with("timed_out")
    pay_it(market, provider)
    outcome = provider.callbacks.popleft()

    def settle(_: int) -> bool:
        with begin(market.engine, now=NOW) as work:
            return settle_payment(work, outcome)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(settle, range(4))) == [False, False, False, True]
    assert market.told() == ["payment.requested", "order.paid", "ledger.posted"]


def test_many_taps_on_pay_at_once_charge_once(market: Market) -> None:
    provider = EmbeddedProvider()

    def tap(_: int) -> str:
        try:
            return pay(
                market.engine, "order_1", "card_1", provider, now=NOW, by=market.ann
            ).payment_id
        except OrderNotPayable:
            return "paid already"

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(tap, range(4)))
    assert len(answers - {"paid already"}) == 1
    assert provider.charged_minor() == 10_000
    assert market.told() == ["payment.requested", "order.paid", "ledger.posted"]


def test_a_refused_payment_is_told_and_the_order_can_be_paid_otherwise(market: Market) -> None:
    provider = provider_with("refused")
    assert pay_it(market, provider) == Payment("payment_1", "refused", "insufficient_funds")
    assert market.events()[-1] == {
        "type": "payment.refused",
        "actor": "user_1",
        "payment_id": "payment_1",
        "order_id": "order_1",
        "reason": "insufficient_funds",
    }
    assert pay_it(market, provider, "card_2") == Payment("payment_2", "charged")
    assert provider.charged_minor() == 10_000


def test_no_second_instrument_is_tried_while_the_first_may_yet_charge(market: Market) -> None:
    provider = provider_with("timed_out")
    pay_it(market, provider)
    with pytest.raises(PaymentPending, match="payment_1"):
        pay_it(market, provider, "card_2")


def test_what_is_not_placed_is_not_paid(market: Market) -> None:
    pay_it(market, EmbeddedProvider())
    with pytest.raises(OrderNotPayable, match="paid"):
        pay_it(market, EmbeddedProvider())
    cancelled = market.place().order_id
    with market.work() as work:
        cancel_order(work, cancelled, reason="changed_mind", by=market.ann)
    with pytest.raises(OrderNotPayable, match="cancelled"), market.work() as work:
        request_payment(work, cancelled, "card_1", by=market.ann)


def test_an_outcome_that_contradicts_is_refused(market: Market) -> None:
    with pytest.raises(PaymentUnknown), market.work() as work:
        settle_payment(work, Charged("payment_9", 10_000, "CNY"))
    with market.work() as work:
        request_payment(work, "order_1", "card_1", by=market.ann)
    with pytest.raises(OutcomeContradicts, match="9999"), market.work() as work:
        settle_payment(work, Charged("payment_1", 9_999, "CNY"))
    with market.work() as work:
        settle_payment(work, Charged("payment_1", 10_000, "CNY"))
    with pytest.raises(OutcomeContradicts, match="refused"), market.work() as work:
        settle_payment(work, Declined("payment_1", "stolen"))


def test_refunds_add_up_to_what_was_paid_and_no_further(market: Market) -> None:
    pay_it(market, EmbeddedProvider())
    market.events()
    with market.work(LATER) as work:
        assert refund(work, "order_1", amount_minor=2_500, reason="late", by=NOBODY) == "refund_1"
    assert (status(market), market.stock()) == ("paid", (10, 1))
    with pytest.raises(NotRefundable, match="7500 of 10000"), market.work() as work:
        refund(work, "order_1", amount_minor=7_501, reason="late", by=NOBODY)
    with market.work(LATER + timedelta(days=1)) as work:
        refund(work, "order_1", reason="lost", by=NOBODY)
    assert (status(market), market.stock()) == ("refunded", (10, 0))
    refunded, posted, *_ = market.events()
    assert refunded == {
        "type": "order.refunded",
        "actor": None,
        "refund_id": "refund_1",
        "order_id": "order_1",
        "placed_at": "2026-01-05T08:00:00.000000Z",
        "amount_minor": 2_500,
        "currency": "CNY",
        "reason": "late",
    }
    assert posted["entries"] == [
        {"account": "clearing:provider", "side": "credit", "amount_minor": 2_500},
        {"account": "merchant:shop_1", "side": "debit", "amount_minor": 2_375},
        {"account": "revenue:commission", "side": "debit", "amount_minor": 125},
    ]


def test_only_what_was_paid_is_refunded(market: Market) -> None:
    with pytest.raises(NotRefundable, match="placed"), market.work() as work:
        refund(work, "order_1", reason="late", by=NOBODY)
    pay_it(market, EmbeddedProvider())
    with pytest.raises(ReturnUnknown, match="return_9"), market.work() as work:
        refund(work, "order_1", reason="late", return_id="return_9", by=NOBODY)
    with pytest.raises(ValueError, match="0 minor"), market.work() as work:
        refund(work, "order_1", amount_minor=0, reason="late", by=NOBODY)


def test_refunds_at_once_never_exceed_what_was_paid(market: Market) -> None:
    pay_it(market, EmbeddedProvider())

    def give_back(_: int) -> bool:
        try:
            with begin(market.engine, now=NOW) as work:
                refund(work, "order_1", amount_minor=4_000, reason="late", by=NOBODY)
        except NotRefundable:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(give_back, range(4))) == [False, False, True, True]
    assert order(market.engine, "order_1").refunded_minor == 8_000
