"""Notes that are recommended: from what alike people care for, never from machines."""

from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.defs.house import House
from tests.warehouse.acts import Event, local
from tests.warehouse.nightly import deliver, house, night, read
from tests.warehouse.note_acts import engaged, note, opened
from tests.warehouse.people import called
from tests.warehouse.shop_acts import ruled

LONG_AGO, MONDAY, TUESDAY = "2026-07-01", "2026-08-03", "2026-08-04"
NOON = local(f"{MONDAY} 12:00:00")
NEIGHBOURS = """
SELECT note_id, neighbour_id, people, round(similarity, 4), place
FROM gold.note_neighbours ORDER BY note_id, place
"""


def reads(actor: str, *notes: str, day: str = MONDAY) -> list[Event]:
    return [opened(n, local(f"{day} 10:00:00"), actor) for n in notes]


EVENTS = [
    *(note(n, NOON) for n in ("a", "b", "c", "dull", "gone")),
    note("own", NOON, by="new"),
    note("gone", local(f"{TUESDAY} 08:00:00"), status="removed"),
    *reads("ann", "a", "b", "own"),
    *reads("bob", "a", "b", "gone"),
    *reads("bob", "a", day=TUESDAY),
    *reads("cat", "a", "c"),
    *reads("new", "a"),
    *reads("old", "b", "c", day=LONG_AGO),
    opened("dull", NOON, "ann", dwell_ms=100),
    engaged("hidden", "dull", NOON, "new"),
    *reads("bot", "a", "c", "dull"),
]


@pytest.fixture(scope="module")
def meadow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One night, the decision that a reader is a machine, and the night after it."""
    meadow = house(tmp_path_factory.mktemp("notes"), tables=["gold.recommendations"])
    deliver(meadow, *EVENTS)
    night(meadow)
    bot = called(meadow, "bot")
    at = local(f"{TUESDAY} 09:00:00")
    deliver(meadow, ruled("d1", at, "confirmed", "user", bot, days=[MONDAY]))
    night(meadow)
    yield meadow
    meadow.platform.dispose()


def recommended(meadow: House, name: str) -> list[tuple[Any, ...]]:
    return read(
        meadow,
        "SELECT note_id, reason FROM gold.recommendations WHERE user_id = $user ORDER BY rank",
        user=called(meadow, name),
    )


def test_similarity_is_the_cosine_shrunk_where_few_are_in_common(meadow: House) -> None:
    """``a`` has 4 readers, ``b`` and ``own`` are read by 2 and 1 of them: 2/√(4·2) · 2/(2+5)."""
    similar = read(meadow, NEIGHBOURS)
    assert [row[1:] for row in similar if row[0] == "a"] == [
        ("b", 2, 0.202, 1),
        ("c", 1, 0.0833, 2),
        ("gone", 1, 0.0833, 3),
        ("own", 1, 0.0833, 4),
    ]
    assert ("b", "a", 2, 0.202, 1) in similar


def test_what_nobody_read_for_long_is_nobodys_neighbour(meadow: House) -> None:
    assert not [row for row in read(meadow, NEIGHBOURS) if "dull" in row[:2]]


def test_what_alike_people_read_is_recommended_with_its_reason(meadow: House) -> None:
    assert recommended(meadow, "new") == [("b", "similar_to:a"), ("c", "similar_to:a")]


def test_what_a_person_has_opened_is_never_recommended_again(meadow: House) -> None:
    assert [note_id for note_id, _ in recommended(meadow, "bob")] == ["own", "c"]


def test_acts_too_old_recommend_nothing(meadow: House) -> None:
    assert recommended(meadow, "old") == []


def test_who_is_judged_invalid_recommends_nothing_and_is_recommended_nothing(
    meadow: House,
) -> None:
    assert recommended(meadow, "bot") == []
    histories = "SELECT count(*) FROM gold.reading_histories WHERE note_id = 'a'"
    assert read(meadow, histories) == [(4,)]
