"""The town's commands, in words: what a simulation made, and what its reviewers decided."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from pipelines.defs.house import House, utc_now
from platform_core.simulation.groups import files
from platform_core.simulation.plan import Plan
from platform_core.simulation.report import Figure, figures
from platform_core.simulation.reviewers import review
from platform_core.simulation.run import NotEmpty, simulate

__all__ = ["NotEmpty", "live", "review_cases", "statistics"]


def live(
    house: House,
    days: int,
    users: int,
    seed: int,
    until: datetime | None = None,
    campaigns: Sequence[Path] = (),
) -> Iterator[str]:
    """Let a town live in this Meadow; yields what to tell the user as it goes."""
    last = (until or utc_now()).date()
    crews = files.load((files.PACKAGED, *campaigns))
    plan = Plan(days, users, seed, last, crews)
    yield f"a town of {users:,} people lives for {days} days ..."
    home = house.settings.home.resolve()
    lived = simulate(house.platform, home, plan, timezone=house.settings.timezone)
    refused = sum(lived.refusals.values())
    yield (
        f"{lived.visits:,} visits; landed: {lived.app_events:,} events of the app, "
        f"{lived.platform_events:,} of the services; {refused:,} acts refused"
    )


def statistics(house: House) -> Iterator[str]:
    """The town's statistics beside published ranges, a line each."""
    yield f"{'':64}{'town':>8}{'with fraud':>12}   published"
    for figure in figures(house.settings.home.resolve()):
        numbers = f"{_number(figure.value):>8}{_number(figure.gross):>12}   {_range(figure)}"
        yield f"{_marked(figure)}{figure.en:<62}{numbers}"
        yield f"      {figure.source}"


def review_cases(
    house: House, seed: int, wrong_accusations: float, missed: float, delay_days: float
) -> Iterator[str]:
    """Let simulated reviewers work through the queue."""
    reviewed = review(
        house.platform,
        now=utc_now(),
        seed=seed,
        wrong_accusations=wrong_accusations,
        missed=missed,
        delay=timedelta(days=delay_days),
    )
    decided = reviewed.decided
    yield (
        f"confirmed {decided['confirmed']:,} cases, dismissed {decided['dismissed']:,}; "
        f"{reviewed.left:,} wait for their reviewer"
    )


def _marked(figure: Figure) -> str:
    return "  " if figure.is_within else "* "


def _range(figure: Figure) -> str:
    return f"{_number(figure.low)} to {_number(figure.high)}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"
