"""Ten thousand broken lines among good ones: each is filed under its code, and none is lost."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq
import pytest

from pipelines.defs.house import House
from pipelines.defs.status import status
from pipelines.warehouse.ingest.ingest import IngestReport
from pipelines.warehouse.ingest.quarantine import BadLine, waiting
from platform_core.settings import Settings
from tests.events import land, viewed
from tests.ingest.broken_lines import KINDS, PERSON, TIME, Kind, coded, good
from tests.ingest.reading import rows

BROKEN: Final = 10_000
SEGMENTS: Final = 2
HUGE: Final = 3  # lines of each huge kind: more would only cost time
COPY_EVERY: Final = 100


@dataclass(frozen=True)
class Flood:
    """What landed, and what ingest said of it."""

    house: House
    broken: dict[str, tuple[Kind, bytes]]
    good: int
    copies: int
    report: IngestReport

    def waiting(self) -> dict[str, BadLine]:
        house = self.house
        lines = waiting(house.lake, house.settings, house.keys.quarantine)
        return {line.quarantine_id: line for line in lines}


def kinds() -> list[Kind]:
    """A kind for each of the broken lines."""
    turns = [kind for n in range(BROKEN) for kind in KINDS if not kind.rare or n < HUGE]
    return list(islice(turns, BROKEN))


@pytest.fixture(scope="module")
def flood(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flood]:
    """The broken lines, each with a good neighbour, and now and then a copy with other content."""
    home = tmp_path_factory.mktemp("flood")
    house = House(Settings(home=home, max_quarantine_rate=1.0, _env_file=None))
    broken: dict[str, tuple[Kind, bytes]] = {}
    chosen, copies = kinds(), 0
    share = BROKEN // SEGMENTS
    for segment in range(SEGMENTS):
        lines: list[bytes] = []
        for number in range(segment * share, (segment + 1) * share):
            bad = chosen[number].make(number)
            lines += [coded(good(number)), bad]
            broken[f"shop:{segment + 1}:{len(lines)}"] = chosen[number], bad
            if number % COPY_EVERY == 0:
                lines.append(coded(viewed(f"good-{number}", TIME, actor="somebody else")))
                copies += 1
        land(house.settings.landing, *lines)
    report = house.ingest().all_sources()["shop"]
    yield Flood(house, broken, BROKEN, copies, report)
    house.platform.dispose()


def test_every_broken_line_is_quarantined_under_its_code(flood: Flood) -> None:
    assert len(KINDS) > 50
    filed = {name: line.code for name, line in flood.waiting().items()}
    assert filed == {name: kind.code for name, (kind, _) in flood.broken.items()}


def test_raw_bytes_come_back_exactly(flood: Flood) -> None:
    kept = {name: line.raw for name, line in flood.waiting().items()}
    assert kept == {name: raw for name, (_, raw) in flood.broken.items()}


def test_good_neighbours_and_the_copy_that_landed_first_are_unharmed(flood: Flood) -> None:
    read = "SELECT event_id FROM bronze.events WHERE NOT is_duplicate"
    found = sorted(row["event_id"] for row in rows(flood.house, read))
    assert found == sorted(good(number)["id"] for number in range(BROKEN))
    read = "SELECT count(DISTINCT actor_id) AS n FROM bronze.events WHERE NOT is_duplicate"
    assert rows(flood.house, read) == [{"n": flood.good}]


def test_landed_is_accepted_and_duplicates_and_quarantined_to_the_line(flood: Flood) -> None:
    landed = flood.good + flood.copies + BROKEN
    counts = (landed, flood.good, flood.copies, BROKEN)
    assert flood.report == IngestReport(SEGMENTS, *counts)
    [said] = status(flood.house).sources
    assert said == {
        "source": "shop",
        **dict(zip(("landed", "accepted", "duplicates", "quarantined"), counts, strict=True)),
        "last_segment": SEGMENTS,
        "waiting_segments": 0,
    }
    read = "SELECT * FROM bronze.segments WHERE lines <> accepted + duplicates + quarantined"
    assert rows(flood.house, read) == []


def test_quarantined_lines_can_be_read_nowhere_in_the_lake(flood: Flood) -> None:
    [column] = {p.parent.parent for p in flood.house.settings.lake.glob("bronze/quarantine/*/*")}
    sealed = [raw for path in parquet(column) for raw in pq.read_table(path)["raw"].to_pylist()]
    assert len(sealed) == BROKEN
    assert not [raw for raw in sealed if PERSON.encode() in raw or b"product" in raw]
    assert not [path for path in parquet(column) if PERSON.encode() in path.read_bytes()]
    details = Counter(line.detail for line in flood.waiting().values())
    assert not [detail for detail in details if PERSON in detail]


def test_an_unknown_type_says_which_one_was_meant(flood: Flood) -> None:
    said = {line.detail for line in flood.waiting().values() if line.code == "unknown_type"}
    assert said == {"'product.veiwed' (did you mean 'product.viewed'?)"}


def parquet(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.parquet"))
