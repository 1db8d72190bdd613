"""Before a release: the platform's books and the warehouse say the same."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipelines.defs.resources import HouseResource
from pipelines.defs.tables import asset_key
from pipelines.warehouse.catalog import Catalog
from pipelines.warehouse.reconciliation import TABLES, Unreconciled, reconcile

BOOKS = dg.AssetKey(["platform", "books"])
RECONCILED = dg.AssetCheckKey(BOOKS, "reconciled")

Results = Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]


def books_asset(catalog: Catalog) -> dg.AssetsDefinition:
    """The comparison of the platform's database with silver, which a release waits for."""

    @dg.asset(
        key=BOOKS,
        deps=[asset_key(name) for name in TABLES],
        group_name="platform",
        description="orders, GMV, refunds, ad charges and credits and the ledger, on both sides",
        owners=["team:insight"],
        check_specs=[dg.AssetCheckSpec(RECONCILED.name, asset=BOOKS, blocking=True)],
    )
    def books(context: dg.AssetExecutionContext, house: HouseResource) -> Results:
        run, inner = house.run(context.run.run_id), house.house
        stale = {name: run.stale(catalog[name]).days for name in TABLES}
        found = reconcile(inner.platform, inner.lake, inner.settings, run.pins, stale)
        metadata: dict[str, Any] = {
            "up_to_segment": found.watermark,
            "differences": [str(d) for d in found.disagreements],
            "quarantined": list(found.quarantined),
            "days_waiting": dict(found.waiting),
        }
        yield dg.AssetCheckResult(
            check_name=RECONCILED.name, passed=found.agrees, metadata=metadata
        )
        if not found.agrees:
            raise dg.Failure(str(Unreconciled(found)), allow_retries=False)
        yield dg.MaterializeResult(metadata=metadata)

    return books
