"""How people look through the cards that they are served, and what comes of it."""

from typing import Any

import numpy as np
import polars as pl

from platform_core.simulation.life.visiting import Lived, live, opened
from tests.simulation.literal_visits import (
    Answers,
    lore,
    note,
    person,
    product,
    steps,
    visit,
    visits,
)


def lived(
    people: list[dict[str, Any]],
    notes: list[dict[str, Any]],
    *,
    pages: int = 1,
    count: int = 400,
    surface: str = "feed",
    answers: list[dict[str, Any]] | None = None,
    seed: int = 7,
    **of_lore: Any,
) -> Lived:
    """Visits of the last person, each served all the notes on every page."""
    rng = np.random.default_rng(seed)
    known = lore(people, notes, **of_lore)
    cards = answers or [{"item_id": row["note_id"]} for row in notes]
    query = "topic_0" if surface in ("search", "topic") else None
    rows = [
        visit(n, person=len(people) - 1, pages=pages, surface=surface, query=query)
        for n in range(count)
    ]
    there = opened(visits(*rows), known.users, rng)
    return live(there, steps(), Answers(*cards), known, rng)


def counted(happened: pl.DataFrame, verb: str) -> int:
    return happened.filter(pl.col("verb") == verb).height


def seen_in_feed(happened: pl.DataFrame) -> pl.DataFrame:
    return happened.filter((pl.col("verb") == "see_note") & (pl.col("surface") == "feed"))


def test_nobody_sees_what_stands_below_without_what_stands_above() -> None:
    happened = lived([person(0), person(1)], [note(n) for n in range(10)]).happened
    seen = seen_in_feed(happened).group_by("visit").agg("position")
    assert all(sorted(p) == list(range(1, len(p) + 1)) for p in seen["position"].to_list())


def test_pages_but_the_last_are_looked_through() -> None:
    happened = lived([person(0), person(1)], [note(n) for n in range(10)], pages=2).happened
    first = seen_in_feed(happened).filter(pl.col("seq") < 2_000)
    assert first.height == 400 * 10


def test_the_same_card_is_opened_more_often_at_the_top() -> None:
    happened = lived(
        [person(0), person(1, patience=60.0)], [note(n) for n in range(10)], count=4_000
    ).happened
    by_position = happened.filter(pl.col("verb").is_in(["see_note", "read_note"])).group_by(
        "position"
    )
    rates = by_position.agg(
        ctr=(pl.col("verb") == "read_note").sum() / (pl.col("verb") == "see_note").sum()
    ).sort("position")["ctr"]
    assert rates[:2].mean() > 1.15 * rates[-2:].mean()  # type: ignore[operator]


def test_liked_topics_are_read_more_and_longer() -> None:
    notes = [note(1, topic=0), note(2, topic=1)]
    people = [person(0), person(1, patience=60.0)]
    happened = lived(
        people, notes, count=3_000, interests=[[0.5, 0.5], [0.9, 0.1]]
    ).happened.filter(pl.col("verb") == "read_note")
    liked, other = (happened.filter(pl.col("item") == n) for n in ("note_1", "note_2"))
    assert liked.height > 1.5 * other.height
    assert liked["stay_s"].median() > 1.2 * other["stay_s"].median()  # type: ignore[operator]


def test_a_reader_of_a_note_may_open_its_product_and_order_it() -> None:
    people = [person(0), person(1, read_rate=0.9, shop_rate=0.9, buy_rate=0.5)]
    happened = lived(people, [note(1, product_ids=["product_1"])]).happened
    for verb in ("view_product", "add_to_cart", "order"):
        of_verb = happened.filter(pl.col("verb") == verb)
        assert of_verb.height > 10
        assert set(of_verb["item"]) == {"product_1"}
        assert set(of_verb["link"]) == {"note_1"}
        assert set(of_verb["surface"]) == {"note"}


def test_products_found_by_a_search_are_opened_from_the_search() -> None:
    found = [{"item_id": "product_1", "kind": "product", "note_id": None}]
    people = [person(0), person(1, shop_rate=0.9)]
    happened = lived(people, [note(1)], surface="search", answers=found).happened
    viewed = happened.filter(pl.col("verb") == "view_product")
    assert viewed.height > 50
    assert set(viewed["surface"]) == {"search"}
    assert viewed["link"].null_count() == viewed.height


def test_dear_products_are_ordered_less_by_those_who_mind_the_price() -> None:
    people = [person(0), person(1, read_rate=0.9, shop_rate=0.9, buy_rate=0.3, price_sense=0.9)]
    notes = [note(1, product_ids=["product_1", "product_2"])]
    wares = [product(1, price_minor=5_000), product(2, price_minor=90_000)]
    happened = lived(people, notes, count=2_000, products=wares).happened
    orders = happened.filter(pl.col("verb") == "order")["item"].value_counts()
    ordered = dict(orders.iter_rows())
    assert ordered["product_1"] > 2 * ordered.get("product_2", 0)


def test_moments_of_a_visit_follow_each_other_in_time() -> None:
    happened = lived([person(0), person(1)], [note(n) for n in range(10)], pages=3).happened
    ordered = happened.sort("visit", "phase", "seq", "sub", maintain_order=True)
    gap = ordered.select(pl.col("at").diff().over("visit").drop_nulls())["at"]
    assert gap.min() >= pl.Series([0]).cast(pl.Duration("us"))[0]  # type: ignore[operator]


def test_different_people_differ() -> None:
    notes = [note(n) for n in range(10)]
    eager = lived([person(0), person(1, engage_rate=0.9, read_rate=0.5)], notes).happened
    shy = lived([person(0), person(1, engage_rate=0.01, read_rate=0.05)], notes).happened
    assert counted(eager, "like") > 10 * counted(shy, "like")


def test_ads_are_clicked_less_than_notes_are_read() -> None:
    cards = [{"item_id": "note_1"}, {"item_id": "creative_1", "kind": "ad", "note_id": "note_2"}]
    people = [person(0), person(1, patience=90.0)]
    happened = lived(people, [note(1), note(2)], count=2_000, answers=cards).happened
    clicks, reads = counted(happened, "click_ad"), counted(happened, "read_note")
    assert 0 < clicks < 0.4 * (reads - clicks)
