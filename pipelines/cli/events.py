"""How events come in, and lines that the contract refuses."""

import json
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.words import NOTHING_LANDED

app = typer.Typer()
contract = typer.Typer(no_args_is_help=True, help="The event contract.")
quarantine = typer.Typer(no_args_is_help=True, help="Lines that the contract does not accept.")
app.add_typer(contract, name="contract")
app.add_typer(quarantine, name="quarantine")


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
