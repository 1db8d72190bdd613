"""Orders in, suspects out: an hour's borders, ties, midnight, and every second by hand."""

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.catalog import load_catalog
from pipelines.warehouse.lake import Window
from tests.models.every_second import DAY, Concentrated, Placed, concentrated
from tests.warehouse.acts import Event, local, placed
from tests.warehouse.conftest import Compute, Query
from tests.warehouse.shop_acts import cancelled, in_shop

MONDAY, TUESDAY = "2026-08-03", "2026-08-04"
THIRDS: Final = ("10:00:00", "10:10:00", "10:20:00")


def bought(shop: str, buyer: str, *clocks: str, day: int = 3) -> list[Event]:
    """Orders of one buyer in one shop at these times, named after both."""
    return [
        in_shop(
            placed(f"{shop}/{buyer}/{day}/{n}", local(f"2026-08-0{day} {clock}"), actor=buyer), shop
        )
        for n, clock in enumerate(clocks)
    ]


def without_buyer(order: Event) -> Event:
    return {name: value for name, value in order.items() if name != "actorid"}


@pytest.fixture(scope="module")
def shops(compute: Compute) -> Query:
    nine = [f"23:30:0{n}" for n in range(9)]
    five = [f"10:00:0{n}" for n in range(5)]
    unpaid = bought("unpaid", "ann", *THIRDS)
    return compute(
        *bought("an-hour", "ann", "10:00:00", "10:30:00", "11:00:00"),
        *bought("a-second-more", "ann", "10:00:00", "10:30:00", "11:00:01"),
        *bought("cut", "ann", "10:00:00.000001", "10:30:00", "11:00:00.999999"),
        *bought("three-each", "ann", *five),
        *bought("three-each", "bob", "10:00:02"),
        *bought("one-short", "ann", *five[:4]),
        *bought("one-short", "bob", "10:00:02"),
        *bought("between", "cat", "10:00:00"),
        *bought("between", "ann", "10:10:00", "10:30:00", "11:00:05"),
        *bought("between", "bob", "11:00:10"),
        *bought("tied", "ann", *THIRDS),
        *bought("tied", "bob", "15:00:00", "15:10:00", "15:20:00"),
        *bought("most", "ann", *THIRDS, "10:30:00"),
        *bought("most", "bob", "15:00:00", "15:10:00", "15:20:00"),
        *bought("night", "ann", "23:30:00", "23:59:59"),
        *bought("night", "ann", "00:10:00", day=4),
        *bought("evening", "ann", *nine),
        *bought("evening", "bob", *THIRDS, day=4),
        *unpaid,
        cancelled("unpaid/ann/3/0", local("2026-08-03 10:05:00")),
        *(placed(f"no-shop-{n}", local(f"2026-08-03 {clock}")) for n, clock in enumerate(THIRDS)),
        *map(without_buyer, bought("no-buyer", "nobody", *THIRDS)),
    )


def suspects(shops: Query, shop: str) -> list[tuple[Any, ...]]:
    """By day and buyer: own orders in the union, those of the shop, its buyers, suspects."""
    found = shops(
        "SELECT DISTINCT CAST(event_date AS VARCHAR), split_part(order_id, '/', 2), "
        "actor_orders, union_orders, union_buyers, suspects "
        "FROM risk.order_concentration WHERE shop_id = $shop ORDER BY ALL",
        shop=shop,
    )
    return found


def test_three_orders_within_3600_seconds_are_suspicious_and_within_3601_not(shops: Query) -> None:
    assert suspects(shops, "an-hour") == [(MONDAY, "ann", 3, 3, 1, 1)]
    assert suspects(shops, "a-second-more") == []


def test_fractions_of_seconds_are_cut_off(shops: Query) -> None:
    assert suspects(shops, "cut") == [(MONDAY, "ann", 3, 3, 1, 1)]


def test_three_orders_a_buyer_are_enough_and_two_and_a_half_are_not(shops: Query) -> None:
    assert suspects(shops, "three-each") == [(MONDAY, "ann", 5, 6, 2, 1)]
    assert suspects(shops, "one-short") == []


def test_a_window_may_begin_between_orders(shops: Query) -> None:
    assert suspects(shops, "between") == [(MONDAY, "ann", 3, 3, 1, 1)]
    windows = shops(
        "SELECT DISTINCT windows_from, windows_to FROM risk.order_concentration "
        "WHERE shop_id = 'between'"
    )
    assert windows == [(datetime(2026, 8, 3, 2, 0, 5), datetime(2026, 8, 3, 3, 0, 9))]


def test_suspects_have_the_most_orders_in_all_windows_and_all_of_them_on_a_tie(
    shops: Query,
) -> None:
    assert suspects(shops, "tied") == [(MONDAY, "ann", 3, 6, 2, 2), (MONDAY, "bob", 3, 6, 2, 2)]
    assert suspects(shops, "most") == [(MONDAY, "ann", 4, 7, 2, 1)]


def test_a_window_reaches_over_midnight_and_each_order_stays_on_its_day(shops: Query) -> None:
    assert suspects(shops, "night") == [(MONDAY, "ann", 3, 3, 1, 1), (TUESDAY, "ann", 3, 3, 1, 1)]
    rows = shops("SELECT order_id FROM risk.order_concentration WHERE shop_id = 'night' ORDER BY 1")
    assert rows == [("shop:night/ann/3/0",), ("shop:night/ann/3/1",), ("shop:night/ann/4/0",)]


def test_the_evening_before_is_another_days_matter(shops: Query) -> None:
    assert suspects(shops, "evening") == [(MONDAY, "ann", 9, 9, 1, 1), (TUESDAY, "bob", 3, 3, 1, 1)]


def test_what_was_placed_counts_though_it_was_cancelled_or_never_paid(shops: Query) -> None:
    assert suspects(shops, "unpaid") == [(MONDAY, "ann", 3, 3, 1, 1)]


def test_unknown_buyers_and_shops_are_nobody(shops: Query) -> None:
    found = shops("SELECT DISTINCT shop_id FROM risk.order_concentration")
    assert ("no-buyer",) not in found
    assert (None,) not in found


def test_an_order_of_a_suspect_is_a_signal_and_the_shops_day_one_case(shops: Query) -> None:
    found = shops(
        "SELECT order_id, detector, detector_version, kind, probability, case_key "
        "FROM risk.order_rules WHERE case_key LIKE '%:tied:%' ORDER BY order_id LIMIT 1"
    )
    rule = ("order_concentration", 1, "sivt", 0.5, f"order_concentration:tied:{MONDAY}")
    assert found == [("shop:tied/ann/3/0", *rule)]


SPAN, LEAST = 5, 3
FIRST_DAY: Final = date(2026, 8, 1)
NOON: Final = datetime(2026, 8, 1, 12)

orders_drawn = st.lists(
    st.builds(
        Placed,
        order_id=st.uuids().map(str),
        shop_id=st.sampled_from("stuvwx"),
        actor_id=st.sampled_from("aaabbcde"),
        second=st.integers(0, 3 * DAY - 1),
    ),
    max_size=150,
)


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA silver")
        yield connection


def computed(
    engine: duckdb.DuckDBPyConnection, orders: Sequence[Placed], days: tuple[int, int], few: int
) -> set[Concentrated]:
    """What the query says of short days, first to last, with windows of SPAN seconds."""
    engine.register("given", _silver(orders))
    engine.execute("CREATE OR REPLACE VIEW silver.orders AS SELECT * FROM given")
    model = load_catalog()["risk.order_concentration"]
    chosen = {
        "order_concentration_window_seconds": SPAN,
        "order_concentration_orders_per_buyer": LEAST,
        "order_concentration_few_regulars_percent": few,
    }
    short = dataclasses.replace(model, parameters={**model.parameters, **chosen})
    window = Window(*(FIRST_DAY + timedelta(days=day) for day in days))
    return {_plain(row) for row in engine.sql(short.query(window)).pl().iter_rows(named=True)}


def _silver(orders: Sequence[Placed]) -> pl.DataFrame:
    rows = [
        {
            "order_id": order.order_id,
            "event_date": FIRST_DAY + timedelta(days=order.day),
            "shop_id": order.shop_id,
            "actor_id": order.actor_id,
            "placed_at": NOON + timedelta(seconds=order.second, microseconds=n * 37 % 1_000_000),
        }
        for n, order in enumerate(orders)
    ]
    text = dict.fromkeys(("order_id", "shop_id", "actor_id"), pl.String)
    return pl.DataFrame(
        rows, schema={**text, "event_date": pl.Date, "placed_at": pl.Datetime("us")}
    )


def _plain(row: dict[str, Any]) -> Concentrated:
    borders = [int((row[name] - NOON).total_seconds()) for name in ("windows_from", "windows_to")]
    day = (row["event_date"] - FIRST_DAY).days
    counts = [int(row[n]) for n in ("actor_orders", "union_orders", "union_buyers", "suspects")]
    return Concentrated(row["order_id"], day, row["shop_id"], row["actor_id"], *borders, *counts)


@settings(max_examples=25, deadline=None)
@given(orders=orders_drawn, few=st.sampled_from([0, 50, 101]))
def test_it_is_what_trying_every_second_finds_and_each_day_alone_is_the_same(
    engine: duckdb.DuckDBPyConnection, orders: list[Placed], few: int
) -> None:
    whole = computed(engine, orders, (0, 2), few)
    assert whole == concentrated(orders, span=SPAN, least=LEAST)
    assert whole == set().union(*(computed(engine, orders, (day, day), few) for day in range(3)))
