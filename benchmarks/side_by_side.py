"""Three marts as Meadow makes them, beside the ordinary way in pandas, Polars, Spark, ClickHouse.

All read the same silver Parquet files and write Parquet, a folder a day, on two cores. Each way is
a process of its own; in it, a mart is made once untimed and once timed, so that neither starting a
JVM nor a cold cache counts. What they wrote is compared with what Meadow wrote, row by row. The
inputs hold decisions of people, so that every standing occurs. What is needed, besides Meadow:

    pip install 'meadow[bench,spark]'
"""

import argparse
import importlib
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from processes import CHILD, Measured, bench_folder, measure, tell

DAYS: Final = 28
EVENTS: Final = 3_000_000
LAND: Final = "land"
CHECK: Final = "check"
MEADOW: Final = "meadow"
ENGINES: Final = ("pandas", "polars", "spark", "clickhouse")
OF_OTHER_PROCESSES: Final = ("spark",)  # its memory is the JVM's

MARTS: Final = {
    "note_daily": ("gold.note_daily",),
    "product_funnel_daily": ("gold.product_funnel_daily",),
    "last_touch": ("gold.touchpoints", "gold.attribution"),
}
"""Each mart, and the tables that Meadow makes for it; the last of them is the mart."""

SAME_ROWS: Final = {"last_touch": "WHERE model = 'last' AND credited_orders > 0"}
"""What of Meadow's table the others make; Meadow's time is that of all five models."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--events", type=int, default=EVENTS)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--days", type=int, default=DAYS, help="that the town lives")
    arguments.add_argument("--engines", nargs="*", choices=ENGINES, default=ENGINES)
    arguments.add_argument(CHILD, nargs="+", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.child:
        tell(_child(*options.child))
        return
    ways = (MEADOW, *options.engines)
    with tempfile.TemporaryDirectory(prefix="marts-", dir=bench_folder()) as home:
        events = measure(__file__, LAND, home, str(options.days), str(options.events)).told
        turns = [{way: measure(__file__, way, home) for way in ways} for _ in range(options.runs)]
        differing = {way: measure(__file__, CHECK, home, way).told for way in options.engines}
    report(events, turns, differing)
    if any(rows for found in differing.values() for rows in found.values()):
        raise SystemExit("some results differ from Meadow's")


def _child(way: str, home: str, *arguments: str) -> Any:
    os.environ["MEADOW_HOME"] = home
    match way:
        case "land":
            days, events = map(int, arguments)
            return land(Path(home), days, events)
        case "check":
            return {mart: differing_rows(Path(home), mart, *arguments) for mart in MARTS}
        case "meadow":
            return dict(_meadow(Path(home)))
        case _:
            return dict(_other(Path(home), way))


def land(home: Path, days: int, events: int) -> int:
    """Make what the marts read, and show it as plain folders of Parquet. Returns events."""
    from decisions import decide
    from towns import land as land_towns
    from towns import simulated_town

    from pipelines.defs.house import open_house

    landed = land_towns(simulated_town(home.parent, days), home / "landing", events)
    house = open_house()
    house.ingest().all_sources()
    decide(house)
    house.ingest().all_sources()
    needed = _inputs(house.catalog)
    with house.begin_run("bench") as run:
        for model in house.catalog.computed:
            if model.name in needed:
                run.bring_up_to_date(model)
                _show(run.pins[model.name], home / "inputs" / model.name.partition(".")[2])
    return landed


def _inputs(catalog: Any) -> set[str]:
    """All tables that the marts are made from, one by another."""
    found: set[str] = set()
    waiting = [name for tables in MARTS.values() for name in tables]
    while waiting:
        new = set(catalog[waiting.pop()].inputs) - found
        found |= new
        waiting += new
    return found


def _show(pin: Any, folder: Path) -> None:
    """Link a version's files into a folder, ``event_date=.../``, as any tool would leave them."""
    folder.mkdir(parents=True)
    for number, file in enumerate(pin.files):
        day = folder / f"{pin.partition}={file.partition}" if pin.partition else folder
        day.mkdir(exist_ok=True)
        (day / f"{number}.parquet").symlink_to(pin.root / file.path)


def _meadow(home: Path) -> Iterator[tuple[str, float]]:
    """Seconds of each mart by Meadow's engine: staged, but not audited and not published."""
    from pipelines.defs.house import open_house
    from pipelines.warehouse.engines import open_engine
    from pipelines.warehouse.lake import Window

    house = open_house()
    with (
        house.begin_run("bench") as run,
        open_engine(house.settings, house.lake.timezone) as engine,
    ):
        window = Window(min(run.pins["bronze.events"].days()), run.horizon)
        for mart, tables in MARTS.items():

            def stage(mart: str = mart, tables: tuple[str, ...] = tables) -> None:
                for name in tables:
                    model = house.catalog[name]
                    pins = {table: run.pins[table] for table in model.inputs}
                    folder = _emptied(home / "made" / MEADOW / mart)
                    engine.stage(model, window, pins, folder, run_id=run.run_id)

            yield mart, _timed(stage)


def _other(home: Path, way: str) -> Iterator[tuple[str, float]]:
    """Seconds of each mart by another engine."""
    os.environ["POLARS_MAX_THREADS"] = "2"
    module = importlib.import_module(f"marts.{way}_")
    for mart in MARTS:
        make: Callable[[Path, Path], None] = getattr(module, mart)
        made = home / "made" / way / mart
        yield mart, _timed(lambda make=make, made=made: make(home / "inputs", _emptied(made)))


def _timed(make: Callable[[], None]) -> float:
    make()
    started = time.perf_counter()
    make()
    return time.perf_counter() - started


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def differing_rows(home: Path, mart: str, way: str) -> int:
    """Rows that only Meadow or only the other engine has made."""
    import duckdb

    from pipelines.defs.house import open_house

    table = open_house().catalog[MARTS[mart][-1]].table
    same = [c for c in table.columns if c.name != "model"]
    columns = ", ".join(f'CAST("{c.name}" AS {c.type}) AS "{c.name}"' for c in same)

    def rows(engine: str, where: str = "") -> str:
        files = home / "made" / engine / mart / "**" / "*.parquet"
        return (
            f"(SELECT {columns} FROM read_parquet('{files}', hive_partitioning = true, "
            f"hive_types = {{'event_date': DATE}}, union_by_name = true) {where})"
        )

    ours, theirs = rows(MEADOW, SAME_ROWS.get(mart, "")), rows(way)
    with duckdb.connect() as connection:
        ((differing,),) = connection.sql(
            f"SELECT count(*) FROM (({ours} EXCEPT ALL {theirs}) "
            f"UNION ALL ({theirs} EXCEPT ALL {ours}))"
        ).fetchall()
    return int(differing)


def report(
    events: int, turns: list[Mapping[str, Measured]], differing: Mapping[str, Mapping[str, int]]
) -> None:
    """Print seconds of each mart as medians, the ratio to Meadow's, and whether rows are equal."""
    print(f"{events:,} events, {len(turns)} runs, medians of seconds (and times Meadow's)")
    print(f"{'':12}" + "".join(mart.rjust(26) for mart in MARTS) + f"{'peak MiB':>10}")
    for way in turns[0]:
        cells = ""
        for mart in MARTS:
            seconds = statistics.median(t[way].told[mart] for t in turns)
            ratio = statistics.median(t[way].told[mart] / t[MEADOW].told[mart] for t in turns)
            rows = differing.get(way, {}).get(mart, 0)
            cells += f"{seconds:9.2f} ({ratio:6.2f}) " + (
                f"{rows} DIFFER" if rows else "  equal"
            ).rjust(7)
        peak = f"{max(t[way].peak_mebibytes for t in turns):,.0f}"
        print(f"{way:12}{cells}{'-' if way in OF_OTHER_PROCESSES else peak:>10}")


if __name__ == "__main__":
    main()
