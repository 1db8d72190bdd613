"""A small town that has lived, for tests of what a run leaves behind."""

from datetime import date
from pathlib import Path

from platform_core.database import connect
from platform_core.simulation.groups import files as groups
from platform_core.simulation.plan import Plan
from platform_core.simulation.run import SimulationReport, simulate

UNTIL = date(2026, 3, 2)


def lived_in(
    home: Path, *, days: int = 2, users: int = 40, seed: int = 7, database_url: str = ""
) -> SimulationReport:
    """Let a small town with all groups live under ``home``, its database there if not elsewhere."""
    plan = Plan(days=days, users=users, seed=seed, until=UNTIL, groups=groups.load())
    engine = connect(database_url or f"sqlite:///{home / 'platform.db'}")
    try:
        return simulate(engine, home, plan)
    finally:
        engine.dispose()
