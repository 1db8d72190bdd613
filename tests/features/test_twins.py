"""Who else posted nearly the same words, as each day's end saw it."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import features
from features import twins
from pipelines.warehouse.lake import Window

DAY = date(2026, 5, 1)
PRAISE = "这款面霜质地清爽不油腻，冬天用着刚刚好，会推荐给朋友"
NEARLY = "这款面霜质地清爽不油腻，夏天用着刚刚好，会推荐给同事"
OTHER = "物流太慢了，等了九天才到，盒子还压坏了一个角，客服不理人"
FOLDER = Path(features.__file__).parent


class Literal:
    """Stands for ``Tables``: queries over frames that are given."""

    def __init__(self, window: Window | None = None, **frames: pl.DataFrame) -> None:
        self._window = window or Window(DAY - timedelta(days=90), DAY + timedelta(days=90))
        self._frames = frames

    def sql(self, query: str) -> pl.DataFrame:
        for name in ("from_date", "to_date"):
            query = query.replace(f"${name}", f"DATE '{getattr(self._window, name)}'")
        with duckdb.connect() as connection:
            for name, frame in self._frames.items():
                layer, _, table = name.partition("_")
                connection.register("given", frame)
                connection.execute(f"CREATE SCHEMA IF NOT EXISTS {layer}")
                connection.execute(f"CREATE TABLE {layer}.{table} AS SELECT * FROM given")
            rows: pl.DataFrame = connection.sql(query).pl()
            return rows


def review(
    name: str, text: str | None = PRAISE, *, by: str | None = "", day: int = 0, of: str = "p1"
) -> dict[str, Any]:
    on = DAY + timedelta(days=day)
    return {
        "review_id": name,
        "event_date": on,
        "occurred_at": datetime(on.year, on.month, on.day, 8),
        "actor_id": f"author of {name}" if by == "" else by,
        "product_id": of,
        "text": text,
    }


SCHEMA: dict[str, Any] = {
    "review_id": pl.String,
    "event_date": pl.Date,
    "occurred_at": pl.Datetime("us"),
    "actor_id": pl.String,
    "product_id": pl.String,
    "text": pl.String,
}


def told(*reviews: dict[str, Any], window: Window | None = None) -> dict[str, dict[str, Any]]:
    """The rows of ``features.review_twins`` by review."""
    frame = pl.DataFrame(reviews, schema=SCHEMA)
    found = twins.review_twins(Literal(window, silver_reviews=frame), window)  # type: ignore[arg-type]
    return {row["review_id"]: row for row in found.sort("review_id").to_dicts()}


def columns(rows: dict[str, dict[str, Any]], *names: str) -> dict[str, tuple[Any, ...]]:
    return {review: tuple(row[name] for name in names) for review, row in rows.items()}


def test_two_accounts_with_nearly_the_same_words_are_twins() -> None:
    found = told(review("a"), review("b", NEARLY, of="p2"), review("c", OTHER))
    assert columns(found, "twins", "twin_accounts", "twin_products", "exact_twins") == {
        "a": (1, 1, 1, 0),
        "b": (1, 1, 1, 0),
    }
    assert 0.4 < found["a"]["nearest"] == found["b"]["nearest"] < 1


def test_who_repeats_only_themselves_has_no_twin() -> None:
    assert told(review("a", by="u"), review("b", by="u"), review("c", NEARLY, by="u")) == {}


def test_others_are_counted_and_oneself_is_not() -> None:
    found = told(
        review("a", by="u", of="p1"),
        review("b", by="u", of="p2"),
        review("c", by="v", of="p2"),
        review("d", NEARLY, by="w", of="p3"),
        review("e", NEARLY, by="w", of="p3"),
    )
    counts = columns(found, "twins", "twin_accounts", "twin_products", "exact_twins")
    assert counts == {
        "a": (3, 2, 2, 1),
        "b": (3, 2, 2, 1),
        "c": (4, 2, 3, 2),
        "d": (3, 2, 2, 0),
        "e": (3, 2, 2, 0),
    }
    assert found["c"]["nearest"] == 1
    assert found["d"]["nearest"] < 1


def test_a_later_twin_changes_no_earlier_day() -> None:
    assert told(review("a"), review("b", NEARLY, day=1)).keys() == {"b"}


def test_a_twin_is_remembered_for_thirty_days() -> None:
    assert told(review("a"), review("b", NEARLY, day=30)).keys() == {"b"}
    assert told(review("a"), review("b", NEARLY, day=31)) == {}
    assert told(review("a"), review("b", day=31)) == {}


def test_a_cluster_is_called_after_its_first_review_in_sight() -> None:
    chain = [review("z"), review("b", NEARLY, day=20), review("a", NEARLY, day=40)]
    found = told(*chain)
    assert columns(found, "cluster_id", "cluster_accounts") == {"b": ("z", 2), "a": ("b", 2)}


def test_what_hangs_together_over_a_third_is_one_cluster() -> None:
    line = "一二三四五六七八九十甲乙丙丁戊己庚辛"
    found = told(review("a", line[:12]), review("b", line[3:15]), review("c", line[6:]))
    assert columns(found, "twins", "cluster_id", "cluster_accounts") == {
        "a": (1, "a", 3),
        "b": (2, "a", 3),
        "c": (1, "a", 3),
    }


@pytest.mark.parametrize("text", ["", None, "👍👍👍👍👍👍👍👍", "很好很好很好", "！" * 40])
def test_what_says_too_little_has_no_twins(text: str | None) -> None:
    assert told(review("a", text), review("b", text)) == {}


def test_what_nobody_signed_counts_for_nobody() -> None:
    assert told(review("a", by=None), review("b"), review("c", by=None)) == {}


def test_no_reviews_have_no_twins() -> None:
    assert told() == {}


def test_many_copies_see_each_other_without_being_paired() -> None:
    found = told(*(review(f"r{number:05}", by=f"u{number % 9000}") for number in range(10_000)))
    assert columns(found, "twins", "twin_accounts")["r00000"] == (9998, 8999)
    assert columns(found, "twins", "twin_accounts")["r05000"] == (9999, 8999)


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([PRAISE, NEARLY, OTHER, PRAISE[:14], NEARLY[10:], OTHER[:16] + "！"]),
            st.integers(0, 70),
            st.sampled_from("uvw"),
            st.sampled_from(["p1", "p2"]),
        ),
        max_size=14,
    ),
    st.integers(0, 70),
)
def test_each_day_by_itself_says_what_all_days_at_once_say(
    drawn: list[tuple[str, int, str, str]], day: int
) -> None:
    reviews = [
        review(f"r{number}", text, by=by, day=day, of=of)
        for number, (text, day, by, of) in enumerate(drawn)
    ]
    window = Window(DAY + timedelta(days=day), DAY + timedelta(days=day))
    whole = {name: row for name, row in told(*reviews).items() if row["event_date"] in window}
    assert told(*reviews, window=window) == whole


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([PRAISE, NEARLY, OTHER]), st.integers(0, 40), st.sampled_from("uvw")
        ),
        max_size=10,
    )
)
def test_counts_are_those_of_comparing_all_with_all(drawn: list[tuple[str, int, str]]) -> None:
    reviews = [review(f"r{n}", text, by=by, day=day) for n, (text, day, by) in enumerate(drawn)]
    alike = {PRAISE: {PRAISE, NEARLY}, NEARLY: {PRAISE, NEARLY}, OTHER: {OTHER}}
    expected = {}
    for one in reviews:
        seen = [
            other
            for other in reviews
            if other["text"] in alike[one["text"]]
            and timedelta(0) <= one["event_date"] - other["event_date"] <= timedelta(days=30)
            and other["actor_id"] != one["actor_id"]
        ]
        if seen:
            accounts = {other["actor_id"] for other in seen}
            exact = [other for other in seen if other["text"] == one["text"]]
            expected[one["review_id"]] = (len(seen), len(accounts), len(exact))
    assert columns(told(*reviews), "twins", "twin_accounts", "exact_twins") == expected


def test_notes_are_compared_by_title_and_body() -> None:
    notes = pl.DataFrame(
        {
            "note_id": ["n1", "n2"],
            "event_date": [DAY, DAY],
            "changed_at": [datetime(2026, 5, 1, 8), datetime(2026, 5, 1, 9)],
            "creator_id": ["c1", "c2"],
            "title": ["冬天的面霜", "冬天的面霜！"],
            "text": [PRAISE, NEARLY],
        }
    )
    found = twins.note_twins(Literal(features_note_texts=notes), None)  # type: ignore[arg-type]
    rows = found.select("note_id", "twins", "exact_twins", "cluster_id").sort("note_id").rows()
    assert rows == [("n1", 1, 0, "n1"), ("n2", 1, 0, "n1")]


@pytest.mark.parametrize("table", ["review_twins", "note_twins"])
def test_headers_look_back_as_far_as_the_code(table: str) -> None:
    text = (FOLDER / f"{table}.sql").read_text()
    assert f"lookback: {twins.LOOKBACK_DAYS}\n" in text
    assert f"made_by: features.twins:{table}\n" in text
