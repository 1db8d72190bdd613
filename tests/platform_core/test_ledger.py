"""The books balance to the minor unit."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from platform_core.commerce import Line, NotRefundable, refund
from platform_core.database import reading
from platform_core.ledger import AlreadyPosted, Entry, Unbalanced, balance, balances, post
from platform_core.ledger.commission import commission
from platform_core.outbox import NOBODY
from platform_core.tables.ledger import ledger_entries
from platform_core.work import begin
from tests.platform_core.market import NOW, Market


@pytest.fixture
def books(engine: sa.Engine) -> Callable[[], dict[str, int]]:
    """``books()``: debits minus credits of every account."""

    def read() -> dict[str, int]:
        with reading(engine) as connection:
            return balances(connection)

    return read


Books = Callable[[], dict[str, int]]

TOP_UP = (Entry("clearing:provider", "debit", 500), Entry("advertiser:b1", "credit", 500))


def test_a_balanced_transaction_is_posted_and_told(engine: sa.Engine, books: Books) -> None:
    market = Market(engine)
    with market.work() as work:
        assert post(work, "ad_top_up", "topup_1", TOP_UP) == "transaction_1"
    assert books() == {"advertiser:b1": -500, "clearing:provider": 500}
    with reading(engine) as connection:
        assert balance(connection, "advertiser:b1") == -500
        assert balance(connection, "advertiser:b2") == 0
        assert balance(connection, "advertiser:b1", "USD") == 0
    assert market.events() == [
        {
            "type": "ledger.posted",
            "actor": None,
            "transaction_id": "transaction_1",
            "kind": "ad_top_up",
            "reference_id": "topup_1",
            "currency": "CNY",
            "entries": [vars(entry) for entry in TOP_UP],
        }
    ]


def test_what_does_not_balance_is_refused(engine: sa.Engine, books: Books) -> None:
    short = (TOP_UP[0], Entry("advertiser:b1", "credit", 499))
    with pytest.raises(Unbalanced, match="500 and credits of 499"), begin(engine, now=NOW) as work:
        post(work, "ad_top_up", "topup_1", short)
    with pytest.raises(ValueError, match="two entries"), begin(engine, now=NOW) as work:
        post(work, "ad_top_up", "topup_1", ())
    negative = (Entry("a:1", "debit", -1), Entry("b:1", "debit", 1))
    with pytest.raises(ValueError, match="negative"), begin(engine, now=NOW) as work:
        post(work, "ad_top_up", "topup_1", negative)
    assert books() == {}


def test_a_thing_is_posted_once_a_kind(engine: sa.Engine, books: Books) -> None:
    market = Market(engine)
    with market.work() as work:
        post(work, "ad_top_up", "topup_1", TOP_UP)
        with pytest.raises(AlreadyPosted, match="topup_1"), work.attempt():
            post(work, "ad_top_up", "topup_1", TOP_UP)
        post(work, "ad_credit", "topup_1", TOP_UP)
    assert books() == {"advertiser:b1": -1000, "clearing:provider": 1000}
    assert market.told() == ["ledger.posted", "ledger.posted"]


def test_commission_goes_by_category_and_level_and_discounts_spread_evenly() -> None:
    assert commission([(10_000, "skincare")], 1, 10_000) == 500
    assert commission([(10_000, "skincare")], 3, 10_000) == 400
    assert commission([(10_000, "skincare")], 9, 10_000) == 400
    assert commission([(10_000, "snacks")], 1, 10_000) == 250
    assert commission([(10_000, "anything else")], 1, 10_000) == 500
    assert commission([(10_000, "skincare"), (30_000, "snacks")], 1, 20_000) == 625
    assert commission([(1, "skincare")], 1, 1) == 0
    assert commission([(0, "skincare")], 1, 0) == 0


def test_a_sale_is_shared_between_shop_and_platform(engine: sa.Engine, books: Books) -> None:
    market = Market(engine).open()
    market.paid(Line("sku_1", 1), Line("sku_2", 2))
    assert books() == {
        "clearing:provider": 16_000,
        "merchant:shop_1": -15_350,
        "revenue:commission": -650,
    }


@pytest.mark.parametrize(
    "parts",
    [(1,), (9_999,), (3_333, 3_333), (1,) * 25, (19, 21, 101), (7, 4_999, 1, 1, 4_990)],
)
def test_partial_refunds_balance_after_each_and_leave_nothing_after_the_last(
    engine: sa.Engine, books: Books, parts: tuple[int, ...]
) -> None:
    market = Market(engine).open()
    order_id = market.paid().order_id
    for n, amount_minor in enumerate(parts):
        with market.work() as work:
            refund(work, order_id, amount_minor=amount_minor, reason="late", by=NOBODY)
        left = 10_000 - sum(parts[: n + 1])
        assert books()["clearing:provider"] == left
        assert sum(books().values()) == 0
        assert 0 <= -books()["revenue:commission"] - left * 500 / 10_000 < 1
    with market.work() as work:
        refund(work, order_id, reason="the rest", by=NOBODY)
    assert set(books().values()) == {0}
    with pytest.raises(NotRefundable), market.work() as work:
        refund(work, order_id, amount_minor=1, reason="once more", by=NOBODY)


def test_every_transaction_balances_by_itself(engine: sa.Engine) -> None:
    market = Market(engine).open()
    order_id = market.paid().order_id
    with market.work() as work:
        refund(work, order_id, amount_minor=3_333, reason="late", by=NOBODY)
        refund(work, order_id, reason="rest", by=NOBODY)
    signed = sa.case(
        (ledger_entries.c.side == "debit", ledger_entries.c.amount_minor),
        else_=-ledger_entries.c.amount_minor,
    )
    by_transaction = sa.select(sa.func.sum(signed)).group_by(ledger_entries.c.transaction_id)
    with reading(engine) as connection:
        assert connection.scalars(by_transaction).all() == [0, 0, 0]
