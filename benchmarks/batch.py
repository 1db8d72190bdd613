"""One run of everything on two cores, beside DuckDB's bare JSON to Parquet of the same files.

Everything: ingest, every table of silver, features, risk and gold with its audit, and the release;
without Dagster, whose share ``orchestration.py`` measures. Each measurement is a process of its
own; the bare load and Meadow take turns. ``--sizes`` tells whether time an event and memory grow.
"""

import argparse
import os
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from processes import CHILD, Measured, bench_folder, measure, tell

DAYS: Final = 28
LAND: Final = "land"
SHOWN_TABLES: Final = 15
MILLION: Final = 1_000_000
RATIO_AIM: Final = 8
MEMORY_AIM_MIB: Final = 4096
ENVELOPE: Final = """{specversion: 'VARCHAR', id: 'VARCHAR', source: 'VARCHAR', type: 'VARCHAR',
time: 'TIMESTAMP', dataschema: 'VARCHAR', actorid: 'VARCHAR', deviceid: 'VARCHAR',
sessionid: 'VARCHAR', ip: 'VARCHAR', useragent: 'VARCHAR', data: 'JSON'}"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--events", type=int, default=10 * MILLION)
    arguments.add_argument("--sizes", help="instead: sizes in millions, such as 1,10,50")
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--days", type=int, default=DAYS, help="that the town lives")
    arguments.add_argument(CHILD, nargs="+", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.child:
        tell(_child(*options.child))
        return
    sizes = [options.events]
    if options.sizes:
        sizes = [round(float(size) * MILLION) for size in options.sizes.split(",")]
    measured = {}
    for size in sizes:
        events, turns = measure_size(options.days, size, options.runs)
        report(events, turns)
        measured[events] = turns
    if len(measured) > 1:
        report_growth(measured)


def measure_size(days: int, size: int, runs: int) -> tuple[int, list[Mapping[str, Measured]]]:
    """Land so many events, and load them both ways ``runs`` times.

    Landing is a process of its own too: a child's peak memory is never below its parent's.
    """
    folder = bench_folder()
    with tempfile.TemporaryDirectory(prefix="batch-", dir=folder) as home:
        events = measure(__file__, LAND, home, str(days), str(size)).told
        return events, [{way: measure(__file__, way, home) for way in WAYS} for _ in range(runs)]


def _child(way: str, home: str, *arguments: str) -> Any:
    if way != LAND:
        return WAYS[way](Path(home))
    from towns import land, simulated_town

    days, size = map(int, arguments)
    return land(simulated_town(Path(home).parent, days), Path(home) / "landing", size)


def bare(home: Path) -> None:
    """What DuckDB does by itself, told the envelope's types."""
    import duckdb

    target = home / "bare.parquet"
    with duckdb.connect(config={"threads": 2, "temp_directory": str(home / "tmp")}) as connection:
        connection.execute(
            f"COPY (SELECT * FROM read_json('{home}/landing/*/*/*.jsonl', "
            f"format = 'newline_delimited', columns = {ENVELOPE})) TO '{target}' (FORMAT parquet)"
        )
    target.unlink()


def everything(home: Path) -> dict[str, Any]:
    """What Meadow does, on an empty lake: what each step took."""
    own = home / f"home-{os.getpid()}"
    own.mkdir()
    (own / "landing").symlink_to(home / "landing")
    os.environ["MEADOW_HOME"] = str(own)
    try:
        return {"steps": list(_steps()), "lake_bytes": _size(own / "lake")}
    finally:
        shutil.rmtree(own)


def _steps() -> Iterator[dict[str, Any]]:
    with _step("(imports)") as step:
        import pipelines.warehouse.audit  # noqa: F401  # takes seconds
        from pipelines.defs.house import open_house

        house = open_house()
    yield step
    with _step("(ingest)") as step:
        reports = house.ingest().all_sources().values()
        step["rows"] = sum(r.accepted for r in reports)
    yield step
    if amiss := sum(r.duplicates + r.quarantined for r in reports):
        raise SystemExit(f"{amiss} lines are copies or in quarantine")
    with house.begin_run("bench") as run:
        for model in house.catalog.computed:
            with _step(model.name) as step:
                step["rows"] = sum(p.rows for p in run.bring_up_to_date(model))
            yield step
        with _step("(release)") as step:
            run.release(datetime.now(UTC))
        yield step


@contextmanager
def _step(name: str) -> Iterator[dict[str, Any]]:
    """What a step takes; the peak is the process's own until the step's end."""
    step: dict[str, Any] = {"name": name, "rows": 0}
    started, cpu = time.perf_counter(), time.process_time()
    yield step
    step["seconds"] = time.perf_counter() - started
    step["cpu_seconds"] = time.process_time() - cpu
    step["peak_mebibytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.parquet"))


WAYS: Final = {"bare": bare, "everything": everything}


def report(events: int, turns: list[Mapping[str, Measured]]) -> None:
    """Print both ways, Meadow's ratio to the bare load of the same turn, and its dearest steps."""
    print(f"\n{events:,} events, {len(turns)} runs, medians")
    print(f"{'':12}{'seconds':>10}{'CPU s':>10}{'events/s':>12}{'us/event':>10}{'peak MiB':>10}")
    for way in WAYS:
        seconds = statistics.median(t[way].seconds for t in turns)
        cpu = statistics.median(t[way].cpu_seconds for t in turns)
        print(
            f"{way:12}{seconds:10.1f}{cpu:10.1f}{events / seconds:12,.0f}"
            f"{seconds / events * MILLION:10.2f}{_peak(turns, way):10,.0f}"
        )
    print(f"time beside the bare load: {_ratio(turns):.2f} (aim: at most {RATIO_AIM})")
    print(f"peak memory: {_peak(turns, 'everything'):,.0f} MiB (aim: below {MEMORY_AIM_MIB:,})")
    _report_steps(turns)


def _report_steps(turns: list[Mapping[str, Measured]]) -> None:
    runs = [{s["name"]: s for s in t["everything"].told["steps"]} for t in turns]
    steps = [
        {key: statistics.median(run[name][key] for run in runs) for key in _STEP_COLUMNS}
        | {"name": name}
        for name in runs[0]
    ]
    total = sum(s["seconds"] for s in steps)
    print(f"{'':34}{'seconds':>10}{'CPU s':>10}{'share':>8}{'rows':>13}{'peak so far':>13}")
    for step in sorted(steps, key=lambda s: -s["seconds"])[:SHOWN_TABLES]:
        print(
            f"{step['name']:34}{step['seconds']:10.2f}{step['cpu_seconds']:10.2f}"
            f"{step['seconds'] / total:8.1%}{step['rows']:13,.0f}{step['peak_mebibytes']:13,.0f}"
        )
    print(f"{f'all {len(steps)} steps':34}{total:10.2f}")


_STEP_COLUMNS: Final = ("seconds", "cpu_seconds", "rows", "peak_mebibytes")


def report_growth(measured: Mapping[int, list[Mapping[str, Measured]]]) -> None:
    """Print what an event takes at each size, beside what it takes at the smallest."""
    print(
        f"\n{'events':>14}{'us/event':>10}{'x first':>9}{'peak MiB':>10}{'x first':>9}{'x bare':>8}"
    )
    first: tuple[float, float] | None = None
    for events, turns in measured.items():
        seconds = statistics.median(t["everything"].seconds for t in turns)
        found = seconds / events * MILLION, _peak(turns, "everything")
        first = first or found
        print(
            f"{events:14,}{found[0]:10.2f}{found[0] / first[0]:9.2f}"
            f"{found[1]:10,.0f}{found[1] / first[1]:9.2f}{_ratio(turns):8.2f}"
        )


def _peak(turns: list[Mapping[str, Measured]], way: str) -> float:
    return max(t[way].peak_mebibytes for t in turns)


def _ratio(turns: list[Mapping[str, Measured]]) -> float:
    return statistics.median(t["everything"].seconds / t["bare"].seconds for t in turns)


if __name__ == "__main__":
    main()
