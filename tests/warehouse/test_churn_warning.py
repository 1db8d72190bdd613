"""Verdicts of settled days that turn without a decision are a warning, and the release goes on."""

from pathlib import Path

import pytest

from pipelines.defs.house import House
from pipelines.defs.status import status
from pipelines.defs.status_text import churn_text
from tests.events import clicked
from tests.warehouse.acts import decided, local
from tests.warehouse.nightly import NOW, deliver, house, night

SETTLED, YOUNG = "2026-08-03", "2026-08-04"
"""29 days before ``NOW``, and 28."""
TABLE = "gold.verdict_churn"


def repeats(day: str, name: str, hour: int, number: int) -> list[dict[str, object]]:
    return [clicked(f"{name}{n}", local(f"{day} {hour}:{n:02}:00")) for n in range(number)]


@pytest.fixture
def meadow(tmp_path: Path) -> House:
    """Both days have four verdicts, which readers have seen."""
    meadow = house(tmp_path / "var", tables=("risk.click_verdicts",))
    deliver(meadow, *repeats(SETTLED, "s", 12, 5), *repeats(YOUNG, "y", 12, 5))
    night(meadow)
    return meadow


def warned_of(meadow: House) -> list[str]:
    """What the audit of the next release, which is made all the same, finds amiss."""
    meadow.ingest().all_sources()
    with meadow.begin_run("r2") as run:
        for model in meadow.catalog.computed:
            run.bring_up_to_date(model)
        run.release(NOW)
    assert run.told[TABLE].passed
    meadow.platform.dispose()
    return [failure.detail for failure in run.told[TABLE].failures]


def test_twenty_verdicts_of_a_settled_day_that_turn_are_told(meadow: House) -> None:
    deliver(meadow, *repeats(SETTLED, "late", 12, 25)[5:])
    assert warned_of(meadow) == ["1 unexpected"]
    assert churn_text(status(meadow).churn).splitlines()[1].split() == [
        *("risk.click_verdicts", "20", "24", SETTLED, SETTLED)
    ]


def test_fewer_and_those_of_younger_days_are_not(meadow: House) -> None:
    deliver(meadow, *repeats(SETTLED, "late", 12, 24)[5:], *repeats(YOUNG, "new", 12, 25)[5:])
    assert warned_of(meadow) == []


def test_decisions_on_what_waited_are_not(tmp_path: Path) -> None:
    meadow = house(tmp_path / "var", tables=("risk.click_verdicts",))
    waiting = repeats(SETTLED, "s", 12, 25)
    deliver(meadow, *waiting)
    night(meadow)
    later = local("2026-08-05 09:00:00")
    deliver(meadow, decided("d1", later, "confirmed", *waiting[1:], days=[SETTLED], case="c1"))
    assert warned_of(meadow) == []


def test_a_status_without_a_turn_says_so() -> None:
    assert churn_text([]) == "turned verdicts: none"
