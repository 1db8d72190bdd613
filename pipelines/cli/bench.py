"""Measurements beside a reference."""

import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer


class FraudPart(StrEnum):
    """What ``meadow bench fraud`` measures."""

    BLOCKS = "blocks"
    TEXTS = "texts"
    CONCENTRATION = "concentration"
    SCORING = "scoring"


class RealData(StrEnum):
    """Research data that ``meadow bench real`` measures on."""

    YELPCHI = "yelpchi"
    TOLOKERS = "tolokers"
    OTT = "ott"
    TALKINGDATA = "talkingdata"


FRAUD: Final = {
    FraudPart.BLOCKS: "dense_blocks.py",
    FraudPart.TEXTS: "near_duplicates.py",
    FraudPart.CONCENTRATION: "order_concentration.py",
    FraudPart.SCORING: "scoring.py",
}

bench = typer.Typer(no_args_is_help=True, help="Measure speed and memory beside a reference.")
app = typer.Typer()
app.add_typer(bench, name="bench")


@bench.command("ingest")
def bench_ingest(
    events: Annotated[int, typer.Option(min=1)] = 3_000_000,
    runs: Annotated[int, typer.Option(min=1)] = 3,
) -> None:
    """Ingest events to published bronze, beside DuckDB's bare read_json to Parquet."""
    _benchmark("ingest.py", "--events", str(events), "--runs", str(runs))


@bench.command("platform")
def bench_platform(runs: Annotated[int, typer.Option(min=1)] = 3) -> None:
    """Behaviour, orders and a town's memory, beside bare ways of doing the same."""
    _benchmark("services_and_town.py", "--runs", str(runs))


@bench.command("batch")
def bench_batch(
    events: Annotated[int, typer.Option(min=1)] = 10_000_000,
    sizes: Annotated[str, typer.Option(help="instead: millions of events, as 1,10,50")] = "",
    runs: Annotated[int, typer.Option(min=1)] = 3,
) -> None:
    """One run of everything, audits in, beside DuckDB's bare read_json to Parquet."""
    size = ("--sizes", sizes) if sizes else ("--events", str(events))
    _benchmark("batch.py", *size, "--runs", str(runs))


@bench.command("marts")
def bench_marts(
    events: Annotated[int, typer.Option(min=1)] = 3_000_000,
    runs: Annotated[int, typer.Option(min=1)] = 3,
) -> None:
    """Three marts beside pandas, Polars, Spark and ClickHouse; all rows must be equal."""
    _benchmark("side_by_side.py", "--events", str(events), "--runs", str(runs))


@bench.command("orchestration")
def bench_orchestration(runs: Annotated[int, typer.Option(min=1)] = 3) -> None:
    """A first load of 60 days through Dagster: its share beside the time of our own code."""
    _benchmark("orchestration.py", "--runs", str(runs))


@bench.command("recommendations")
def bench_recommendations(
    home: Annotated[Path | None, typer.Option(help="a home with a lake; else a new town")] = None,
    days: Annotated[int, typer.Option(min=14, help="how long a new town lives")] = 28,
    users: Annotated[int, typer.Option(min=1, help="people of a new town")] = 700,
    seed: Annotated[int, typer.Option(help="same seed, same town")] = 7,
    test_days: Annotated[int, typer.Option(min=1, help="the last days, to be foretold")] = 7,
) -> None:
    """Recall and coverage of recommendations on days not yet seen, beside popularity."""
    town = ("--days", str(days), "--users", str(users), "--seed", str(seed))
    lake = ("--home", str(home)) if home else town
    _benchmark("recommendations.py", *lake, "--test-days", str(test_days))


@bench.command("upkeep")
def bench_upkeep(days: Annotated[int, typer.Option(min=1)] = 365) -> None:
    """A year of nights on a small lake, with and without the weekly upkeep."""
    _benchmark("upkeep.py", "--days", str(days))


@bench.command("fraud")
def bench_fraud(
    only: Annotated[
        list[FraudPart] | None, typer.Option(help="these parts; all if not given")
    ] = None,
    runs: Annotated[int, typer.Option(min=1)] = 3,
) -> None:
    """Dense blocks, near-duplicates, order concentration and scoring, each beside a reference."""
    _benchmarks(*((FRAUD[part], "--runs", str(runs)) for part in only or FRAUD))


@bench.command("camouflage")
def bench_camouflage(seeds: Annotated[int, typer.Option(min=1)] = 5) -> None:
    """Blocks hidden in two graphs in four ways, found by two ways of peeling."""
    _benchmark("camouflage.py", "--seeds", str(seeds))


@bench.command("real")
def bench_real(
    only: Annotated[list[RealData] | None, typer.Option(help="these; all if not given")] = None,
    data: Annotated[Path, typer.Option(help="folder of the research data")] = Path(
        "../shared/data"
    ),
) -> None:
    """The product's detectors on research data of four platforms, beside what others reached."""
    _benchmarks(*((f"real/{one}.py", "--data", str(data)) for one in only or RealData))


def _benchmark(script: str, *arguments: str) -> None:
    _benchmarks((script, *arguments))


def _benchmarks(*commands: tuple[str, ...]) -> None:
    """Run scripts one after the other, each a process of its own; the first failure is the end."""
    folder = Path(__file__).parents[2] / "benchmarks"
    for script, *arguments in commands:
        ended = subprocess.run([sys.executable, folder / script, *arguments], check=False)
        if ended.returncode:
            raise typer.Exit(ended.returncode)
