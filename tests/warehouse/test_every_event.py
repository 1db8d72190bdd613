"""One event of every type, from the sources that tell of them: bronze takes all, tables hold."""

from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.defs.house import House
from platform_core.contract import EVENTS
from platform_core.contract.events.behaviour import BEHAVIOUR
from tests.ingest.good_events import GOOD
from tests.warehouse.nightly import deliver, house, night, read

OBSERVED = {model.type for model in BEHAVIOUR}
ONE_EACH = """
silver.product_views silver.cart_adds silver.orders silver.brands silver.products
silver.ad_clicks silver.ad_conversions gold.campaign_daily
""".split()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Every event happened once, and the batch with its audits has run."""
    meadow = house(tmp_path_factory.mktemp("town"))
    deliver(meadow, *map(in_town, GOOD))
    night(meadow)
    yield meadow
    meadow.platform.dispose()


def in_town(good: dict[str, Any]) -> dict[str, Any]:
    """The collector tells what people were seen to do, the outbox everything else."""
    type_ = good["type"]
    return {**good, "id": type_, "source": "app" if type_ in OBSERVED else "platform"}


def test_bronze_accepts_events_of_every_type(town: House) -> None:
    found = read(town, "SELECT type, is_duplicate FROM bronze.events ORDER BY type")
    assert found == sorted((model.type, False) for model in EVENTS.values())
    assert read(town, "SELECT count(*) FROM bronze.quarantine") == [(0,)]


@pytest.mark.parametrize("table", ONE_EACH)
def test_each_fact_counts_once(town: House, table: str) -> None:
    assert read(town, f"SELECT count(*) FROM {table}") == [(1,)]


def test_facts_of_both_sources_meet_in_one_row(town: House) -> None:
    acts = "SELECT visitors, product_views, cart_adds, orders FROM gold.brand_daily"
    assert read(town, f"{acts} WHERE brand_id = 'b1'") == [(1, 1, 1, 1)]
    assert read(town, "SELECT ad_clicks, conversions FROM gold.campaign_daily") == [(1, 1)]


def test_a_decision_stands_for_each_of_its_subjects(town: House) -> None:
    found = read(town, "SELECT subject_id, verdict FROM silver.moderation_verdicts ORDER BY 1")
    assert found == [("a1", "confirmed"), ("a2", "confirmed")]
