"""A morning and an evening of a small Meadow, in functions that may be done again at any point.

The evening passes every commit boundary. Time is told, so that every evening is the same.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from models.cases import TABLES, open_signal_cases
from pipelines.defs.house import House
from pipelines.sources.registry import find_source
from pipelines.sources.replay import replay
from pipelines.warehouse.catalog import Catalog
from platform_core.access import Identity
from platform_core.collector.journal import Journal, recover
from platform_core.landing import last_sequence
from platform_core.moderation import decide, queue
from platform_core.settings import Settings
from tests.events import lines as encoded
from tests.events import viewed
from tests.warehouse.nightly import narrowed

NOBODY_DRAWN: Final = {"random_sample_a_day": 0}
"""When a random check was opened is no part of what must be the same."""
NOW: Final = datetime(2026, 8, 31, 8, tzinfo=UTC)
REVIEWER: Final = Identity("account_1", "rita", "reviewer", ())
HEADER: Final = "ip,app,device,os,channel,click_time,attributed_time,is_attributed\n"
MORNING: Final = """\
7,c1,m1,o1,feed,2026-08-30 10:00:00,,0
7,c1,m1,o1,feed,2026-08-30 10:01:00,,0
8,c1,m1,o1,feed,2026-08-30 10:02:00,2026-08-30 11:00:00,1
"""
EVENING: Final = """\
7,c1,m1,o1,feed,2026-08-30 10:02:00,,0
9,c2,m2,o1,feed,2026-08-30 12:00:00,,0
9,c2,m2,o1,feed,2026-08-30 12:05:00,,0
"""
QUIET: Final = """\
5,c1,m1,o1,feed,2026-08-29 10:02:00,,0
6,c2,m2,o1,feed,2026-08-30 12:00:00,2026-08-30 12:01:00,1
"""
FIRST: Final = viewed("v1", "2026-08-30T10:00:00Z")


class SmallHouse(House):
    """A house with the tables of ads only: quicker, and every boundary is still passed."""

    @cached_property
    def catalog(self) -> Catalog:
        return narrowed(super().catalog, ["gold.campaign_daily", "risk.click_signals"])


@contextmanager
def open_house(home: Path, *, small: bool) -> Iterator[House]:
    """The Meadow at ``home``, with all tables or those of ads."""
    settings = Settings(home=home, max_quarantine_rate=1.0, parameters=NOBODY_DRAWN, _env_file=None)
    house = (SmallHouse if small else House)(settings)
    yield house
    house.platform.dispose()


def live_morning(house: House) -> None:
    """The first delivery, and the batch that opens the first case."""
    _deliver(house, 1, [FIRST, b"broken"])
    _replay(house, "morning", MORNING)
    run_batch(house)


def live_evening(house: House) -> None:
    """A late delivery with a copy, another export, a decision, and a batch over all of it.

    The last batch takes in what the one before it has told the platform.
    """
    _deliver(house, 2, [FIRST, viewed("v2", "2026-08-30T11:00:00Z"), b"cut"])
    _replay(house, "evening", EVENING)
    _decide(house)
    run_batch(house)
    run_batch(house)


def deliver_quietly(house: House) -> None:
    """A late delivery and an export in which nobody clicks again: nothing new for reviewers."""
    _deliver(house, 2, [FIRST, viewed("v2", "2026-08-29T09:00:00Z")])
    _replay(house, "quiet", QUIET)


def live_quiet_evening(house: House) -> None:
    """What `meadow run` makes of a quiet delivery."""
    deliver_quietly(house)
    run_batch(house)


def die_in_the_evening(home: Path, boundary: str, small: bool) -> None:
    """Live the evening until the boundary kills this process; without one, to its end."""
    os.environ["MEADOW_CRASH_AT"] = boundary
    with open_house(home, small=small) as house:
        live_evening(house)


def _deliver(house: House, sequence: int, lines: Sequence[dict[str, Any] | bytes]) -> None:
    """The shop sends to the collector, which closes a segment, unless it already has."""
    landing, closed_on = house.settings.landing, NOW.date()
    recover(landing, closed_on)
    if last_sequence(landing, "shop") < sequence:
        journal = Journal(landing, "shop")
        journal.append(encoded(lines))
        journal.close(closed_on)


def _replay(house: House, name: str, rows: str) -> None:
    path = house.settings.home / f"{name}.csv"
    path.write_text(HEADER + rows)
    replay(find_source("talkingdata"), path, house.settings.landing, closed_on=NOW.date())


def _decide(house: House) -> None:
    if queue(house.platform, state="decided"):
        return
    [case] = queue(house.platform)
    decide(
        house.platform,
        case.case_id,
        case_version=case.version,
        verdict="confirmed",
        reason_code="click_farm",
        note="",
        reviewer=REVIEWER,
        now=NOW,
    )


def run_batch(house: House) -> None:
    """What `meadow run` does, without Dagster around it."""
    house.relay(NOW)
    house.ingest().all_sources()
    with house.begin_run("run") as run:
        for model in house.catalog.computed:
            run.bring_up_to_date(model)
        opened_from = house.lake, run.pins, house.settings, house.platform
        subjects: Any = ("ad_click",) if isinstance(house, SmallHouse) else tuple(TABLES)
        open_signal_cases(*opened_from, now=NOW, subjects=subjects)
        run.release(NOW)
