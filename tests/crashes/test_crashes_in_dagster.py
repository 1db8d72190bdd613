"""The same through the real command, with Dagster around the batch and with every table."""

import json
import signal
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from pipelines.defs.status import status
from tests.crashes.day import NOBODY_DRAWN, deliver_quietly, open_house
from tests.crashes.state import state
from tests.meadow import born

PARAMETERS = json.dumps(NOBODY_DRAWN)
MIDWAY = "publish.committed:14"  # of a table, after nine commits of ingest
AT_THE_END = "release.written"


def test_a_batch_killed_twice_and_run_again_ends_like_any_other(
    homes: Callable[..., Path],
    undisturbed: Callable[..., dict[str, Any]],
    nursery: ForkServerContext,
) -> None:
    def run(crash_at: str) -> int:
        settings = {"crash_at": crash_at, "parameters": PARAMETERS, "max_quarantine_rate": "1"}
        return born(nursery)(home, "run", **settings).status

    home = homes(small=False)
    with open_house(home, small=False) as house:
        deliver_quietly(house)
    for boundary in (MIDWAY, AT_THE_END):
        assert run(boundary) == -signal.SIGKILL
    assert run("") == 0
    with open_house(home, small=False) as house:
        ended, expected = state(house), dict(undisturbed(small=False, quiet=True))
        succeeded = [run for run in status(house).runs if run["status"] == "SUCCESS"]
    told_the_time = "platform.relay_segments"
    assert len(ended.pop(told_the_time)) == len(expected.pop(told_the_time))
    assert ended == expected
    assert {run["job"] for run in succeeded} == {"ingest", "build"}
