"""How many verdicts turn from one release to the next, by day and by what they turn from and to."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.defs.house import House
from pipelines.warehouse import release
from tests.events import clicked
from tests.warehouse.acts import decided, local
from tests.warehouse.nightly import deliver, house, night, read

DAY = "2026-08-03"
REPEATS = [clicked(f"k{n}", local(f"{DAY} 12:0{n}:00")) for n in range(4)]
LATER = local("2026-08-05 09:00:00")
TABLES = ("risk.click_verdicts",)
pytestmark = pytest.mark.usefixtures("without_audits")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A day with three repeated clicks, which wait for a decision; readers have seen it."""
    meadow = house(tmp_path_factory.mktemp("released"), tables=TABLES)
    deliver(meadow, *REPEATS)
    night(meadow)
    meadow.platform.dispose()
    return meadow


@pytest.fixture
def meadow(released: House, tmp_path: Path) -> Iterator[House]:
    shutil.copytree(released.settings.home, tmp_path / "var")
    copy = house(tmp_path / "var", tables=TABLES)
    yield copy
    copy.platform.dispose()


def turns(meadow: House) -> list[tuple[Any, ...]]:
    return read(
        meadow,
        "SELECT release, verdicts_of, CAST(stated_for AS VARCHAR), state_before, state_after, "
        "turned, verdicts FROM gold.verdict_churn ORDER BY ALL",
    )


def test_days_judged_for_the_first_time_and_nights_without_news_turn_nothing(
    meadow: House,
) -> None:
    night(meadow, "r2")
    assert turns(meadow) == []
    repeats = [clicked(f"n{n}", local(f"2026-08-06 12:0{n}:00")) for n in range(2)]
    deliver(meadow, *repeats)
    night(meadow, "r3")
    assert turns(meadow) == []


def test_decisions_and_late_clicks_turn_verdicts_of_days_that_were_judged(meadow: House) -> None:
    confirmed = decided("d1", LATER, "confirmed", *REPEATS[1:3], days=[DAY], case="c1")
    dismissed = decided("d2", LATER, "dismissed", REPEATS[3], days=[DAY], case="c2")
    deliver(meadow, confirmed, dismissed, clicked("late", local(f"{DAY} 12:04:00")))
    night(meadow, "r2")
    table = (2, "risk.click_verdicts", DAY)
    assert turns(meadow) == [
        (*table, "none", "pending", 1, 4),
        (*table, "pending", "dismissed", 1, 4),
        (*table, "pending", "effective", 2, 4),
    ]


def test_each_release_tells_its_own_turns_and_one_that_was_lost_is_told_again(
    meadow: House,
) -> None:
    deliver(meadow, decided("d1", LATER, "confirmed", REPEATS[1], days=[DAY], case="c1"))
    night(meadow, "r2")
    again = local("2026-08-05 10:00:00")
    deliver(meadow, decided("d2", again, "dismissed", REPEATS[1], days=[DAY], case="c1", version=2))
    night(meadow, "r3")
    told = [
        (2, "risk.click_verdicts", DAY, "pending", "effective", 1, 3),
        (3, "risk.click_verdicts", DAY, "effective", "dismissed", 1, 3),
    ]
    assert turns(meadow) == told
    release.drop(meadow.lake.root, 3)
    night(meadow, "r4")
    assert turns(meadow) == told
