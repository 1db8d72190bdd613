"""What Dagster adds to a first load: the time of our own code beside the whole of ``meadow run``.

A town of 60 days lands at once, and the batch runs over it as the command does, on a Dagster
instance of its own. Our code is timed where Dagster calls it; the rest is orchestration: steps,
events of every asset and day, and their storage. Python's imports stand apart.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from processes import CHILD, Measured, bench_folder, measure, tell

DAYS: Final = 60
PEOPLE: Final = 300
SIMULATE: Final = "simulate"
SHARE_AIM: Final = 1 / 3


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--days", type=int, default=DAYS)
    arguments.add_argument("--people", type=int, default=PEOPLE)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument(CHILD, nargs="+", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.child:
        tell(_child(*options.child))
        return
    folder = bench_folder()
    town = measure(__file__, SIMULATE, folder, str(options.days), str(options.people)).told
    runs = []
    for _ in range(options.runs):
        with tempfile.TemporaryDirectory(prefix="orchestration-", dir=folder) as home:
            take_over(Path(town), Path(home))
            runs.append(measure(__file__, "load", home))
    report(runs, options.days)


def _child(way: str, folder: str, *arguments: str) -> Any:
    if way == SIMULATE:
        from towns import simulated_town

        days, people = map(int, arguments)
        return str(simulated_town(Path(folder), days, people))
    os.environ["MEADOW_HOME"] = folder
    return first_load()


def take_over(town: Path, home: Path) -> None:
    """What landed, and the platform's books, which the batch compares with its tables."""
    (home / "landing").symlink_to(town / "landing")
    for database in town.glob("platform.db*"):
        shutil.copy2(database, home)


def first_load() -> dict[str, float]:
    """Run the batch as ``meadow run`` does. Returns the seconds of our own code, by part."""
    started = time.perf_counter()
    import pipelines.warehouse.audit  # noqa: F401  # else within the first table's time
    from pipelines.definitions import defs
    from pipelines.defs import outcomes
    from pipelines.defs.house import House, open_house
    from pipelines.defs.launch import run_batch
    from pipelines.warehouse.ingest.ingest import Ingest
    from pipelines.warehouse.run import Run

    spent = {"imports": time.perf_counter() - started}
    assert defs is not None
    for owner, name in (
        (House, "relay"),
        (Ingest, "all_sources"),
        (Run, "__init__"),
        (Run, "days_to_run"),
        (Run, "bring_up_to_date"),
        (outcomes, "open_signal_cases"),
        (Run, "release"),
    ):
        _time(owner, name, spent)
    started = time.perf_counter()
    if not run_batch(open_house(), None):
        raise SystemExit("the batch failed")
    return {**spent, "whole": time.perf_counter() - started}


def _time(owner: Any, name: str, spent: dict[str, float]) -> None:
    """Add the time of every call of ``owner.name`` to ``spent``."""
    called: Callable[..., Any] = getattr(owner, name)
    label = "begin_run" if name == "__init__" else name
    spent[label] = 0.0

    def timed(*arguments: Any, **named: Any) -> Any:
        started = time.perf_counter()
        try:
            return called(*arguments, **named)
        finally:
            spent[label] += time.perf_counter() - started

    setattr(owner, name, timed)


def report(runs: list[Measured], days: int) -> None:
    """Print medians of each part, and the share that is not our own code."""
    parts = [part for part in runs[0].told if part not in ("imports", "whole")]
    ours = [sum(run.told[part] for part in parts) for run in runs]
    wholes = [run.told["whole"] for run in runs]
    shares = [1 - own / whole for own, whole in zip(ours, wholes, strict=True)]
    print(f"a first load of {days} days, {len(runs)} runs, medians in seconds")
    for part in parts:
        print(f"  {part:20}{statistics.median(run.told[part] for run in runs):9.2f}")
    print(f"{'our own code':22}{statistics.median(ours):9.2f}")
    print(f"{'the runs, whole':22}{statistics.median(wholes):9.2f}")
    print(f"{'imports, apart':22}{statistics.median(r.told['imports'] for r in runs):9.2f}")
    print(f"{'the process':22}{statistics.median(r.seconds for r in runs):9.2f}")
    print(
        f"orchestration's share of the runs: {statistics.median(shares):.0%} "
        f"(aim: at most {SHARE_AIM:.0%})"
    )


if __name__ == "__main__":
    main()
