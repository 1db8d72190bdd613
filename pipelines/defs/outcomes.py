"""What a run does with the tables it has made: open cases, bind a release, recommend."""

import dagster as dg

from models.cases import READ, open_random_checks, open_signal_cases
from pipelines.defs.books import BOOKS
from pipelines.defs.house import utc_now
from pipelines.defs.resources import HouseResource
from pipelines.defs.tables import Results, as_check, asset_key, described
from pipelines.warehouse import churn, restatements
from pipelines.warehouse.catalog import Catalog
from pipelines.warehouse.recommendations import publish_recommendations
from pipelines.warehouse.release import latest

CASES = dg.AssetKey(["platform", "moderation_cases"])
RELEASE = dg.AssetKey(["release"])
RECOMMENDATIONS = dg.AssetKey(["platform", "recommendations"])


@dg.asset(
    key=CASES,
    deps=[asset_key(name) for name in READ],
    group_name="platform",
    description="cases that detectors opened in the platform's moderation queue",
    owners=["team:trust-and-safety"],
)
def moderation_cases(
    context: dg.AssetExecutionContext, house: HouseResource
) -> dg.MaterializeResult[None]:
    run, inner = house.run(context.run.run_id), house.house
    opened_from = inner.lake, run.pins, inner.settings, inner.platform
    signals = open_signal_cases(*opened_from, now=utc_now())
    random = open_random_checks(*opened_from, now=utc_now())
    return dg.MaterializeResult(
        metadata={
            "opened": signals.opened,
            "extended": signals.extended,
            "unchanged": signals.unchanged,
            "random_checks": random.opened,
        }
    )


def release_assets(catalog: Catalog) -> dg.AssetsDefinition:
    """The manifest of one version a table that dashboards read, and what it changes."""
    told = (restatements.TABLE, churn.TABLE)
    made = [asset_key(m.name) for m in catalog.computed]

    @dg.multi_asset(
        name="release",
        specs=[
            *(dg.AssetSpec(asset_key(table), **described(catalog[table])) for table in told),
            dg.AssetSpec(
                RELEASE,
                deps=[*made, CASES, BOOKS, *map(asset_key, told)],
                group_name="release",
                description="one version of every table, so that the numbers on one page agree",
                owners=["team:insight"],
            ),
        ],
        check_specs=[dg.AssetCheckSpec("audit", asset=asset_key(table)) for table in told],
    )
    def release(context: dg.AssetExecutionContext, house: HouseResource) -> Results:
        run = house.run(context.run.run_id)
        published = run.release(utc_now())
        for table in told:
            key, rows = asset_key(table), run.pins[table].rows
            reports = [run.told[table]] if table in run.told else []
            yield as_check(*reports, asset=key)
            yield dg.MaterializeResult(asset_key=key, metadata={"dagster/row_count": rows})
        yield dg.MaterializeResult(
            asset_key=RELEASE,
            metadata={"number": published.number, "tables": dict(published.tables)},
        )

    return release


@dg.asset(
    key=RECOMMENDATIONS,
    deps=[RELEASE],
    group_name="platform",
    description="the newest release's recommendations, where the platform's feed reads them",
    owners=["team:insight"],
)
def recommendations(
    context: dg.AssetExecutionContext, house: HouseResource
) -> dg.MaterializeResult[None]:
    newest = latest(house.house.lake.root)
    if newest is None:
        raise dg.Failure("there is no release to publish recommendations of")
    rows = publish_recommendations(newest, house.house.settings)
    return dg.MaterializeResult(metadata={"dagster/row_count": rows, "release": newest.number})
