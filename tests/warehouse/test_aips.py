"""How far people have come with a brand: one stage a person, brand and day, and who moved where."""

from pathlib import Path
from typing import Any

import pytest

from tests.events import event, viewed
from tests.warehouse.acts import line, local, paid, placed
from tests.warehouse.conftest import Compute, Query
from tests.warehouse.nightly import contents, deliver, house, night

Event = dict[str, Any]
BOUGHT_AT = local("2026-02-10 12:00:00")


def noon(day: str) -> str:
    return local(f"2026-{day} 12:00:00")


def on_note(type_: str, id_: str, day: str, actor: str, **rest: Any) -> Event:
    """Somebody did something with the brand's note."""
    return event(type_, id_, noon(day), actorid=actor, note_id="n1", **rest)


def read(id_: str, day: str, actor: str) -> Event:
    return on_note("note.read", id_, day, actor, surface="feed", dwell_ms=9000)


def seen(id_: str, day: str, actor: str, note: str = "n1") -> Event:
    card: Event = {"request_id": "r1", "surface": "feed", "position": 1}
    return event("note.impressed", id_, noon(day), actorid=actor, note_id=note, **card)


def searched(id_: str, day: str, actor: str, words: str) -> Event:
    answer: Event = {"request_id": f"{id_}-r", "results": 3}
    return event("search.queried", id_, noon(day), actorid=actor, query=words, **answer)


def written(note: str, *brands: str) -> Event:
    return event(
        "note.changed",
        f"{note}-written",
        noon("01-02"),
        note_id=note,
        creator_id="author",
        status="published",
        title="标题",
        text="正文",
        topics=[],
        products=[{"product_id": f"{b}-p1", "brand_id": b} for b in brands],
        mentions=[],
        is_disclosed_ad=False,
    )


EVENTS = [
    event("brand.changed", "b1-named", noon("01-01"), brand_id="b1", name="青屿记"),
    event("product.changed", "p1", noon("01-01"), product_id="b1-p1", brand_id="b1", name="面霜"),
    written("n1", "b1"),
    written("plain"),
    placed("o1", BOUGHT_AT, line("b1"), actor="bob"),
    paid("o1", noon("02-11"), placed_at=BOUGHT_AT),
    placed("o2", noon("07-01"), line("b2"), actor="bob"),
    on_note("note.shared", "s1", "02-12", "bob"),
    seen("i1", "07-01", "ann"),
    seen("i2", "07-01", "ann", note="plain"),
    searched("q1", "07-01", "dan", "青屿记 面霜"),
    searched("q2", "07-01", "fay", "面霜"),
    read("r1", "07-02", "ann"),
    read("r2", "07-05", "ann"),
    on_note("note.shared", "s2", "07-02", "eve"),
    viewed("v1", noon("08-20"), actor="cat"),
]


@pytest.fixture(scope="module")
def marts(compute: Compute) -> Query:
    return compute(*EVENTS)


def test_people_move_to_the_furthest_stage_and_leave_it_when_its_window_ends(marts: Query) -> None:
    moves = marts(
        "SELECT strftime(event_date, '%m-%d'), from_stage, to_stage, people "
        "FROM gold.aips_flow_daily WHERE brand_id = 'b1' AND from_stage <> to_stage ORDER BY ALL"
    )
    assert moves == [
        ("02-10", "none", "purchased", 1),
        ("02-12", "purchased", "shared", 1),
        ("07-01", "none", "aware", 2),
        ("07-02", "aware", "interested", 1),
        ("07-02", "none", "truly_interested", 1),
        ("07-05", "interested", "truly_interested", 1),
        ("07-31", "aware", "none", 1),
        ("08-01", "truly_interested", "interested", 1),
        ("08-01", "truly_interested", "none", 1),
        ("08-04", "interested", "none", 1),
        ("08-09", "shared", "none", 1),
        ("08-20", "none", "interested", 1),
    ]


def test_everybody_is_in_one_stage_on_every_day_between(marts: Query) -> None:
    days = marts(
        "SELECT strftime(event_date, '%m-%d'), stage, people, arrivals FROM gold.aips_daily "
        "WHERE brand_id = 'b1' AND event_date BETWEEN DATE '2026-07-04' AND DATE '2026-07-05' "
        "ORDER BY ALL"
    )
    assert days == [
        ("07-04", "aware", 1, 0),
        ("07-04", "interested", 1, 0),
        ("07-04", "shared", 1, 0),
        ("07-04", "truly_interested", 1, 0),
        ("07-05", "aware", 1, 0),
        ("07-05", "shared", 1, 0),
        ("07-05", "truly_interested", 2, 1),
    ]
    longest = marts(
        "SELECT count(*) FROM gold.aips_daily WHERE brand_id = 'b1' AND stage = 'shared'"
    )
    assert longest == [(178,)]


def test_who_ordered_and_never_paid_has_not_met_the_brand(marts: Query) -> None:
    assert marts("SELECT * FROM features.brand_touches_daily WHERE brand_id = 'b2'") == []


def test_a_day_says_how_often_a_person_visited_and_shared(marts: Query) -> None:
    touches = marts(
        "SELECT strftime(event_date, '%m-%d'), step, visits, shares "
        "FROM features.brand_touches_daily WHERE brand_id = 'b1' ORDER BY ALL"
    )
    assert touches == [
        ("02-10", 4, 0, 0),
        ("02-12", 3, 0, 1),
        ("07-01", 1, 0, 0),
        ("07-01", 1, 0, 0),
        ("07-02", 2, 1, 0),
        ("07-02", 3, 0, 1),
        ("07-05", 2, 1, 0),
        ("08-20", 2, 1, 0),
    ]


@pytest.mark.usefixtures("without_audits")
def test_night_after_night_ends_as_all_at_once(tmp_path: Path) -> None:
    once = house(tmp_path / "once", tables=["gold.aips_daily"])
    deliver(once, *EVENTS)
    night(once)
    nightly = house(
        tmp_path / "nightly", f"sqlite:///{tmp_path}/once/platform.db", ["gold.aips_daily"]
    )
    for number in range(3):
        deliver(nightly, *EVENTS[number::3])
        night(nightly, f"night-{number}")
    assert contents(nightly) == contents(once)
    once.platform.dispose()
    nightly.platform.dispose()
