"""A power failure at any commit boundary, then a re-run: every event lands exactly once."""

import json
import os
import signal as signals
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

import platform_core
from platform_core.access import Identity, entries
from platform_core.landing import segments
from platform_core.moderation import CaseMoved, OpenReport, Signal, case, decide, open_cases, queue
from platform_core.outbox import pending, relay

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
TOMORROW = datetime(2026, 1, 6, 8, tzinfo=UTC)
ROOT = Path(platform_core.__file__).parents[1]

RELAY = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from platform_core.database import connect
from platform_core.outbox import relay

relay(connect(sys.argv[1]), Path(sys.argv[2]), now=datetime(2026, 1, 5, 8, tzinfo=UTC))
"""

DECIDE = """
import sys
from datetime import UTC, datetime
from platform_core.access import Identity
from platform_core.database import connect
from platform_core.moderation import decide

decide(
    connect(sys.argv[1]), sys.argv[2], case_version=1, verdict="confirmed",
    reason_code="click_farm", note="", reviewer=Identity("account_1", "rita", "reviewer", ()),
    now=datetime(2026, 1, 5, 8, tzinfo=UTC),
)
"""

OPEN = """
import sys
from datetime import UTC, date, datetime
from platform_core.database import connect
from platform_core.moderation import Signal, Subject, open_cases

subjects = (Subject("click_1", date(2026, 1, 4)),)
found = Signal("key", "click_velocity", 1, "givt", "", subjects, "Asia/Shanghai", {}, 1.0)
open_cases(connect(sys.argv[1]), [found], now=datetime(2026, 1, 5, 8, tzinfo=UTC))
"""


def die_at(boundary: str, program: str, *arguments: str) -> None:
    """Run the program until the boundary kills it."""
    environment = os.environ | {"MEADOW_CRASH_AT": boundary}
    child = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, env=environment, check=False
    )
    assert child.returncode == -signals.SIGKILL


def landed_types(landing: Path) -> Counter[str]:
    lines = [line for s in segments(landing, "platform") for line in s.read().splitlines()]
    assert len({json.loads(line)["id"] for line in lines}) == len(lines)
    return Counter(json.loads(line)["type"] for line in lines)


@pytest.mark.parametrize(
    "boundary",
    [
        "relay.segment_claimed",
        "landing.segment_written",
        "landing.segment_closed",
        "relay.segment_landed",
        "relay.segment_confirmed",
    ],
)
def test_a_relay_killed_anywhere_is_finished_by_the_next(
    boundary: str,
    engine: sa.Engine,
    database_url: str,
    landing: Path,
    signal: Callable[..., Signal],
) -> None:
    open_cases(engine, [signal("k1", "click_1"), signal("k2", "click_2")], now=NOW)
    die_at(boundary, RELAY, database_url, str(landing))
    left_behind = {s.path: s.read() for s in segments(landing, "platform")}
    open_cases(engine, [signal("k3", "click_3")], now=TOMORROW)

    relay(engine, landing, now=TOMORROW)
    assert landed_types(landing) == {"moderation.case_opened": 3}
    assert pending(engine) == 0
    assert left_behind.items() <= {s.path: s.read() for s in segments(landing, "platform")}.items()


def test_a_decision_killed_before_its_commit_never_was(
    engine: sa.Engine,
    database_url: str,
    landing: Path,
    signal: Callable[..., Signal],
    reviewer: Identity,
) -> None:
    open_cases(engine, [signal("k1", "click_1")], now=NOW)
    [found] = queue(engine)
    die_at("decision.recorded", DECIDE, database_url, found.case_id)
    assert case(engine, found.case_id).decisions == ()
    assert entries(engine) == []

    decide_again(engine, found.case_id, reviewer)
    relay(engine, landing, now=NOW)
    assert landed_types(landing) == {"moderation.case_opened": 1, "moderation.decided": 1}


def test_a_decision_killed_after_its_commit_stands(
    engine: sa.Engine,
    database_url: str,
    landing: Path,
    signal: Callable[..., Signal],
    reviewer: Identity,
) -> None:
    open_cases(engine, [signal("k1", "click_1")], now=NOW)
    [found] = queue(engine)
    die_at("decision.committed", DECIDE, database_url, found.case_id)
    with pytest.raises(CaseMoved):
        decide_again(engine, found.case_id, reviewer)

    relay(engine, landing, now=NOW)
    assert landed_types(landing) == {"moderation.case_opened": 1, "moderation.decided": 1}
    assert [entry.action for entry in entries(engine)] == ["case.confirmed"]


def test_cases_opened_by_a_killed_batch_stay_as_they_are(
    engine: sa.Engine, database_url: str, landing: Path, signal: Callable[..., Signal]
) -> None:
    die_at("cases.opened", OPEN, database_url)
    again = open_cases(engine, [signal("key", "click_1")], now=NOW)
    assert again == OpenReport(opened=0, extended=0, unchanged=1)
    relay(engine, landing, now=NOW)
    assert landed_types(landing) == {"moderation.case_opened": 1}


def decide_again(engine: sa.Engine, case_id: str, reviewer: Identity) -> None:
    decide(
        engine,
        case_id,
        case_version=1,
        verdict="confirmed",
        reason_code="click_farm",
        note="",
        reviewer=reviewer,
        now=NOW,
    )
