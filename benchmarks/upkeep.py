"""A year of nights on a small lake, with the weekly upkeep and without it.

Prints files, log bytes and planning time (open the lake, view every table; a median) on some days;
without upkeep, 90 days are enough to see where it leads. The same literal day happens again and
again; audits, which change no file, are left out.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from pipelines.defs.house import House
from pipelines.warehouse import audit, release
from pipelines.warehouse.catalog import Catalog
from pipelines.warehouse.engines.connection import connect, create_view
from pipelines.warehouse.findings import AuditReport
from pipelines.warehouse.lake import Lake
from pipelines.warehouse.upkeep.retention import retention
from pipelines.warehouse.upkeep.vacuum import Vacuum
from platform_core.landing import append_segment
from platform_core.settings import Settings

FIRST = datetime(2026, 1, 1, 4, tzinfo=UTC)
SHOWN = (1, 30, 90, 180, 270, 365)
BATCHES = 2  # a day
TIMES = 5  # that planning is timed
UNTIDY_DAYS = 90  # enough to see where it leads
TABLES = """
bronze.events bronze.quarantine bronze.segments silver.product_views silver.cart_adds
silver.searches silver.note_reads silver.ad_clicks features.click_velocity
""".split()


class SmallHouse(House):
    """A house with a few tables."""

    @cached_property
    def catalog(self) -> Catalog:
        whole = super().catalog
        return Catalog({name: whole[name] for name in TABLES})


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--days", type=int, default=365)
    options = arguments.parse_args()
    audit.audit = lambda model, *_: AuditReport(model.name, ())
    print(
        f"{'':>8}{'day':>6}{'files':>9}{'orphans':>9}{'log files':>11}{'log MB':>8}{'plan ms':>9}"
    )
    untidy = min(options.days, UNTIDY_DAYS)
    for name, days, every in (("weekly", options.days, 7), ("never", untidy, untidy + 1)):
        with tempfile.TemporaryDirectory(prefix="meadow-upkeep-") as folder:
            for day, measured in live(Path(folder), days, every):
                print(f"{name:>8}{day:>6}{measured}", flush=True)


def live(home: Path, days: int, every: int) -> Iterator[tuple[int, str]]:
    """Nights one after the other; yields what is measured on the days to show."""
    house = SmallHouse(Settings(home=home, _env_file=None))
    for day in range(1, days + 1):
        now = FIRST + timedelta(days=day)
        for batch in range(BATCHES):
            lines = [json.dumps(e).encode() + b"\n" for e in acts(day, batch)]
            append_segment(house.settings.landing, "app", now.date(), lines)
            house.ingest().all_sources()
        with house.begin_run(f"night {day}") as run:
            for model in house.catalog.computed:
                run.bring_up_to_date(model)
            run.release(now)
        if day % every == 0:
            vacuum = Vacuum(house.lake, house.catalog, house.settings, house.platform, retention())
            vacuum.run(now)
        if day in SHOWN or day == days:
            yield day, measured(house)
    house.platform.dispose()


def acts(day: int, batch: int) -> Iterator[dict[str, Any]]:
    """What ten people do in half a day."""
    product = {"product_id": "p1", "brand_id": "b1", "price_minor": 100, "currency": "CNY"}
    click = {"campaign_id": "c1", "brand_id": "b1", "placement": "feed"}
    kinds = (
        ("product.viewed", product),
        ("cart.added", product),
        ("search.queried", {"request_id": "r1", "query": "q", "results": 1}),
        ("note.read", {"note_id": "n1", "surface": "feed", "dwell_ms": 1000}),
        ("ad.clicked", click),
    )
    for person in range(10):
        for type_, data in kinds:
            at = FIRST + timedelta(days=day - 1, hours=6 * batch, minutes=person)
            yield {
                "specversion": "1.0",
                "id": f"{day}-{batch}-{person}-{type_}",
                "source": "app",
                "type": type_,
                "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "dataschema": f"{type_}/1",
                "actorid": f"user_{person}",
                "data": data,
            }


def measured(house: House) -> str:
    root = house.lake.root
    data = [p for p in root.rglob("*.parquet") if "_delta_log" not in p.parts]
    live_files = sum(len(house.lake.pin(m.name).files) for m in house.catalog)
    logs = [p for log in root.rglob("_delta_log") for p in log.iterdir() if p.is_file()]
    size = sum(p.stat().st_size for p in logs) / 1e6
    plan = statistics.median(planned(house) for _ in range(TIMES)) * 1000
    return f"{len(data):>9,}{len(data) - live_files:>9,}{len(logs):>11,}{size:>8.1f}{plan:>9,.0f}"


def planned(house: House) -> float:
    """Seconds until whoever opens the lake anew sees every table of the newest release."""
    begun = time.perf_counter()
    lake = Lake(house.lake.root, house.lake.timezone)
    newest = release.latest(lake.root)
    assert newest is not None
    with connect(house.settings, lake.timezone) as connection:
        for name, version in newest.tables.items():
            pin = lake.pin(name, version)
            create_view(connection, name, pin, pin.files)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
