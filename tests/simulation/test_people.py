"""Who lives in the town: shares within published ranges, and large differences between people."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from platform_core.simulation.people import people
from platform_core.simulation.people.people import Townspeople, chosen_interests
from platform_core.simulation.plan import PEOPLE_SCHEMA
from platform_core.simulation.world.world import World
from tests.simulation.founded import inhabited


@pytest.fixture(scope="module")
def many(world: World) -> Townspeople:
    return inhabited(world, 5_000)[1]


def gini(values: pl.Series) -> float:
    """0: everybody has the same; 1: one has all."""
    ranked = np.sort(values.to_numpy().astype(float))
    ranks = np.arange(1, ranked.size + 1)
    return float((2 * ranks - ranked.size - 1) @ ranked / (ranked.size * ranked.sum()))


def test_people_are_rows_of_the_schema_numbered_after_the_staff(many: Townspeople) -> None:
    assert many.frame.schema == PEOPLE_SCHEMA
    assert many.frame["person"].to_list() == list(range(5_012))
    assert many.frame["user_id"].is_not_null().to_list() == [True] * 12 + [False] * 5_000
    assert many.frame["cause"].is_null().all()


def test_the_same_seed_draws_the_same_people(world: World, many: Townspeople) -> None:
    _, again = inhabited(world, 5_000)
    assert again.frame.equals(many.frame)
    np.testing.assert_array_equal(again.interests, many.interests)


def test_another_seed_draws_others(world: World, many: Townspeople) -> None:
    elsewhere = replace(world, plan=replace(world.plan, seed=8))
    _, others = inhabited(elsewhere, 5_000)
    assert not others.frame["city"].equals(many.frame["city"])


def test_visits_are_heavy_tailed(many: Townspeople) -> None:
    rates = many.frame["visits_a_day"].tail(5_000)
    top = rates.sort(descending=True).head(500).sum()
    assert 0.3 < top / rates.sum() < 0.55
    assert 0.4 < gini(rates) < 0.6


def test_income_and_price_sense_go_against_each_other(many: Townspeople) -> None:
    correlation = np.corrcoef(np.log(many.frame["income"]), many.frame["price_sense"])[0, 1]
    assert correlation < -0.3
    assert 0.85 < many.frame["income"].median() < 1.15  # type: ignore[operator]


def test_larger_cities_earn_more(many: Townspeople) -> None:
    by_tier = many.frame.group_by("city_tier").agg(pl.col("income").median()).sort("city_tier")
    assert by_tier["income"][0] > 1.3 * by_tier["income"][4]


def test_shares_of_women_cities_and_creators_are_as_published(many: Townspeople) -> None:
    shares = many.frame.tail(5_000).select(
        women=(pl.col("gender") == "female").mean(),
        large_cities=(pl.col("city_tier") <= 2).mean(),
        creators=pl.col("is_creator").mean(),
    )
    women, large_cities, creators = shares.row(0)
    assert 0.67 < women < 0.73
    assert 0.5 < large_cities < 0.72
    assert 0.05 < creators < 0.07


def test_a_household_shares_its_city_and_its_address(many: Townspeople) -> None:
    homes = many.frame.group_by("household").agg(pl.col("city", "home_ip").n_unique(), pl.len())
    assert (homes["city"] == 1).all()
    assert (homes["home_ip"] == 1).all()
    together = homes.filter(pl.col("len") > 1)["len"].sum()
    assert 0.25 < together / many.frame.height < 0.5


def test_a_workplace_is_behind_one_address_and_some_are_large(many: Townspeople) -> None:
    working = many.frame.drop_nulls("workplace")
    assert (working.group_by("workplace").agg(pl.col("work_ip").n_unique())["work_ip"] == 1).all()
    assert working["workplace"].value_counts()["count"].max() > 40  # type: ignore[operator]


def test_few_carrier_addresses_serve_many_phones(many: Townspeople) -> None:
    addresses = many.frame.explode("mobile_ips")["mobile_ips"]
    assert addresses.n_unique() < 700
    assert many.frame["mobile_ips"].list.len().min() == 6


def test_everybody_has_a_phone_and_some_households_share_a_second_device(
    many: Townspeople,
) -> None:
    assert many.frame["devices"].list.len().min() == 1
    owned = many.frame.select("household", "devices").explode("devices").unnest("devices")
    owners = owned.group_by("device_id").agg(pl.len(), pl.col("household").n_unique())
    assert (owners["household"] == 1).all()
    assert owners.filter(pl.col("len") > 1).height > 100


def test_interests_are_shares_of_few_topics(many: Townspeople, world: World) -> None:
    np.testing.assert_allclose(many.interests.sum(axis=1), 1.0)
    assert 0.25 < many.interests.max(axis=1).mean() < 0.45
    chosen = chosen_interests(many.interests, world.topics)
    assert min(map(len, chosen)) >= 1
    assert 2 < np.mean([len(topics) for topics in chosen]) < 4


def test_most_people_are_there_when_the_run_begins(many: Townspeople, world: World) -> None:
    early = (many.frame["joins_at"] < world.plan.starts_at).mean()
    assert 0.79 < early < 0.86  # type: ignore[operator]
    assert many.frame["joins_at"].max() < world.plan.day_starts_at(world.plan.days)  # type: ignore[operator]


def test_further_people_are_numbered_after_those_who_are_there(
    world: World, many: Townspeople
) -> None:
    joins_at = np.full(50, np.datetime64("2026-02-10T12:00:00", "us"))
    rng = np.random.default_rng(3)
    further = people.draw(world.plan, 50, rng, joins_at=joins_at, after=many.frame)
    both = people.joined(many, further)
    assert both.frame["person"].to_list() == list(range(5_062))
    assert further.frame["household"].min() > many.frame["household"].max()  # type: ignore[operator]
    assert further.frame["workplace"].min() > many.frame["workplace"].max()  # type: ignore[operator]
    assert both.interests.shape == (5_062, len(world.topics))
