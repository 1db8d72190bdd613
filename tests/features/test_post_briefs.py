"""Which words are said under one brand only: literal words in, their shares out."""

from typing import Any

import pytest

from tests.features.conduct_rows import Given, Row, at, day, rows_of

BRIEF = "没想到这么好用，同事都来问链接，准备囤货"
OTHER = "颜色比照片深一点，尺码正好，客服态度一般"


def post(post_id: str, number: int, author: str, words: str = BRIEF, **rest: Any) -> Row:
    return {
        "post_kind": "review",
        "post_id": post_id,
        "event_date": day(number),
        "author": author,
        "brand_id": "b1",
        "words": words,
        **rest,
    }


def shares(*posts: Row) -> dict[str, float]:
    found = rows_of("features.post_briefs", {"features.post_words": posts}, first=-60, last=30)
    return {row["post_id"]: row["house_share"] for row in found}


def test_words_that_several_people_use_under_one_brand_only_are_of_the_house() -> None:
    found = shares(
        post("r1", 0, "ann"),
        post("r2", 3, "bob", f"真的{BRIEF}"),
        post("r3", -9, "cem"),
        post("r4", 0, "dan", OTHER),
    )
    assert found["r1"] == found["r3"] == 1
    assert found["r2"] == pytest.approx(1, abs=0.15)
    assert found["r4"] == 0


def test_words_of_every_brand_and_of_one_person_are_not_of_the_house() -> None:
    found = shares(
        *(post(f"same-{n}", n, "ann") for n in range(3)),
        *(post(f"here-{n}", 0, f"h{n}", OTHER) for n in range(3)),
        *(post(f"there-{n}", 0, f"t{n}", OTHER, brand_id=f"b{2 + n % 2}") for n in range(4)),
    )
    assert {share for post_id, share in found.items() if not post_id.startswith("there")} == {0}


@pytest.mark.parametrize(("brands", "share"), [(2, 1), (3, 0)])
def test_a_brief_for_two_brands_is_of_both_houses_and_words_of_three_are_anybodys(
    brands: int, share: float
) -> None:
    found = shares(
        *(
            post(f"r-{brand}-{n}", 0, f"a{brand}{n}", brand_id=f"b{brand}")
            for brand in range(brands)
            for n in range(4)
        )
    )
    assert set(found.values()) == {share}


@pytest.mark.parametrize(("of_the_brand", "share"), [(50, 1), (120, 0)])
def test_words_that_few_of_a_brands_many_posts_hold_are_words_of_its_trade(
    of_the_brand: int, share: float
) -> None:
    alike = [post(f"r{n}", 0, f"h{n}") for n in range(3)]
    others = [post(f"o{n}", 0, f"o{n}", words="好") for n in range(of_the_brand - 3)]
    assert shares(*alike, *others)["r0"] == share


def test_words_of_long_ago_are_forgotten() -> None:
    posts = (post(f"r{n}", number, f"h{n}") for n, number in enumerate((-29, -1, 0)))
    assert shares(*posts)["r2"] == 0


def test_notes_and_reviews_are_compared_with_their_own_kind() -> None:
    found = shares(
        *(post(f"r{n}", 0, f"h{n}") for n in range(3)),
        *(post(f"n{n}", 0, f"c{n}", post_kind="note", brand_id=f"b{n}") for n in range(5)),
        post("n5", 0, "h0", post_kind="note"),
    )
    assert found == {**dict.fromkeys(("r0", "r1", "r2"), 1), **{f"n{n}": 0 for n in range(6)}}


def test_what_is_about_no_brand_is_of_no_house() -> None:
    found = shares(*(post(f"n{n}", 0, f"c{n}", brand_id="(none)") for n in range(4)))
    assert set(found.values()) == {0}


def test_a_day_by_itself_is_as_within_a_longer_window() -> None:
    posts = [
        post(f"r{n}", n, f"h{n % 5}", (BRIEF, OTHER)[n % 4 // 2], brand_id=f"b{n % 3 // 2}")
        for n in range(-40, 20, 2)
    ]
    third = [post("third-1", 20, "i1", brand_id="b2"), post("third-2", 26, "i2", brand_id="b2")]
    given = {"features.post_words": [*posts, *third]}
    whole = rows_of("features.post_briefs", given, first=-10, last=14)
    assert {row["house_share"] for row in whole} == {0, 1}
    for number in (-10, 0, 14):
        alone = rows_of("features.post_briefs", given, first=number, last=number)
        assert alone == [row for row in whole if row["event_date"] == day(number)]


@pytest.mark.parametrize("last", [0, 20])
def test_brands_that_are_new_in_the_days_after_are_told_apart(last: int) -> None:
    posted = {"r1": (0, 1), "r2": (0, 1), "r3": (0, 1), "r4": (8, 2), "r5": (9, 3)}
    given: Given = {
        "silver.product_states": [
            {"product_id": f"p{n}", "event_date": day(since), "brand_id": f"b{n}", "name": "面霜"}
            for n, since in ((1, -80), (2, 5), (3, 5))
        ],
        "silver.reviews": [
            {
                "review_id": review_id,
                "event_date": day(number),
                "occurred_at": at(number),
                "actor_id": f"by {review_id}",
                "product_id": f"p{product}",
                "text": BRIEF,
            }
            for review_id, (number, product) in posted.items()
        ],
    }
    found = rows_of("features.post_briefs", given, last=last)
    assert {r["house_share"] for r in found if r["event_date"] == day(0)} == {0}
