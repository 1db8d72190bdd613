"""Releases: numbers that only grow, each a version of every table, and none twice the same."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from pipelines.warehouse.release import Release, latest, load, numbers, publish

NOW = datetime(2026, 9, 1, 2, tzinfo=UTC)
LAST_EVENT_AT = datetime(2026, 8, 31, 16, 30, tzinfo=UTC)


def released(lake: Path, tables: Mapping[str, int], run_id: str = "r1") -> Release:
    return publish(
        lake,
        run_id=run_id,
        timezone="Asia/Shanghai",
        tables=tables,
        watermarks={"shop": LAST_EVENT_AT},
        now=NOW,
    )


def test_before_the_first_release_there_is_none(tmp_path: Path) -> None:
    assert latest(tmp_path) is None
    assert numbers(tmp_path) == []


def test_a_release_is_read_back_as_it_was_made(tmp_path: Path) -> None:
    made = released(tmp_path, {"gold.notes": 3})
    assert made == Release(
        number=1,
        created_at=NOW,
        run_id="r1",
        timezone="Asia/Shanghai",
        tables={"gold.notes": 3},
        watermarks={"shop": LAST_EVENT_AT},
    )
    assert load(tmp_path, 1) == latest(tmp_path) == made


def test_numbers_grow_with_every_change_also_back_to_older_versions(tmp_path: Path) -> None:
    made = [released(tmp_path, {"gold.notes": version}).number for version in (1, 2, 1)]
    assert made == numbers(tmp_path) == [1, 2, 3]


def test_the_same_tables_are_the_same_release(tmp_path: Path) -> None:
    first = released(tmp_path, {"gold.notes": 1})
    assert released(tmp_path, {"gold.notes": 1}, run_id="r2") == first
    assert numbers(tmp_path) == [1]


def test_releases_made_at_once_get_numbers_of_their_own(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: released(tmp_path, {"gold.notes": n}), range(8)))
    assert sorted(r.number for r in made) == numbers(tmp_path) == list(range(1, 9))
    assert {load(tmp_path, r.number).tables["gold.notes"] for r in made} == set(range(8))


def test_what_a_dead_writer_left_behind_is_no_release(tmp_path: Path) -> None:
    released(tmp_path, {"gold.notes": 1})
    (tmp_path / "releases" / ".0123abcd").write_text('{"created_at": "20')
    assert numbers(tmp_path) == [1]
