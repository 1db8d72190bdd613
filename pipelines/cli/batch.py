"""The batch, and how things stand."""

import json
import os
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from pipelines.cli.words import NOTHING_LANDED

app = typer.Typer()


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
