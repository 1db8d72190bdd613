"""The bronze tables: the outbox is relayed, then everything that has landed is ingested."""

from collections.abc import Iterator
from dataclasses import asdict

import dagster as dg

from pipelines.defs.house import utc_now
from pipelines.defs.resources import HouseResource
from pipelines.defs.tables import asset_key, described
from pipelines.warehouse.catalog import Catalog
from pipelines.warehouse.ingest.ingest import TABLES


def bronze_assets(catalog: Catalog) -> dg.AssetsDefinition:
    """All bronze tables, which one ingest makes."""

    @dg.multi_asset(
        name="bronze",
        specs=[dg.AssetSpec(asset_key(name), **described(catalog[name])) for name in TABLES],
    )
    def ingest(house: HouseResource) -> Iterator[dg.MaterializeResult[None]]:
        house.house.relay(utc_now())
        reports = house.house.ingest().all_sources()
        lake = house.house.lake
        for name in TABLES:
            pin = lake.pin(name)
            yield dg.MaterializeResult(
                asset_key=asset_key(name),
                metadata={
                    "dagster/row_count": pin.rows,
                    "version": pin.version,
                    "sources": {source: asdict(report) for source, report in reports.items()},
                },
            )

    return ingest
