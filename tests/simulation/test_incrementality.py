"""What the warehouse estimates of ads and notes is what they made a town's people do."""

from pathlib import Path

import pytest

from benchmarks.incrementality import MODELS, Estimate, estimates, lived
from pipelines.warehouse import audit
from pipelines.warehouse.findings import AuditReport

pytestmark = pytest.mark.soak
SEEDS = (1, 2, 3)
DAYS, USERS = 16, 150


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Estimate]]:
    """The estimates of a few small towns, by what they estimate."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "audit", lambda model, *_: AuditReport(model.name, ()))
        homes = [tmp_path_factory.mktemp(f"town{seed}") for seed in SEEDS]
        return [_estimated(home, seed) for home, seed in zip(homes, SEEDS, strict=True)]


def _estimated(home: Path, seed: int) -> dict[str, Estimate]:
    town = lived(home, DAYS, USERS, seed)
    found = {estimate.what: estimate for estimate in estimates(town)}
    town.house.platform.dispose()
    return found


def test_readers_search_so_much_more_as_the_notes_made_them(
    towns: list[dict[str, Estimate]],
) -> None:
    assert [town["search lift"] for town in towns if not town["search lift"].holds] == []


def test_people_who_searched_anyway_are_most_of_the_unadjusted_difference(
    towns: list[dict[str, Estimate]],
) -> None:
    off = {
        what: abs(sum(town[what].value - town[what].recorded for town in towns))
        for what in ("search lift", "search difference, unadjusted")
    }
    assert off["search lift"] < off["search difference, unadjusted"]


@pytest.mark.parametrize("model", MODELS)
def test_ads_have_the_credit_for_about_the_orders_that_they_caused(
    towns: list[dict[str, Estimate]], model: str
) -> None:
    credited = [town[f"orders by ads, {model}"] for town in towns]
    assert [estimate for estimate in credited if not estimate.holds] == []


def test_what_is_bought_at_once_after_an_ad_is_credited_to_it(
    towns: list[dict[str, Estimate]],
) -> None:
    assert all(town["orders at once after an ad, last"].holds for town in towns)


def test_counting_every_order_after_a_click_credits_ads_with_more(
    towns: list[dict[str, Estimate]],
) -> None:
    counted = [town["orders by ads, any within 7 days of a click"] for town in towns]
    assert sum(e.value for e in counted) > sum(e.recorded for e in counted)
