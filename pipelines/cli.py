"""The ``meadow`` command. Imports stand inside the commands, so that ``--help`` answers at once."""

import json
import os
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

NOTHING_LANDED = "nothing has landed yet; `meadow replay SOURCE PATH` or `meadow demo` begins"

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Meadow: what a brand's notes and money really did, net of fraud, with the evidence.",
)
contract = typer.Typer(no_args_is_help=True, help="The event contract.")
quarantine = typer.Typer(no_args_is_help=True, help="Lines that the contract does not accept.")
bench = typer.Typer(no_args_is_help=True, help="Measure speed and memory beside a reference.")
app.add_typer(contract, name="contract")
app.add_typer(quarantine, name="quarantine")
app.add_typer(bench, name="bench")


@app.command()
def demo(
    source: Annotated[str, typer.Option(help="rees46, talkingdata; empty: a town of our own")] = "",
    data: Annotated[Path | None, typer.Option(help="the source's file")] = None,
    serve: Annotated[bool, typer.Option(help="start the servers afterwards")] = True,
) -> None:
    """Let a town live or replay a stream, run the batch, make accounts and open the pages."""
    from pipelines.defs.demo import prepare
    from pipelines.defs.house import open_house
    from pipelines.defs.up import up as start

    house = open_house()
    for line in prepare(house, source, data):
        typer.echo(line)
    if serve:
        raise typer.Exit(start(house.settings))


@app.command()
def up() -> None:
    """Start the Dagster daemon and UI and the dashboards; Ctrl-C stops them together."""
    from pipelines.defs.up import up as start
    from platform_core.settings import settings

    raise typer.Exit(start(settings()))


@app.command()
def replay(source: str, path: Path) -> None:
    """Map an export of another shop to contract events in the landing zone."""
    from pipelines.defs.house import open_house, utc_now
    from pipelines.sources.registry import find_source
    from pipelines.sources.replay import replay as land

    landing = open_house().settings.landing
    report = land(find_source(source), path, landing, closed_on=utc_now().date())
    typer.echo(
        f"{path}: {report.rows:,} rows became {report.events:,} events in {report.segments} "
        f"segments; {report.rejected:,} rows could not be mapped"
    )
    for rejection in report.first_rejections:
        typer.echo(f"  {path} line {rejection.line}: {rejection.reason}", err=True)


@app.command()
def simulate(
    days: Annotated[int, typer.Option(min=1, help="how long the town lives")] = 60,
    users: Annotated[int, typer.Option(min=1, help="ordinary people")] = 5000,
    seed: Annotated[int, typer.Option(help="same seed, same bytes")] = 7,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="the UTC day after the last; today if not given"),
    ] = None,
    campaigns: Annotated[
        list[Path] | None, typer.Option(help="campaign files, or folders of them, to add")
    ] = None,
    report: Annotated[
        bool, typer.Option("--report", help="print the town's statistics beside published ranges")
    ] = False,
) -> None:
    """Let a town live on an empty platform: honest people, look-alikes of fraud, and fraud."""
    from pipelines.defs.house import open_house
    from pipelines.defs.town import live, statistics

    for line in live(open_house(), days, users, seed, until, campaigns or []):
        typer.echo(line)
    for line in statistics(open_house()) if report else ():
        typer.echo(line)


@app.command()
def review(
    seed: Annotated[int, typer.Option(help="same seed, same decisions")] = 7,
    wrong_accusations: Annotated[
        float, typer.Option(min=0, max=1, help="share of the innocent who are confirmed")
    ] = 0.03,
    missed: Annotated[
        float, typer.Option(min=0, max=1, help="share of the guilty who are dismissed")
    ] = 0.10,
    delay_days: Annotated[
        float, typer.Option(min=0, help="how old evidence is, about, when somebody looks at it")
    ] = 2,
) -> None:
    """Let simulated reviewers decide the open cases, from their evidence only."""
    from pipelines.defs.house import open_house
    from pipelines.defs.town import review_cases

    house = open_house()
    for line in review_cases(house, seed, wrong_accusations, missed, delay_days):
        typer.echo(line)


@app.command()
def collect() -> None:
    """Start the collector: ``POST /events`` for apps that send behaviour; Ctrl-C stops it."""
    from pipelines.defs.house import open_house
    from platform_core.collector.http import serve

    house = open_house()
    serve(house.platform, house.settings)


@app.command("collector-key")
def collector_key(source: str) -> None:
    """Print a new key with which a source may send to the collector; it is shown this once."""
    from pipelines.defs.house import open_house, utc_now
    from platform_core.collector.keys import issue_key

    typer.echo(issue_key(open_house().platform, source, utc_now()))


@app.command()
def relay() -> None:
    """Move the platform's outbox to the landing zone."""
    from pipelines.defs.house import open_house, utc_now

    report = open_house().relay(utc_now())
    typer.echo(f"relayed {report.events:,} events in {report.segments} segments")


@app.command()
def ingest() -> None:
    """Ingest everything that has landed, exactly once."""
    from pipelines.defs.house import open_house

    reports = open_house().ingest().all_sources()
    if not reports:
        typer.echo(NOTHING_LANDED)
    for source, report in reports.items():
        typer.echo(
            f"{source}: {report.lines:,} lines: {report.accepted:,} accepted, "
            f"{report.duplicates:,} duplicates, {report.quarantined:,} quarantined"
        )


@app.command()
def run(
    from_date: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="first day to compute again"),
    ] = None,
    to_date: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="last day to compute again"),
    ] = None,
    engine: Annotated[
        str | None, typer.Option(help="duckdb or spark, whatever MEADOW_ENGINE says")
    ] = None,
) -> None:
    """Run the batch: relay, ingest, and compute what is stale, or all of the given days."""
    if engine is not None:
        os.environ["MEADOW_ENGINE"] = engine  # before the settings are read
    from pipelines.defs.house import open_house
    from pipelines.defs.launch import run_batch
    from pipelines.warehouse.lake import Window
    from pipelines.warehouse.release import latest

    if (from_date is None) != (to_date is None):
        raise typer.BadParameter("--from and --to go together")
    window = Window(from_date.date(), to_date.date()) if from_date and to_date else None
    if not run_batch(open_house(), window):
        typer.echo("the run failed: see the messages above, or the Dagster UI", err=True)
        raise typer.Exit(1)
    newest = latest(open_house().lake.root)
    typer.echo(f"release {newest.number} stands" if newest else NOTHING_LANDED)


@app.command()
def erase(user: Annotated[str, typer.Argument(metavar="USER")]) -> None:
    """Make a person unlinkable in every table and its history, and prove it."""
    from pipelines.defs.house import open_house, utc_now
    from pipelines.defs.upkeep import erase as forget

    for line in forget(open_house(), user, now=utc_now()):
        typer.echo(line)


@app.command()
def vacuum() -> None:
    """Let go what is past its age, put small files together, remove what no reader needs."""
    from pipelines.defs.house import open_house, utc_now
    from pipelines.defs.upkeep import vacuum as tidy

    for line in tidy(open_house(), now=utc_now()):
        typer.echo(line)


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False) -> None:
    """Show what landed, what became of it, the tables and the last runs."""
    from pipelines.defs.house import open_house
    from pipelines.defs.status import status as state
    from pipelines.defs.status_text import as_text

    found = state(open_house())
    typer.echo(json.dumps(asdict(found), indent=1) if as_json else as_text(found))


@app.command()
def tables(
    name: Annotated[str, typer.Argument(help="one table, such as gold.brand_daily")] = "",
    markdown: Annotated[bool, typer.Option(help="all tables as a page of the docs")] = False,
) -> None:
    """List the tables, or show what one of them says."""
    from pipelines.defs.house import open_house
    from pipelines.warehouse.catalog import pages

    catalog = open_house().catalog
    shown = pages.markdown if markdown else pages.listing
    for line in pages.page(catalog[name]) if name else shown(catalog):
        typer.echo(line)


@app.command()
def doctor() -> None:
    """Check the installation, and say how to mend what is amiss."""
    from pipelines.defs.doctor import examine
    from platform_core.settings import settings

    complaints = 0
    for check in examine(settings()):
        typer.echo(f"{'ok  ' if check.passed else 'MEND'}  {check.name}: {check.finding}")
        if not check.passed:
            complaints += 1
            typer.echo(f"      {check.remedy}")
    raise typer.Exit(1 if complaints else 0)


@contract.command("export")
def contract_export(
    to: Annotated[Path | None, typer.Option(help="file to write; else standard output")] = None,
) -> None:
    """Write the contract as JSON Schema."""
    from platform_core.contract import json_schema

    text = json.dumps(json_schema(), indent=2, ensure_ascii=False)
    if to is None:
        typer.echo(text)
    else:
        to.write_text(text + "\n")


@quarantine.command("list")
def quarantine_list(
    source: Annotated[str | None, typer.Option(help="of this source only")] = None,
    code: Annotated[str | None, typer.Option(help="with this error only")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="at most so many")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="with the raw line, to mend")] = False,
) -> None:
    """List quarantined lines that nothing mends yet."""
    from pipelines.defs.house import open_house, utc_now
    from pipelines.defs.mending import list_waiting

    lines = list_waiting(open_house(), source, code, limit, now=utc_now(), raw=as_json)
    for line in lines:
        typer.echo(
            line.as_json() if as_json else f"{line.quarantine_id}\t{line.code}\t{line.detail}"
        )


@quarantine.command("replay")
def quarantine_replay(path: Path) -> None:
    """Land mended lines again: a file of ``quarantine list --json`` with ``raw`` mended."""
    from pipelines.defs.house import open_house, utc_now
    from pipelines.warehouse.ingest.quarantine import land_mended

    landing = open_house().settings.landing
    for source, count in land_mended(path, landing, closed_on=utc_now().date()).items():
        typer.echo(f"{source}: landed {count:,} mended lines; `meadow ingest` takes them in")


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
    import subprocess

    path = Path(__file__).parents[1] / "benchmarks" / script
    raise typer.Exit(subprocess.run([sys.executable, path, *arguments], check=False).returncode)


def main() -> None:
    """Run the command; errors that Meadow knows are one line, not a traceback."""
    status: object = 0
    try:
        app()
    except SystemExit as ended:
        status = ended.code
    except (ValueError, LookupError, OSError) as error:
        known = ("pipelines", "platform_core", "models")
        if not isinstance(error, OSError) and not type(error).__module__.startswith(known):
            raise
        typer.echo(f"meadow: {error}", err=True)
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    # Not sys.exit: DuckDB's binding would then print that other libraries still refer to it.
    os._exit(status if isinstance(status, int) else int(status is not None))
