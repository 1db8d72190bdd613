"""The same through the real command, with Dagster around the batch and with every table."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipelines.defs.status import status
from tests.crashes.day import NOBODY_DRAWN, deliver_quietly, open_house
from tests.crashes.state import state

ROOT = Path(__file__).parents[2]
MIDWAY = "publish.committed:14"  # of a table, after nine commits of ingest
AT_THE_END = "release.written"


def meadow_run(home: Path, crash_at: str = "") -> int:
    """`meadow run`; returns its exit status, negative when a signal ended it."""
    told = {"MEADOW_HOME": str(home), "MEADOW_CRASH_AT": crash_at}
    told |= {"MEADOW_PARAMETERS": json.dumps(NOBODY_DRAWN)}
    patience = {"MEADOW_MAX_QUARANTINE_RATE": "1"}
    command = [str(Path(sys.executable).with_name("meadow")), "run"]
    return subprocess.run(command, cwd=ROOT, env=os.environ | told | patience).returncode


def test_a_batch_killed_twice_and_run_again_ends_like_any_other(
    homes: Callable[..., Path], undisturbed: Callable[..., dict[str, Any]]
) -> None:
    home = homes(small=False)
    with open_house(home, small=False) as house:
        deliver_quietly(house)
    for boundary in (MIDWAY, AT_THE_END):
        assert meadow_run(home, boundary) == -signal.SIGKILL
    assert meadow_run(home) == 0
    with open_house(home, small=False) as house:
        ended, expected = state(house), dict(undisturbed(small=False, quiet=True))
        succeeded = [run for run in status(house).runs if run["status"] == "SUCCESS"]
    told_the_time = "platform.relay_segments"
    assert len(ended.pop(told_the_time)) == len(expected.pop(told_the_time))
    assert ended == expected
    assert {run["job"] for run in succeeded} == {"ingest", "build"}
