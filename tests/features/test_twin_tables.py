"""Twins in the lake: the tables pass their audits, and nights end as a rebuild does."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pipelines.defs.house import House
from tests.events import event
from tests.warehouse.acts import Event, local
from tests.warehouse.nightly import contents, deliver, house, night, read

TABLES = ["features.review_twins", "features.note_twins", "features.review_phrases"]
PRAISE = "这款面霜质地清爽不油腻，冬天用着刚刚好，会推荐给朋友"
NEARLY = "这款面霜质地清爽不油腻，夏天用着刚刚好，会推荐给同事"
DAYS = ("2026-06-30", "2026-07-10", "2026-08-02")
FIRST, LATER, LAST = (local(f"{day} 23:30:00") for day in DAYS)
_numbers = count()


def said(type_: str, time: str, by: str, **data: Any) -> Event:
    return event(type_, f"e{next(_numbers)}", time, actorid=by, **data)


def review(name: str, text: str, time: str, *, of: str = "p1") -> Event:
    stated: dict[str, Any] = {"review_id": name, "product_id": of, "stars": 5}
    return said("review.posted", time, f"author-{name}", text=text, is_verified=False, **stated)


def note(name: str, text: str, time: str, *, status: str = "published") -> Event:
    by = f"author-{name}"
    stated: dict[str, Any] = {"topics": [], "products": [], "mentions": []}
    stated |= {"note_id": name, "creator_id": by, "status": status, "title": name, "text": text}
    return said("note.changed", time, by, is_disclosed_ad=False, **stated)


NIGHTS = [
    [
        review("r1", PRAISE, FIRST),
        review("r3", PRAISE, LAST),
        note("n1", PRAISE, FIRST),
        note("n2", NEARLY, FIRST, status="draft"),
    ],
    [
        review("r2", NEARLY, LATER, of="p2"),
        note("n2", NEARLY, LATER),
    ],
    [review("r0", NEARLY, FIRST)],
]


@pytest.fixture(scope="module")
def nightly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A lake after three nights; what the second and third bring is late."""
    meadow = house(tmp_path_factory.mktemp("nightly"), tables=TABLES)
    for number, events in enumerate(NIGHTS):
        deliver(meadow, *events)
        night(meadow, f"r{number}")
    yield meadow
    meadow.platform.dispose()


def test_reviews_see_what_was_posted_until_their_days_end(nightly: House) -> None:
    columns = "review_id, twins, twin_accounts, twin_products, exact_twins, cluster_id"
    assert read(nightly, f"SELECT {columns} FROM features.review_twins ORDER BY review_id") == [
        ("shop:r0", 1, 1, 1, 0, "shop:r0"),
        ("shop:r1", 1, 1, 1, 0, "shop:r0"),
        ("shop:r2", 2, 2, 1, 1, "shop:r0"),
        ("shop:r3", 1, 1, 1, 0, "shop:r2"),
    ]


def test_a_draft_is_nobodys_twin(nightly: House) -> None:
    found = read(nightly, "SELECT note_id, twins, exact_twins FROM features.note_twins")
    assert found == [("n2", 1, 0)]


def test_reviews_of_one_product_share_phrases_unless_too_long_ago(nightly: House) -> None:
    columns = "review_id, phrases, shared_phrases, phrase_accounts, concentration"
    assert read(nightly, f"SELECT {columns} FROM features.review_phrases ORDER BY review_id") == [
        ("shop:r0", 3, 1, 1, 1.0),
        ("shop:r1", 3, 1, 1, 1.0),
    ]


def test_nights_end_as_a_rebuild_does(nightly: House, tmp_path: Path) -> None:
    at_once = house(tmp_path / "at-once", nightly.settings.platform_url, TABLES)
    deliver(at_once, *(event for events in NIGHTS for event in events))
    night(at_once)
    assert {t: contents(at_once)[t] for t in TABLES} == {t: contents(nightly)[t] for t in TABLES}
