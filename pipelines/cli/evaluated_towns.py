"""Towns to judge detectors on: simulated once and kept, taken in by the batch, and collected."""

import atexit
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import polars as pl

import platform_core
from models.evaluation import nightly
from models.evaluation.campaigns import write_again, write_idle, write_varied
from models.evaluation.collecting import collect
from models.evaluation.subjects import SUBJECTS, conduct_table, signal_table
from pipelines.defs.house import House
from pipelines.defs.town import live
from pipelines.warehouse.catalog import Catalog, Model
from pipelines.warehouse.release import Release, latest
from platform_core.settings import Settings

UNTIL: Final = datetime(2026, 11, 1)
CAMPAIGNS: Final = Path(platform_core.__file__).parent / "simulation" / "groups" / "campaigns"
LABELLED: Final = (
    *("ad_clicks", "ad_charges", "orders", "reviews", "notes"),
    *("users", "shops", "products"),
)

PLANTED_IDLE: Final = "idle"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Wanted:
    """What is asked of towns; see the options of ``meadow evaluate fraud``."""

    users: int
    days: int
    again: int
    batch: bool
    nights: bool


@dataclass(frozen=True)
class Town:
    """A town to simulate.

    ``planted`` beside the packaged campaigns: further ones if empty, idle ones, or a variant.
    """

    seed: int
    planted: str = ""


def ready(
    own: Settings,
    wanted: Wanted,
    homes: Sequence[Path],
    towns: Iterable[Town],
    jobs: int,
    say: Say,
) -> list[Path]:
    """Folders of frames, one a town; each town is a process of its own, whose memory is returned.

    Raises:
        ValueError: two homes have one name.
    """
    cache = own.home.resolve() / "evaluation"
    names = [home.resolve().name for home in homes]
    if len(set(names)) < len(names):
        raise ValueError(f"homes need names of their own: {', '.join(names)}")
    calls = [
        *(partial(given, own, wanted, home.resolve(), cache) for home in homes),
        *(partial(simulated, own, wanted, town, cache) for town in towns),
    ]
    context = get_context("spawn")  # deltalake does not survive a fork
    with ProcessPoolExecutor(
        jobs, mp_context=context, initializer=_end_at_once, max_tasks_per_child=1
    ) as workers:
        started = [workers.submit(call) for call in calls]
        folders = []
        for done in started:
            folders.append(done.result())
            say(f"{folders[-1].name} is ready")
    return folders


def _end_at_once() -> None:
    """Not as Python ends: DuckDB's binding would then print that other libraries refer to it."""
    atexit.register(os._exit, 0)


def given(own: Settings, wanted: Wanted, home: Path, cache: Path) -> Path:
    """Collect a town that somebody else let live; its release is judged, or what follows now."""
    house = House(own.model_copy(update={"home": home, "database_url": ""}))
    folder = cache / "frames" / home.name
    release = taken_in(house) if wanted.batch else latest(house.settings.lake)
    return _collected(house, folder, release, wanted)


def simulated(own: Settings, wanted: Wanted, town: Town, cache: Path) -> Path:
    """Let a town live unless it has, take in what it did, and collect it."""
    more = town.planted or (f"again-{wanted.again}" if wanted.again else "")
    name = f"seed-{town.seed}-users-{wanted.users}-days-{wanted.days}" + (more and f"-{more}")
    home = cache / "towns" / name
    house = House(own.model_copy(update={"home": home, "database_url": ""}))
    lived = home / "lived"
    if not lived.exists():
        shutil.rmtree(home, ignore_errors=True)
        planted = home / "campaigns"
        _plant(planted, town, wanted)
        more_campaigns = [planted] if planted.exists() else []
        for _ in live(house, wanted.days, wanted.users, town.seed, UNTIL, more_campaigns):
            pass
        lived.touch()
    folder = cache / "frames" / name
    return _collected(house, folder, taken_in(house), wanted)


def _plant(folder: Path, town: Town, wanted: Wanted) -> None:
    """The campaigns of a town beside the packaged ones; no folder if there are none."""
    if town.planted == PLANTED_IDLE:
        write_idle(CAMPAIGNS, folder)
    elif town.planted:
        write_varied(CAMPAIGNS, folder, town.planted)
    elif wanted.again:
        write_again(CAMPAIGNS, folder, wanted.again)


def _collected(house: House, folder: Path, release: Release | None, wanted: Wanted) -> Path:
    key = house.keys.pseudonym_key("person")
    collect(house.settings, folder, key, release)
    first_nights = folder / "nights.parquet"
    if wanted.nights:
        night_by_night(house, folder).write_parquet(first_nights)
    else:
        first_nights.unlink(missing_ok=True)
    return folder


def taken_in(house: House) -> Release:
    """What the batch makes of what has landed: what detectors say, and all that they read.

    Nothing is released: pages that read this home see what they saw before.
    """
    catalog = narrowed(house.catalog, judged(house.catalog))
    house.ingest().all_sources()
    vars(house)["catalog"] = catalog
    with house.begin_run("evaluation") as run:
        for model in catalog.computed:
            run.bring_up_to_date(model)
        return Release(
            number=0,
            created_at=datetime.now(UTC),
            run_id=run.run_id,
            timezone=house.lake.timezone,
            tables={name: pin.version for name, pin in run.pins.items()},
            watermarks={},
        )


def night_by_night(house: House, folder: Path) -> pl.DataFrame:
    """Which night first said what: segments land day by day in a home beside, each with a batch."""
    beside = folder.parent / f"{folder.name}-nights"
    shutil.rmtree(beside, ignore_errors=True)
    platform = house.settings.platform_url
    shadow = House(house.settings.model_copy(update={"home": beside, "database_url": platform}))
    said = []
    for day in nightly.landed_by_day(house.settings.landing, beside / "landing"):
        release = taken_in(shadow)
        said.append(nightly.signals_of(shadow.settings, release, day))
    shutil.rmtree(beside)
    return nightly.first_nights(said)


def judged(catalog: Catalog) -> list[str]:
    """The tables that are judged and those that say of what, as far as there are any."""
    wanted = [f"silver.{name}" for name in LABELLED]
    wanted += [table(subject) for subject in SUBJECTS for table in (signal_table, conduct_table)]
    return [name for name in wanted if name in catalog.models]


def narrowed(catalog: Catalog, tables: Iterable[str]) -> Catalog:
    """The tables of these names, all that they are made from, and those that events land in."""
    wanted = [model.name for model in catalog if not model.is_computed] + list(tables)
    kept: dict[str, Model] = {}
    while wanted:
        model = catalog[wanted.pop()]
        if model.name not in kept:
            kept[model.name] = model
            wanted += [*model.inputs, *model.compared]
    return Catalog(kept)
