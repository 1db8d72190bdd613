"""How brands of one category and size do: median and third quartile, never one brand's own."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.events import event, viewed
from tests.warehouse.acts import line, local, paid, placed
from tests.warehouse.conftest import Compute, Query
from tests.warehouse.shop_acts import refunded

Event = dict[str, Any]
NOON = local("2026-08-03 12:00:00")
LATER = local("2026-08-04 12:00:00")


def brand(number: int, category: str) -> Iterator[Event]:
    """Ten people read its note, see its product's card and page; ``number`` go on everywhere."""
    name = f"{category}-{number}"
    yield event("brand.changed", name, NOON, brand_id=name, name=name, category=f"{category}.wide")
    product: Event = {"product_id": f"{name}-p1", "brand_id": name}
    yield event("product.changed", f"{name}-p1", NOON, name="面霜", **product)
    yield event(
        "note.changed",
        f"{name}-n",
        NOON,
        note_id=f"{name}-n",
        creator_id="author",
        status="published",
        title="标题",
        text="正文",
        topics=[],
        products=[product],
        mentions=[],
        is_disclosed_ad=False,
    )
    for visitor in range(10):
        yield from visit(name, f"{name}-{visitor}", goes_on=visitor < number)
    yield refunded(f"{name}-back", LATER, f"{name}-0-o", placed_at=NOON, amount=100 * number)


def visit(name: str, who: str, *, goes_on: bool) -> Iterator[Event]:
    card: Event = {"product_id": f"{name}-p1", "surface": "shop", "position": 1}
    read: Event = {"note_id": f"{name}-n", "surface": "feed", "dwell_ms": 9000}
    yield event("note.read", f"{who}-r", NOON, actorid=who, **read)
    yield event("product_card.impressed", f"{who}-i", NOON, actorid=who, **card)
    yield viewed(f"{who}-v", NOON, actor=who, brand=name)
    if goes_on:
        yield event("note.liked", f"{who}-l", NOON, actorid=who, note_id=f"{name}-n")
        yield event("product_card.clicked", f"{who}-c", NOON, actorid=who, **card)
        yield placed(f"{who}-o", NOON, line(name), actor=who)
        yield paid(f"{who}-o", LATER, placed_at=NOON)


@pytest.fixture(scope="module")
def benchmark(compute: Compute) -> Query:
    six = [act for number in range(1, 7) for act in brand(number, "skincare")]
    four = [act for number in range(1, 5) for act in brand(number, "snacks")]
    return compute(*six, *four)


def rows(benchmark: Query, category: str) -> list[tuple[Any, ...]]:
    return benchmark(
        "SELECT size_class, metric, currency, brands, round(median, 4), round(p75, 4), is_too_few "
        "FROM gold.category_benchmark WHERE category = $category "
        "AND event_date = DATE '2026-08-04' ORDER BY metric",
        category=category,
    )


def test_enough_brands_of_a_category_are_a_benchmark(benchmark: Query) -> None:
    assert rows(benchmark, "skincare") == [
        ("small", "card_ctr", "", 6, 0.35, 0.5, False),
        ("small", "conversion_rate", "", 6, 0.35, 0.5, False),
        ("small", "engagement_rate", "", 6, 0.35, 0.5, False),
        ("small", "gmv_per_buyer_minor", "CNY", 6, 1000.0, 1000.0, False),
        ("small", "refund_rate", "CNY", 6, 0.1, 0.1, False),
    ]


def test_few_brands_are_none(benchmark: Query) -> None:
    told = {row[3:] for row in rows(benchmark, "snacks")}
    assert told == {(None, None, None, True)}


def test_a_period_includes_the_days_before(benchmark: Query) -> None:
    days = benchmark(
        "SELECT strftime(event_date, '%m-%d'), median FROM gold.category_benchmark "
        "WHERE category = 'skincare' AND metric = 'card_ctr' ORDER BY 1"
    )
    assert days == [("08-03", 0.35), ("08-04", 0.35)]
