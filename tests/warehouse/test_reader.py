"""What pages read: one release, one brand if so told, whole even while tables are published."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import duckdb
import pytest

from pipelines.warehouse import release
from pipelines.warehouse.lake import Column, Lake, Table
from pipelines.warehouse.reader import Reader
from platform_core.settings import Settings
from tests.warehouse.literal_files import NOTES, ZONE, days, note, staged, wider
from tests.warehouse.nightly import NOW

MART = wider(Table("gold.notes", NOTES.columns, NOTES.partition), Column("brand_id", "VARCHAR"))
PUBLISHES = 20
ROWS_A_DAY = 3


@dataclass(frozen=True)
class Shelf:
    """A lake of one silver table without brands and one mart with them."""

    lake: Lake

    def publish(self, generation: int) -> release.Release:
        """Replace both tables' two days by rows that say their generation, and release that."""
        for table in (NOTES, MART):
            rows = [
                note(f"n{n}", generation, **({"brand_id": f"b{n}"} if table is MART else {}))
                for n in range(ROWS_A_DAY)
            ]
            self.lake.publish(staged(self.lake, {1: rows, 2: rows}, days(1, 2), table=table))
        return self.bind(generation)

    def bind(self, generation: int) -> release.Release:
        tables = {table.name: self.lake.version(table.name) for table in (NOTES, MART)}
        return release.publish(
            self.lake.root,
            run_id=f"r{generation}",
            timezone=ZONE,
            tables=tables,
            watermarks={},
            now=NOW,
        )

    def open(self, at: release.Release, brand_id: str | None = None) -> Reader:
        return Reader(
            self.lake.root,
            at,
            brand_id=brand_id,
            using=Settings(home=self.lake.root.parent, _env_file=None),
        )


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    lake = Lake(tmp_path / "lake", ZONE)
    for table in (NOTES, MART):
        lake.ensure(table)
    return Shelf(lake)


@pytest.fixture
def first(shelf: Shelf) -> release.Release:
    return shelf.publish(1)


def ask(reader: Reader, query: str, **params: Any) -> list[tuple[Any, ...]]:
    return reader.query(query, **params).rows()


def test_without_a_brand_all_tables_are_there(shelf: Shelf, first: release.Release) -> None:
    with closing(shelf.open(first)) as reader:
        assert ask(reader, "SELECT count(*) FROM silver.notes") == [(6,)]
        assert ask(reader, "SELECT DISTINCT brand_id FROM gold.notes ORDER BY 1") == [
            ("b0",),
            ("b1",),
            ("b2",),
        ]


def test_a_brand_sees_its_own_rows_only(shelf: Shelf, first: release.Release) -> None:
    with closing(shelf.open(first, "b1")) as reader:
        assert ask(reader, "SELECT DISTINCT brand_id FROM gold.notes") == [("b1",)]


def test_a_table_that_does_not_say_whose_rows_it_holds_does_not_exist_for_a_brand(
    shelf: Shelf, first: release.Release
) -> None:
    with (
        closing(shelf.open(first, "b1")) as reader,
        pytest.raises(duckdb.CatalogException, match="notes"),
    ):
        reader.query("SELECT * FROM silver.notes")


@pytest.mark.parametrize("brand_id", ["b1' OR '1'='1", "b1'; --", "", "%"])
def test_no_brand_id_reaches_past_the_filter(
    shelf: Shelf, first: release.Release, brand_id: str
) -> None:
    with closing(shelf.open(first, brand_id)) as reader:
        assert ask(reader, "SELECT * FROM gold.notes") == []


def test_a_parameter_is_a_value_and_never_sql(shelf: Shelf, first: release.Release) -> None:
    with closing(shelf.open(first, "b1")) as reader:
        query = "SELECT count(*) FROM gold.notes WHERE note_id = $note"
        assert ask(reader, query, note="n1") == [(2,)]
        assert ask(reader, query, note="n1' OR brand_id <> '") == [(0,)]


def test_a_table_without_rows_is_empty_and_typed(shelf: Shelf) -> None:
    with closing(shelf.open(shelf.bind(0))) as reader:
        assert ask(reader, "SELECT sum(reads) FROM gold.notes WHERE event_date > '2026-01-01'") == [
            (None,)
        ]


def test_an_open_reader_stays_at_its_release(shelf: Shelf, first: release.Release) -> None:
    with closing(shelf.open(first)) as reader:
        shelf.publish(2)
        assert ask(reader, "SELECT DISTINCT reads FROM gold.notes") == [(1,)]


def test_an_older_release_can_be_opened_again(shelf: Shelf, first: release.Release) -> None:
    shelf.publish(2)
    with closing(shelf.open(release.load(shelf.lake.root, first.number))) as reader:
        assert ask(reader, "SELECT DISTINCT reads FROM gold.notes") == [(1,)]


def test_threads_share_a_reader(shelf: Shelf, first: release.Release) -> None:
    with closing(shelf.open(first)) as reader, ThreadPoolExecutor(4) as pool:
        counts = pool.map(
            lambda n: ask(reader, "SELECT $n::INT, count(*) FROM gold.notes", n=n), range(40)
        )
        assert list(counts) == [[(n, 6)] for n in range(40)]


WHOLE = """
SELECT min(reads), max(reads), count(*) FROM (
  SELECT reads FROM silver.notes UNION ALL SELECT reads FROM gold.notes
)
"""


def read_until(shelf: Shelf, published: Event) -> Iterator[tuple[Any, ...]]:
    """Open the newest release and read it, again and again."""
    while not published.is_set():
        newest = release.latest(shelf.lake.root)
        assert newest is not None
        with closing(shelf.open(newest)) as reader:
            yield ask(reader, WHOLE)[0]


def test_readers_in_a_loop_never_see_an_error_or_half_a_publish(
    shelf: Shelf, first: release.Release
) -> None:
    published = Event()
    with ThreadPoolExecutor(2) as pool:
        loops = [pool.submit(lambda: list(read_until(shelf, published))) for _ in range(2)]
        try:
            for generation in range(2, PUBLISHES):
                shelf.publish(generation)
        finally:
            published.set()
        seen = [answer for loop in loops for answer in loop.result()]
    assert {(low == high, rows) for low, high, rows in seen} == {(True, 4 * ROWS_A_DAY)}
    assert len({low for low, _, _ in seen}) > 1
