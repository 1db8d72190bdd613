"""What people came for happens through the same requests, cards and moments as everything else."""

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
    step,
    steps,
    visit,
    visits,
)

READER = person(
    1,
    patience=1.0,
    read_rate=0.0,
    shop_rate=0.0,
    engage_rate=0.0,
    comment_rate=0.0,
    follow_rate=0.0,
)
AD = {"item_id": "creative_1", "kind": "ad", "note_id": "note_2", "campaign_id": "campaign_1"}


def ran(
    *acts: dict[str, Any],
    cards: tuple[dict[str, Any], ...] = (),
    notes: tuple[dict[str, Any], ...] = (note(1), note(2)),
    **of_visit: Any,
) -> Lived:
    """One visit of somebody who does nothing but the steps."""
    rng = np.random.default_rng(7)
    wares = [product(1), product(2)]
    known = lore([person(0), READER], list(notes), wares)
    there = opened(visits(visit(1, person=1, **of_visit)), known.users, rng)
    return live(there, steps(*acts), Answers(*cards), known, rng)


def verbs(lived: Lived) -> list[str]:
    return lived.happened["verb"].to_list()


def only(lived: Lived, verb: str) -> dict[str, Any]:
    return lived.happened.filter(pl.col("verb") == verb).row(0, named=True)


def test_a_note_that_was_not_served_is_looked_up_before_it_is_read() -> None:
    lived = ran(step(1, "read_note", target="note_1"))
    assert verbs(lived)[0] == "request"
    assert verbs(lived)[-2:] == ["see_note", "read_note"]
    read = only(lived, "read_note")
    assert read["request_id"] == only(lived, "request")["request_id"]
    assert read["surface"] in ("link", "profile")
    assert "note_1" in lived.cards["item_id"].to_list()


def test_a_note_that_was_served_is_read_from_the_card_that_served_it() -> None:
    lived = ran(
        step(1, "read_note", target="note_2"),
        cards=({"item_id": "note_1"}, {"item_id": "note_2"}),
        pages=1,
    )
    assert verbs(lived) == ["request", "see_note", "see_note", "read_note"]
    read = only(lived, "read_note")
    assert (read["surface"], read["position"]) == ("feed", 2)


def test_acts_on_one_note_share_one_request() -> None:
    lived = ran(
        step(1, "read_note", target="note_1"),
        step(2, "like", target="note_1"),
        step(3, "comment", target="note_1", text="words"),
    )
    assert verbs(lived).count("request") == 1
    of_note = lived.happened.filter(pl.col("item") == "note_1")
    assert of_note["request_id"].n_unique() == 1


def test_a_search_serves_what_it_finds_and_the_note_is_opened_from_there() -> None:
    lived = ran(
        step(1, "search", text="words"),
        step(2, "read_note", target="note_2"),
        cards=({"item_id": "note_1"}, {"item_id": "note_2"}),
    )
    assert verbs(lived) == ["request", "see_note", "see_note", "read_note"]
    assert only(lived, "request")["text"] == "words"
    assert only(lived, "read_note")["surface"] == "search"


def test_an_ad_is_clicked_where_it_was_served() -> None:
    lived = ran(
        step(1, "click_ad", target="campaign_1"),
        cards=({"item_id": "note_1"}, {"item_id": "note_1"}, AD),
        pages=1,
    )
    assert verbs(lived) == ["request", "see_note", "see_note", "see_ad", "click_ad", "read_note"]
    assert only(lived, "click_ad")["position"] == 3


def test_an_ad_that_was_not_served_is_not_clicked() -> None:
    lived = ran(step(1, "click_ad", target="campaign_2"), cards=(AD,), pages=1)
    assert "click_ad" not in verbs(lived)


def test_a_step_may_click_whatever_ad_there_is() -> None:
    assert "click_ad" in verbs(ran(step(1, "click_ad"), cards=(AD,), pages=1))


def test_so_many_ads_are_clicked_as_steps_say() -> None:
    clicks = [step(n, "click_ad", target="campaign_1") for n in (1, 2)]
    lived = ran(*clicks, cards=(AD, AD, AD), pages=1)
    assert verbs(lived).count("click_ad") == 2


def test_a_product_is_opened_from_the_note_or_else_from_the_shop() -> None:
    lived = ran(
        step(1, "view_product", target="product_1", link="note_1"),
        step(2, "view_product", target="product_2"),
    )
    surfaces = dict(lived.happened.select("item", "surface").iter_rows())
    assert surfaces == {"product_1": "note", "product_2": "shop"}


def test_first_steps_come_before_the_pages() -> None:
    lived = ran(
        step(1, "view_brand_page", target="brand_1", first=True),
        cards=({"item_id": "note_1"},),
        pages=1,
    )
    assert verbs(lived) == ["view_brand_page", "request", "see_note"]


def test_steps_keep_the_seconds_between_them() -> None:
    lived = ran(
        step(1, "view_topic", target="topic_0", after_s=10.0),
        step(2, "view_topic", target="topic_1", after_s=30.0),
    )
    gaps = lived.happened["at"].diff().drop_nulls().dt.total_microseconds()
    assert gaps.to_list() == [30_000_000]


def test_a_note_is_open_as_long_as_the_step_says_or_as_anybody_would_have_it() -> None:
    said = ran(step(1, "read_note", target="note_1", value=4_000))
    assert only(said, "read_note")["stay_s"] == 4.0
    drawn = ran(step(1, "read_note", target="note_1"))
    assert only(drawn, "read_note")["stay_s"] > 0.4
