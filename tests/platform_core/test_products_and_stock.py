"""Products are listed and priced; stock moves, and is never sold twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
import sqlalchemy as sa

from platform_core import brands, catalog
from platform_core.outbox import Origin
from platform_core.work import begin
from tests.platform_core.told import told, types

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
STAFF = Origin("account_1")


@pytest.fixture
def shop_id(engine: sa.Engine) -> str:
    with begin(engine, now=NOW) as work:
        brand_id = brands.apply(work, name="草本集", category="skincare", by=STAFF)
        brands.verify(work, brand_id, by=STAFF)
        return brands.open_shop(work, brand_id, name="旗舰店", level=2, by=STAFF)


@pytest.fixture
def product_id(engine: sa.Engine, shop_id: str) -> str:
    with begin(engine, now=NOW) as work:
        return catalog.list_product(
            work, shop_id, name="粉底液", category="makeup", price_minor=19_900, by=STAFF
        )


def sku(engine: sa.Engine, product_id: str, on_hand: int) -> str:
    with begin(engine, now=NOW) as work:
        sku_id = catalog.add_sku(work, product_id, name="N1", price_minor=18_900, by=STAFF)
        catalog.receive(work, sku_id, on_hand)
    return sku_id


@pytest.fixture
def sku_id(engine: sa.Engine, product_id: str) -> str:
    """A variant with ten on hand."""
    return sku(engine, product_id, 10)


def moves(engine: sa.Engine) -> list[tuple[str, int, int, int]]:
    moved = [event["data"] for event in told(engine) if event["type"] == "stock.moved"]
    return [(m["kind"], m["quantity"], m["on_hand"], m["reserved"]) for m in moved]


def test_a_variant_is_for_sale_while_its_product_is_listed_in_an_open_shop(
    engine: sa.Engine, shop_id: str, product_id: str, sku_id: str
) -> None:
    with begin(engine, now=NOW) as work:
        [found] = catalog.skus_of(work.connection, [sku_id, "sku_0"]).values()
        assert (found.price_minor, found.currency, found.shop_level) == (18_900, "CNY", 2)
        assert (found.product_id, found.shop_id, found.is_for_sale) == (product_id, shop_id, True)
        catalog.delist(work, product_id, by=STAFF)
        catalog.delist(work, product_id, by=STAFF)
        assert not catalog.skus_of(work.connection, [sku_id])[sku_id].is_for_sale
    assert types(engine)[-1] == "product.changed"
    assert types(engine).count("product.changed") == 2


def test_a_delisted_product_gets_no_variant(engine: sa.Engine, product_id: str) -> None:
    with begin(engine, now=NOW) as work:
        catalog.delist(work, product_id, by=STAFF)
    with pytest.raises(catalog.ProductUnknown, match="delisted"):
        sku(engine, product_id, 1)


def test_a_closed_shop_lists_nothing(engine: sa.Engine, shop_id: str) -> None:
    with begin(engine, now=NOW) as work:
        brands.close_shop(work, shop_id, by=STAFF)
    with pytest.raises(catalog.ShopClosed, match=shop_id), begin(engine, now=NOW) as work:
        catalog.list_product(work, shop_id, name="x", category="y", price_minor=1, by=STAFF)


def test_a_new_price_is_told_and_the_same_price_is_not(engine: sa.Engine, sku_id: str) -> None:
    for _ in range(2):
        with begin(engine, now=NOW) as work:
            catalog.reprice(work, sku_id, 9_900, by=STAFF)
    prices = [e["data"]["price_minor"] for e in told(engine) if e["type"] == "sku.changed"]
    assert prices == [18_900, 9_900]
    with pytest.raises(ValueError, match="price_minor"), begin(engine, now=NOW) as work:
        catalog.reprice(work, sku_id, -1, by=STAFF)


def test_what_is_reserved_leaves_with_its_order(engine: sa.Engine, sku_id: str) -> None:
    with begin(engine, now=NOW) as work:
        catalog.reserve(work, [(sku_id, 2), (sku_id, 1)], "order_1")
        catalog.reserve(work, [(sku_id, 4)], "order_2")
        for _ in range(2):
            catalog.ship_out(work, "order_1")
            catalog.release(work, "order_2")
    assert moves(engine)[1:] == [
        ("reserved", 3, 10, 3),
        ("reserved", 4, 10, 7),
        ("shipped", -3, 7, 4),
        ("released", -4, 7, 0),
    ]
    assert catalog.stock_of(engine, sku_id) == catalog.Stock(sku_id, on_hand=7, reserved=0)


def test_more_than_is_left_is_refused_and_nothing_is_reserved(
    engine: sa.Engine, product_id: str, sku_id: str
) -> None:
    other = sku(engine, product_id, 1)
    with pytest.raises(catalog.OutOfStock, match="1 left"), begin(engine, now=NOW) as work:
        catalog.reserve(work, [(sku_id, 1), (other, 2)], "order_1")
    assert catalog.stock_of(engine, sku_id).available == 10


def test_goods_come_back_in_parts_but_never_more_than_left(engine: sa.Engine, sku_id: str) -> None:
    with begin(engine, now=NOW) as work:
        catalog.reserve(work, [(sku_id, 5)], "order_1")
        catalog.ship_out(work, "order_1")
        catalog.take_back(work, "order_1", [(sku_id, 2)])
    with pytest.raises(catalog.NotShipped, match="3 of"), begin(engine, now=NOW) as work:
        catalog.take_back(work, "order_1", [(sku_id, 4)])
    for _ in range(2):
        with begin(engine, now=NOW) as work:
            catalog.take_back(work, "order_1")
    assert moves(engine)[3:] == [("returned", 2, 7, 0), ("returned", 3, 10, 0)]


def test_what_is_reserved_cannot_be_shipped_back_or_counted_away(
    engine: sa.Engine, sku_id: str
) -> None:
    with begin(engine, now=NOW) as work:
        catalog.reserve(work, [(sku_id, 5)], "order_1")
    with pytest.raises(catalog.NotShipped), begin(engine, now=NOW) as work:
        catalog.take_back(work, "order_1", [(sku_id, 1)])
    with pytest.raises(catalog.OutOfStock), begin(engine, now=NOW) as work:
        catalog.correct(work, sku_id, 4)
    with begin(engine, now=NOW) as work:
        catalog.correct(work, sku_id, 6)
        catalog.correct(work, sku_id, 6)
    assert moves(engine)[2:] == [("corrected", -4, 6, 5)]


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_quantity_is_at_least_one(engine: sa.Engine, sku_id: str, quantity: int) -> None:
    with begin(engine, now=NOW) as work:
        with pytest.raises(ValueError, match="no quantity"):
            catalog.receive(work, sku_id, quantity)
        with pytest.raises(ValueError, match="no quantity"):
            catalog.reserve(work, [(sku_id, quantity)], "order_1")


def test_an_unknown_variant_is_refused(engine: sa.Engine) -> None:
    with pytest.raises(catalog.SkuUnknown, match="sku_0"), begin(engine, now=NOW) as work:
        catalog.reserve(work, [("sku_0", 1)], "order_1")


def test_eight_buyers_at_once_get_the_last_five(engine: sa.Engine, product_id: str) -> None:
    sku_id = sku(engine, product_id, 5)
    start = Barrier(8)

    def buy(number: int) -> bool:
        start.wait()
        try:
            with begin(engine, now=NOW) as work:
                catalog.reserve(work, [(sku_id, 1)], f"order_{number}")
        except catalog.OutOfStock:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(buy, range(8))) == 5
    assert catalog.stock_of(engine, sku_id) == catalog.Stock(sku_id, on_hand=5, reserved=5)
    assert [kind for kind, *_ in moves(engine)] == ["received"] + ["reserved"] * 5


def test_an_order_released_and_shipped_at_once_is_moved_once(
    engine: sa.Engine, sku_id: str
) -> None:
    with begin(engine, now=NOW) as work:
        catalog.reserve(work, [(sku_id, 3)], "order_1")
        catalog.reserve(work, [(sku_id, 3)], "order_2")
    start = Barrier(2)

    def move(verb: str) -> None:
        start.wait()
        with begin(engine, now=NOW) as work:
            getattr(catalog, verb)(work, "order_1")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(move, ["release", "ship_out"]))
    assert catalog.stock_of(engine, sku_id).reserved == 3
