"""Meadow as a newcomer meets it: the demo, and everything running."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


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
