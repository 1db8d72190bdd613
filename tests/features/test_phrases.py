"""Phrases in common give away a brief, though no two texts are alike."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

import features
from features.phrases import LOOKBACK_DAYS, phrases, review_phrases
from pipelines.warehouse.lake import Window

DAY = date(2026, 5, 1)
SCHEMA: dict[str, Any] = {
    "review_id": pl.String,
    "event_date": pl.Date,
    "actor_id": pl.String,
    "product_id": pl.String,
    "text": pl.String,
}


class Literal:
    """Stands for ``Tables``: the reviews that are given."""

    def __init__(self, reviews: pl.DataFrame, window: Window) -> None:
        self._reviews = reviews
        self._window = window

    def sql(self, query: str) -> pl.DataFrame:
        for name in ("from_date", "to_date"):
            query = query.replace(f"${name}", f"DATE '{getattr(self._window, name)}'")
        with duckdb.connect() as connection:
            connection.register("given", self._reviews)
            rows: pl.DataFrame = connection.sql(query.replace("silver.reviews", "given")).pl()
            return rows


def review(
    name: str, text: str | None, *, by: str | None = "", day: int = 0, of: str = "p1"
) -> tuple[object, ...]:
    return name, DAY + timedelta(day), f"author of {name}" if by == "" else by, of, text


def told(*reviews: tuple[object, ...]) -> list[tuple[object, ...]]:
    frame = pl.DataFrame(reviews, SCHEMA, orient="row")
    window = Window(DAY, DAY + timedelta(days=90))
    found = review_phrases(Literal(frame, window), window)  # type: ignore[arg-type]
    return found.drop("event_date").sort("review_id").rows()


def cut(text: str | None) -> list[str]:
    found = phrases(pl.DataFrame({"text": [text]}, {"text": pl.String}))
    return sorted(found["phrase"].to_list())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "包装很用心。会再买一件！！朋友试了也说好",
            ["会再买一件", "包装很用心", "朋友试了也说好"],
        ),
        ("客服推来推去 钱白花了～客服推来推去", ["客服推来推去", "钱白花了"]),
        ("Would buy again! Arrived in two days", ["arrivedintwodays", "wouldbuyagain"]),
        ("好评，很好，ok, nice one", []),
        ("👍👍👍👍👍👍", []),
        ("", []),
        (None, []),
    ],
)
def test_phrases_stand_between_marks_and_say_something(
    text: str | None, expected: list[str]
) -> None:
    assert cut(text) == sorted(expected)


def test_claims_in_another_order_are_still_shared() -> None:
    found = told(
        review("a", "包装很用心。会再买一件！朋友试了也说好"),
        review("b", "朋友试了也说好～用了一周没踩雷 包装很用心"),
        review("c", "等了九天才到，盒子还压坏了"),
    )
    assert found == [("a", 3, 2, 1, 1.0), ("b", 3, 2, 1, 1.0)]


def test_what_is_said_of_everything_is_not_of_this_product_alone() -> None:
    others = [review(f"o{number}", "物流真的很快", of=f"p{number}") for number in range(2, 8)]
    found = told(review("a", "物流真的很快"), review("b", "物流真的很快"), *others)
    assert found == [("a", 1, 1, 1, 0.25), ("b", 1, 1, 1, 0.25)]


def test_of_another_product_by_the_same_account_or_by_nobody_is_not_shared() -> None:
    text = "包装很用心"
    assert told(review("a", text, by="u"), review("b", text, by="u")) == []
    assert told(review("a", text), review("b", text, of="p2")) == []
    assert told(review("a", text), review("b", text, by=None)) == []
    assert told() == []


def test_a_day_sees_thirty_days_before_it_and_none_after() -> None:
    text = "包装很用心"
    assert [row[0] for row in told(review("a", text), review("b", text, day=30))] == ["b"]
    assert told(review("a", text), review("b", text, day=31)) == []


def test_a_flood_of_one_phrase_counts_its_accounts() -> None:
    found = told(*(review(f"r{number:05}", "包装很用心") for number in range(20_000)))
    assert found[0] == ("r00000", 1, 1, 19_999, 1.0)


def test_the_header_looks_back_as_far_as_the_code() -> None:
    header = (Path(features.__file__).parent / "review_phrases.sql").read_text()
    assert f"lookback: {LOOKBACK_DAYS}\n" in header
