"""Measurements beside a reference."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

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


def _benchmark(script: str, *arguments: str) -> None:
    path = Path(__file__).parents[2] / "benchmarks" / script
    raise typer.Exit(subprocess.run([sys.executable, path, *arguments], check=False).returncode)
