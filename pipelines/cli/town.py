"""The town that lives on the platform, and its reviewers."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


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
