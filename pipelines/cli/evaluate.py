"""How well the detectors do, on towns whose fraud was planted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

evaluate = typer.Typer(no_args_is_help=True, help="Judge detectors by what is known to be so.")
app = typer.Typer()
app.add_typer(evaluate, name="evaluate")

ROOT: Final = Path(__file__).parents[2]
IDLE_SEEDS: Final = 10_000
"""Added to the seed of a town, for the town beside it in which planted accounts do nothing."""
SWEPT_SEEDS: Final = 20_000
"""The same for a town in which campaigns are varied."""


@evaluate.callback()
def _judge() -> None:
    """Judge detectors by what is known to be so."""


@evaluate.command("fraud")
def evaluate_fraud(
    homes: Annotated[
        list[Path] | None, typer.Argument(help="homes of simulated towns that a batch has taken in")
    ] = None,
    seeds: Annotated[str, typer.Option(help="or towns to simulate, once: 201..210 or 3,5,8")] = "",
    users: Annotated[int, typer.Option(min=1, help="ordinary people of such a town")] = 1000,
    days: Annotated[int, typer.Option(min=1, help="how long such a town lives")] = 30,
    again: Annotated[
        int, typer.Option(min=0, help="further campaigns of every kind of fraud in such a town")
    ] = 0,
    idle: Annotated[
        int, typer.Option(min=0, help="such towns more, of planted accounts that do nothing")
    ] = 0,
    sweep: Annotated[
        int, typer.Option(min=0, help="such towns more for each strength and cover of campaigns")
    ] = 0,
    batch: Annotated[
        bool, typer.Option("--batch", help="bring the signals of the homes up to date first")
    ] = False,
    nights: Annotated[
        bool, typer.Option("--nights", help="run night by night, to tell when fraud is found")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, help="towns that are made at a time")] = 1,
    to: Annotated[Path, typer.Option(help="folder of the page and its pictures")] = ROOT / "docs",
) -> None:
    """Measure precision, recall and accusations on simulated towns; writes docs/evaluation.md."""
    from models.evaluation.campaigns import VARIANTS
    from models.evaluation.judging import judge
    from models.evaluation.report import write_page
    from pipelines.cli.evaluated_towns import PLANTED_IDLE, Town, Wanted, ready
    from pipelines.defs.house import open_house

    own = open_house()
    asked = Wanted(users, days, again, batch, nights)
    numbers = list(_numbers(seeds))
    towns = [
        *(Town(number) for number in numbers),
        *(Town(number + IDLE_SEEDS, PLANTED_IDLE) for number in numbers[:idle]),
        *(Town(number + SWEPT_SEEDS, v) for v in VARIANTS for number in numbers[:sweep]),
    ]
    if not homes and not numbers:
        raise typer.BadParameter("name homes of towns, or --seeds of towns to simulate")
    folders = ready(own.settings, asked, homes or [], towns, jobs, typer.echo)
    threshold = float(str(own.catalog["risk.click_verdicts"].parameters["accusing_probability"]))
    command = _command(homes or [], seeds, asked, {"idle": idle, "sweep": sweep})
    found, pool = judge(folders, threshold, command, days=days if numbers else 0, say=typer.echo)
    for line in write_page(found, pool, to):
        typer.echo(line)


def _numbers(said: str) -> Iterator[int]:
    """``201..203`` and ``3,5`` as numbers."""
    for part in filter(None, said.split(",")):
        first, _, last = part.partition("..")
        if not first.isdecimal() or (last and not last.isdecimal()):
            raise typer.BadParameter(f"--seeds {said}: write 201..210, or 3,5,8")
        yield from range(int(first), int(last or first) + 1)


def _command(homes: list[Path], seeds: str, asked: object, more: dict[str, int]) -> str:
    """What was typed, without where things lie."""
    from pipelines.cli.evaluated_towns import Wanted

    assert isinstance(asked, Wanted)
    words = ["meadow evaluate fraud", *(home.resolve().name for home in homes)]
    if seeds:
        words += [f"--seeds {seeds} --users {asked.users} --days {asked.days}"]
        words += [f"--again {asked.again}"] if asked.again else []
        words += [f"--{name} {count}" for name, count in more.items() if count]
    return " ".join(words + (["--nights"] if asked.nights else []))
