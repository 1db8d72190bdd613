"""Erasing people, and keeping the lake small."""

from typing import Annotated

import typer

app = typer.Typer()


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
