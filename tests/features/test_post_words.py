"""What notes and reviews say, without names: literal texts and states in, words out."""

import json

import pytest

from tests.features.conduct_rows import Given, Row, at, day, rows_of

REVIEW: Row = {
    "review_id": "r1",
    "event_date": day(0),
    "actor_id": "ann",
    "product_id": "p1",
    "text": "甲的面霜 VERY good",
}
NOTE: Row = {
    "note_id": "n1",
    "event_date": day(0),
    "changed_at": at(0),
    "creator_id": "bob",
    "was_published": True,
    "product_ids": ["p1"],
    "mentions": ["b1"],
    "is_disclosed_ad": False,
}
TOLD: Row = {
    "type": "note.changed",
    "occurred_at": at(0),
    "utc_date": day(0),
    "data": json.dumps({"note_id": "n1", "status": "published", "text": "我用甲的面霜"}),
    "segment": 1,
    "line": 1,
    "is_duplicate": False,
}


def product(number: int, name: str) -> Row:
    return {"product_id": "p1", "event_date": day(number), "brand_id": "b1", "name": name}


def brand(number: int, name: str) -> Row:
    return {"brand_id": "b1", "event_date": day(number), "name": name}


def words(given: Given) -> list[tuple[str, str, str, str]]:
    found = rows_of("features.post_words", given)
    return [(row["post_id"], row["author"], row["brand_id"], row["words"]) for row in found]


def test_a_post_says_what_is_left_without_the_names_of_its_brand_and_product() -> None:
    given: Given = {
        "silver.product_states": [product(-80, "甲面霜")],
        "silver.brand_states": [brand(-80, "甲")],
        "silver.note_states": [NOTE],
        "bronze.events": [TOLD],
        "silver.reviews": [REVIEW],
    }
    assert words(given) == [
        ("n1", "bob", "b1", "我用 的"),
        ("r1", "ann", "b1", "的  very good"),
    ]


def test_without_a_brand_all_words_are_left() -> None:
    given: Given = {
        "silver.note_states": [{**NOTE, "mentions": [], "product_ids": []}],
        "silver.reviews": [{**REVIEW, "text": None}],
    }
    assert words(given) == [("n1", "bob", "(none)", ""), ("r1", "ann", "(unknown)", "")]


@pytest.mark.parametrize(("number", "left"), [(-1, "甲的  very good"), (1, "的  very good")])
def test_names_are_those_of_the_day(number: int, left: str) -> None:
    given: Given = {
        "silver.product_states": [product(-80, "面霜")],
        "silver.brand_states": [brand(-80, "甲"), brand(number, "乙")],
        "silver.reviews": [REVIEW],
    }
    assert [text for *_, text in words(given)] == [left]
