"""What detectors see of a note: literal states, texts and comments in, columns out."""

import json
from typing import Any

import pytest

from tests.features.conduct_rows import Given, Row, at, day, rows_of

BRIEF = "本来没抱期望，结果真香，通勤都靠它，自费买的放心"
OTHER = "周末去了一趟植物园，银杏还没黄，人也不多"


def note(note_id: str, number: int, creator: str, **rest: Any) -> Row:
    return {
        "note_id": note_id,
        "event_date": day(number),
        "changed_at": at(number),
        "creator_id": creator,
        "status": "published",
        "was_published": True,
        "product_ids": [],
        "product_brand_ids": [],
        "mentions": ["b1"],
        "brand_ids": ["b1"],
        "is_disclosed_ad": False,
        **rest,
    }


def told(note_id: str, number: int, text: str) -> Row:
    return {
        "event_id": note_id,
        "source": "app",
        "type": "note.changed",
        "occurred_at": at(number),
        "utc_date": day(number),
        "data": json.dumps({"note_id": note_id, "status": "published", "text": text}),
        "segment": 1,
        "line": 1,
        "is_duplicate": False,
    }


def comment(note_id: str, number: int, who: str) -> Row:
    return {
        "actor_id": who,
        "note_id": note_id,
        "kind": "comment",
        "comment_id": f"{note_id}-{who}",
        "event_date": day(number),
        "occurred_at": at(number),
        "net": 1,
    }


def conduct(given: Given, note_id: str, *columns: str) -> tuple[Any, ...]:
    found = rows_of("features.note_conduct", given)
    (row,) = [r for r in found if r["note_id"] == note_id]
    return tuple(row[name] for name in columns)


def test_a_note_stands_on_the_day_of_its_first_publication() -> None:
    states = [
        note("n1", -3, "ann", status="draft", was_published=False),
        note("n1", 0, "ann"),
        note("n1", 2, "ann", is_disclosed_ad=True),
    ]
    found = rows_of("features.note_conduct", {"silver.note_states": states}, first=-5, last=5)
    assert [(r["event_date"], r["is_disclosed_ad"]) for r in found] == [(day(0), False)]


def test_a_note_is_about_the_brand_that_it_names_else_shows() -> None:
    shows = {"product_ids": ["p2"], "product_brand_ids": ["b2"]}
    states = [
        note("n1", 0, "ann", **shows),
        note("n2", 0, "ann", mentions=[], **shows),
        note("n3", 0, "ann", mentions=[], brand_ids=[]),
    ]
    found = rows_of("features.note_conduct", {"silver.note_states": states})
    assert [r["brand_id"] for r in found] == ["b1", "b2", None]


def test_one_brief_in_the_notes_of_several_creators_makes_peers() -> None:
    days = {"n1": 0, "n2": 5, "n3": -7, "n4": 1}
    given: Given = {
        "silver.note_states": [
            *(note(n, number, f"by {n}", is_disclosed_ad=n == "n3") for n, number in days.items()),
            note("n5", 0, "zoe", mentions=[], brand_ids=[]),
        ],
        "bronze.events": [
            *(told(n, number, BRIEF if n != "n4" else OTHER) for n, number in days.items()),
            told("n5", 0, OTHER),
        ],
    }
    assert conduct(given, "n1", "house_share", "peers", "disclosed_peers") == (1, 2, 1)
    assert conduct(given, "n5", "house_share", "peers") == (0, 0)


def test_creators_who_start_to_name_a_brand_in_the_same_days_are_counted() -> None:
    states = [
        note("n1", 0, "ann"),
        note("n2", -3, "bob"),
        note("n3", 3, "cem"),
        note("n4", -20, "cem"),
        note("n5", 0, "dan", mentions=["b2"]),
    ]
    columns = ("first_namers_29d", "is_first_of_brand", "brand_notes_15d", "brand_notes_before")
    assert conduct({"silver.note_states": states}, "n1", *columns) == (2, True, 3, 1)


def test_who_comments_under_several_creators_notes_about_the_brand_is_told() -> None:
    given: Given = {
        "silver.note_states": [
            note("n1", 0, "ann"),
            note("n2", -3, "bob"),
            note("n3", 0, "ann"),
            note("n4", 0, "cem", mentions=["b2"], brand_ids=["b2"]),
        ],
        "silver.engagements": [
            comment("n1", 1, "eve"),
            comment("n2", 2, "eve"),
            comment("n1", 1, "fay"),
            comment("n3", 1, "fay"),
            comment("n1", 1, "gil"),
            comment("n4", 1, "gil"),
            comment("n1", 1, "ann"),
            comment("n1", 15, "hal"),
        ],
    }
    assert conduct(given, "n1", "commenters", "brand_commenters") == (3, 1)


@pytest.mark.parametrize("table", ["note_conduct", "notes_published"])
def test_a_day_by_itself_is_as_within_a_longer_window(table: str) -> None:
    days = range(-70, 30, 3)
    given: Given = {
        "silver.note_states": [
            note(f"n{n}", n, f"c{n % 5}", mentions=[f"b{n % 2}"], is_disclosed_ad=n % 7 == 0)
            for n in days
        ],
        "bronze.events": [told(f"n{n}", n, (BRIEF, OTHER)[n % 4 // 2]) for n in days],
        "silver.engagements": [
            comment(f"n{n}", n + later, f"h{n % 3}") for n in days for later in (1, 13)
        ],
    }
    whole = rows_of(f"features.{table}", given, first=-10, last=14)
    assert len(whole) == 9
    for number in {r["event_date"] for r in whole[::3]}:
        offset = (number - day(0)).days
        alone = rows_of(f"features.{table}", given, first=offset, last=offset)
        assert alone == [r for r in whole if r["event_date"] == number]
