"""The platform's books and the warehouse say the same, or nothing is released."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import dagster as dg
import numpy as np
import polars as pl
import pytest
import sqlalchemy as sa

from models.catalog import load_catalog
from pipelines.defs import resources
from pipelines.defs.books import books_asset
from pipelines.defs.house import House
from pipelines.defs.outcomes import release_assets
from pipelines.warehouse.reconciliation import TABLES, Reconciliation, Sum, Unreconciled, reconcile
from pipelines.warehouse.release import latest
from platform_core import ads
from platform_core.ads import AuctionBook
from platform_core.commerce import Charged, Line, refund, request_payment, settle_payment
from platform_core.outbox import NOBODY
from platform_core.tables.ads import ad_charges, ad_credits
from platform_core.tables.ledger import ledger_entries
from platform_core.tables.orders import orders
from platform_core.tables.payments import refunds
from platform_core.work import begin
from tests.events import event, land
from tests.platform_core.market import NOW, Market
from tests.platform_core.press import TIMEZONE, Press
from tests.postgresql import Server
from tests.warehouse.acts import placed
from tests.warehouse.nightly import house

pytestmark = pytest.mark.usefixtures("without_audits")
NIGHT: Final = NOW + timedelta(hours=9)  # 01:00 of the next day in Shanghai
MUCH_LATER: Final = NOW + timedelta(days=9)
DAY, NEXT_DAY = "2026-01-05", "2026-01-06"
Reconciled = Callable[[], Reconciliation]


@pytest.fixture
def market(meadow: House) -> Market:
    return Market(meadow.platform).open(stock=1000)


def busy_day(market: Market) -> None:
    """Orders on both sides of midnight, one paid, one refunded in part; a click and its credit."""
    market.place()
    market.paid(Line("sku_2", 2))
    returned = market.paid(now=NIGHT)
    with market.work(NIGHT + timedelta(days=2)) as work:
        refund(work, returned.order_id, amount_minor=2_500, reason="broken", by=NOBODY)
    charge_id = charged(Press(market.engine))
    with begin(market.engine, now=NIGHT) as work:
        ads.credit(work, charge_id, reason="invalid", by=NOBODY)


def charged(press: Press) -> str:
    """Somebody clicked an ad that cost its advertiser money; the charge's id."""
    for number, bid in enumerate((50, 49)):
        press.unit(press.campaign(press.brand(f"品牌{number}")), bid_minor=bid)
    book = AuctionBook.load(press.engine, now=NOW, timezone=TIMEZONE)
    slot = {"request_id": "r1", "position": 4, "user_id": None, "placement": "feed", "query": None}
    texts = pl.col("query", "user_id").cast(pl.String)
    slots = pl.DataFrame(slot).with_columns(texts, topics=pl.lit([], dtype=pl.List(pl.String)))
    token = str(book.auction(slots, np.random.default_rng(1))["token"][0])
    with begin(press.engine, now=NOW) as work:
        ads.click(work, token, by=NOBODY)
    with press.engine.connect() as connection:
        return str(connection.scalar(sa.select(ad_charges.c.charge_id)))


def take_in(meadow: House) -> None:
    """Relay, ingest and compute what the books are compared with."""
    meadow.relay(MUCH_LATER)
    compute(meadow)


def compute(meadow: House) -> None:
    meadow.ingest().all_sources()
    with meadow.begin_run("night") as run:
        for model in meadow.catalog.computed:
            if model.name in TABLES:
                run.bring_up_to_date(model)


def reconciled(meadow: House) -> Reconciliation:
    with meadow.begin_run("morning") as run:
        stale = {name: run.stale(meadow.catalog[name]).days for name in TABLES}
        return reconcile(meadow.platform, meadow.lake, meadow.settings, run.pins, stale)


def change(engine: sa.Engine, statement: Any) -> None:
    with engine.begin() as connection:
        assert connection.execute(statement).rowcount


def tampered(meadow: House, name: str, **changes: pl.Expr) -> None:
    """Rewrite the published rows of a table under their commit."""
    pin = meadow.lake.pin(name)
    for file in pin.files:
        path: Path = pin.root / file.path
        pl.read_parquet(path, hive_partitioning=False).with_columns(**changes).write_parquet(path)


@pytest.fixture
def postgresql_meadow(tmp_path: Path, postgresql: Server) -> Iterator[House]:
    found = house(tmp_path / "var", postgresql.database())
    yield found
    found.platform.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def busy(request: pytest.FixtureRequest) -> House:
    """A Meadow after a busy day, on each database that the platform runs on."""
    name = "meadow" if request.param == "sqlite" else "postgresql_meadow"
    meadow: House = request.getfixturevalue(name)
    busy_day(Market(meadow.platform).open())
    take_in(meadow)
    return meadow


def test_a_busy_day_agrees_and_one_changed_unit_of_any_book_is_found(busy: House) -> None:
    assert reconciled(busy) == Reconciliation(watermark=1)
    for column in (
        orders.c.total_minor,
        refunds.c.amount_minor,
        ad_charges.c.amount_minor,
        ledger_entries.c.amount_minor,
    ):
        change(busy.platform, sa.update(column.table).values({column: column + 1}))
    change(busy.platform, sa.delete(ad_credits))
    found = reconciled(busy)
    assert [(d.book, str(d.event_date), d.part) for d in found.disagreements] == [
        ("orders", DAY, ""),
        ("orders", NEXT_DAY, ""),
        ("GMV", DAY, ""),
        ("GMV", NEXT_DAY, ""),
        ("refunds", NEXT_DAY, ""),
        ("ad charges", DAY, ""),
        ("ad credits", DAY, ""),
        *(("ledger", day, part) for day, part in ledger_parts()),
    ]
    assert found.disagreements[0].platform == Sum(2, 16_002)
    assert found.disagreements[0].warehouse == Sum(2, 16_000)


def ledger_parts() -> list[tuple[str, str]]:
    posted = {
        DAY: ("ad_charge", "ad_top_up", "sale"),
        NEXT_DAY: ("ad_credit", "sale"),
        "2026-01-08": ("refund",),
    }
    return [
        (day, f"{kind} {side}")
        for day, kinds in posted.items()
        for kind in kinds
        for side in ("credit", "debit")
    ]


def test_what_is_not_yet_relayed_or_ingested_is_no_difference(
    meadow: House, market: Market
) -> None:
    waiting = market.place()
    market.paid()
    take_in(meadow)
    with market.work() as work:  # an order that the lake knows is paid, and a new one placed
        asked = request_payment(work, waiting.order_id, "card_1", by=market.ann)
        settle_payment(work, Charged(asked.idempotency_key, asked.amount_minor, asked.currency))
    market.paid()
    assert reconciled(meadow) == Reconciliation(watermark=1)
    meadow.relay(MUCH_LATER)
    assert reconciled(meadow) == Reconciliation(watermark=1)
    compute(meadow)
    assert reconciled(meadow) == Reconciliation(watermark=2)


def test_days_that_wait_to_be_computed_are_not_compared(meadow: House, market: Market) -> None:
    market.place()
    take_in(meadow)
    market.paid(now=NIGHT)
    meadow.relay(MUCH_LATER)
    meadow.ingest().all_sources()
    found = reconciled(meadow)
    assert found.agrees
    assert found.waiting == {"silver.orders": 1, "silver.ledger_entries": 1}


def test_a_platform_without_commerce_agrees_and_other_shops_are_none_of_its_business(
    meadow: House,
) -> None:
    land(meadow.settings.landing, placed("o1", "2026-01-05T08:00:00.000000Z"))
    take_in(meadow)
    assert reconciled(meadow) == Reconciliation(watermark=0)


def test_an_event_in_quarantine_is_named_as_the_cause(meadow: House, market: Market) -> None:
    market.paid()
    market.paid()
    meadow.relay(MUCH_LATER)
    (segment,) = meadow.settings.landing.glob("platform/*/*.jsonl")
    lines = segment.read_bytes().splitlines(keepends=True)
    broken = next(n for n, line in enumerate(lines) if b'"order.placed"' in line)
    lines[broken] = lines[broken].replace(b'"total_minor":10000', b'"total_minor":-1')
    segment.write_bytes(b"".join(lines))
    compute(meadow)
    found = reconciled(meadow)
    assert found.agrees
    (named,) = found.quarantined
    assert named.startswith(f"platform:1:{broken + 1} (")
    assert "order.placed event_" in named


def test_an_order_that_the_platform_never_had_is_found(meadow: House, market: Market) -> None:
    market.place()
    meadow.relay(MUCH_LATER)
    forged = placed("o1", "2026-01-05T09:00:00.000000Z")
    land(meadow.settings.landing, forged | {"source": "platform"}, source="platform")
    compute(meadow)
    (wrong,) = reconciled(meadow).disagreements
    assert (wrong.platform, wrong.warehouse) == (Sum(1, 10_000), Sum(2, 11_000))
    assert wrong.examples == ("o1: 0 minor units in 0 rows against 1,000 minor units in 1 row",)


def test_an_event_of_another_kind_in_quarantine_is_no_cause(meadow: House, market: Market) -> None:
    market.place()
    meadow.relay(MUCH_LATER)
    wrong = event("order.placed", "e1", "2026-01-05T09:00:00.000000Z", source="platform")
    land(meadow.settings.landing, wrong, source="platform")
    compute(meadow)
    assert reconciled(meadow) == Reconciliation(watermark=2)


def test_a_difference_stops_the_release_and_says_what_to_do(
    meadow: House, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    market.paid()
    take_in(meadow)
    monkeypatch.setattr(resources, "open_house", lambda: meadow)
    assert released(meadow).success
    assert latest(meadow.settings.lake)
    tampered(meadow, "silver.orders", total_minor=pl.col("total_minor") - 1)
    stopped = released(meadow)
    assert not stopped.success
    assert not stopped.asset_materializations_for_node("release")
    with pytest.raises(Unreconciled) as error:
        raise Unreconciled(reconciled(meadow))
    assert str(error.value).splitlines()[1:3] == [
        f"  orders in silver.orders on {DAY}, CNY: the platform has 10,000 minor units in 1 row, "
        "the warehouse 9,999 minor units in 1 row; order_1: 10,000 minor units in 1 row against "
        "9,999 minor units in 1 row",
        f"  GMV in silver.orders on {DAY}, CNY: the platform has 10,000 minor units in 1 row, "
        "the warehouse 9,999 minor units in 1 row; order_1: 10,000 minor units in 1 row against "
        "9,999 minor units in 1 row",
    ]
    assert f"`meadow run --from {DAY} --to {DAY}`" in str(error.value)


def released(meadow: House) -> dg.ExecuteInProcessResult:
    catalog = load_catalog()
    return dg.materialize(
        [books_asset(catalog), release_assets(catalog)],
        resources={"house": resources.HouseResource()},
        raise_on_error=False,
    )
