"""Honest visits and notes of a day: who comes when, from where, and what they look for or write."""

import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from platform_core.simulation.people import creators, honest, network
from platform_core.simulation.people.origins import origins
from platform_core.simulation.people.people import Townspeople
from platform_core.simulation.people.rhythm import local_hours
from platform_core.simulation.plan import STEPS_SCHEMA, VISITS_SCHEMA
from platform_core.simulation.world.world import World
from tests.simulation.founded import inhabited

Town = tuple[World, Townspeople]


@pytest.fixture(scope="module")
def busy(world: World) -> Town:
    return inhabited(world, 5_000)


@pytest.fixture(scope="module")
def week(busy: Town) -> pl.DataFrame:
    """Visits of seven ordinary days."""
    return pl.concat(honest.visits(*busy, day, rng(busy, "visits", day)) for day in range(7))


def rng(town: Town, name: str, day: int) -> np.random.Generator:
    return town[0].plan.rng(name, day)


def test_visits_are_rows_of_the_schema_in_the_order_of_time(busy: Town) -> None:
    visits = honest.visits(*busy, 3, rng(busy, "visits", 3), first=1_000)
    assert visits.schema == VISITS_SCHEMA
    assert visits["visit"].to_list() == list(range(1_000, 1_000 + visits.height))
    assert visits["started_at"].is_sorted()
    world = busy[0]
    assert visits["started_at"].min() >= world.plan.day_starts_at(3)  # type: ignore[operator]
    assert visits["started_at"].max() < world.plan.day_starts_at(4)  # type: ignore[operator]


def test_the_same_draws_make_the_same_visits(busy: Town) -> None:
    once, again = (honest.visits(*busy, 3, rng(busy, "visits", 3)) for _ in range(2))
    assert once.equals(again)


def test_nobody_comes_before_they_have_joined(busy: Town, week: pl.DataFrame) -> None:
    joined = week.join(busy[1].frame.select("person", "joins_at"), on="person")
    assert (joined["started_at"] >= joined["joins_at"]).all()


def test_few_come_often_and_many_seldom(week: pl.DataFrame) -> None:
    a_person = week["person"].value_counts()["count"].sort(descending=True)
    share_of_top_tenth = a_person.head(500).sum() / a_person.sum()
    assert 0.35 < share_of_top_tenth < 0.65
    active_a_day = week.group_by(pl.col("started_at").dt.date()).agg(pl.col("person").n_unique())
    assert active_a_day["person"].is_between(1_000, 3_000).all()


def test_most_visits_begin_in_the_feed_and_about_a_sixth_in_search(week: pl.DataFrame) -> None:
    shares = dict(week["surface"].value_counts(normalize=True).iter_rows())
    assert 0.6 < shares["feed"] < 0.75
    assert 0.13 < shares["search"] < 0.2


def test_searches_have_words_and_topic_pages_a_topic(busy: Town, week: pl.DataFrame) -> None:
    asks = pl.col("surface").is_in(["search", "topic"])
    assert (week.filter(asks)["query"].str.len_chars() > 0).all()
    assert week.filter(~asks)["query"].is_null().all()
    assert set(week.filter(surface="topic")["query"]) <= set(busy[0].topics)


def test_people_open_the_topics_that_they_like(busy: Town, week: pl.DataFrame) -> None:
    world, town = busy
    opened = week.filter(surface="topic")
    topics = [world.topics.index(topic) for topic in opened["query"]]
    liking = town.interests[opened["person"].to_numpy(), topics]
    assert liking.mean() > 3 / len(world.topics)


def test_pages_are_asked_for_until_patience_ends(busy: Town, week: pl.DataFrame) -> None:
    assert week["pages"].min() == 1
    patience = busy[1].frame["patience"][week["person"]]
    patient = patience > patience.median()
    assert week.filter(patient)["pages"].mean() > 1.5 * week.filter(~patient)["pages"].mean()  # type: ignore[operator]


def test_addresses_are_home_office_or_carrier_by_the_hour(week: pl.DataFrame) -> None:
    kind = (
        week["ip"]
        .str.split(".")
        .list.first()
        .replace_strict({"10": "home", "172": "work", "100": "carrier"})
    )
    local = local_hours(week["started_at"].dt.replace_time_zone(None).to_numpy())
    at_work = (kind == "work").to_numpy()
    assert at_work[(local >= 10) & (local < 17)].mean() > 0.15
    assert at_work[(local >= 22) | (local < 6)].mean() < 0.03
    assert 0.25 < (kind == "carrier").mean() < 0.5  # type: ignore[operator]


def test_home_lines_get_new_addresses_within_their_block(busy: Town) -> None:
    rng_of_lines = np.random.default_rng(1)
    lines = network.home_addresses(np.zeros(2_000, np.int64), rng_of_lines)
    days = np.full(2_000, 20)
    later = network.leased(lines, days)
    assert 0.4 < (later != lines).mean() < 0.95
    np.testing.assert_array_equal(later >> 16, lines >> 16)
    np.testing.assert_array_equal(network.leased(lines, days * 0), lines)


def test_other_addresses_stay_what_they_are() -> None:
    machines = network.datacentre_addresses(50, np.random.default_rng(1))
    np.testing.assert_array_equal(network.leased(machines, np.full(50, 30)), machines)


def test_addresses_are_read_as_they_are_written() -> None:
    addresses = np.array([167772161, 3325256704], np.uint32)
    assert network.written(addresses).to_list() == ["10.0.0.1", "198.51.100.0"]
    np.testing.assert_array_equal(network.read(network.written(addresses)), addresses)


def test_a_person_without_carrier_addresses_acts_from_elsewhere(busy: Town) -> None:
    world, town = busy
    frame = town.frame.with_columns(
        mobile_ips=pl.lit([], pl.List(pl.String)), work_ip=pl.lit(None, pl.String)
    )
    noon = np.full(100, np.datetime64("2026-02-03T04:00:00", "us"))
    acting = origins(world.plan, frame, np.arange(100), noon, np.random.default_rng(2))
    assert acting["ip"].str.starts_with("10.").all()


def test_the_cause_of_an_account_is_that_of_its_visits(busy: Town) -> None:
    world, town = busy
    caused = town.frame.with_columns(
        cause=pl.when(pl.col("person") == 40).then(pl.lit("pod")).otherwise("cause"),
        visits_a_day=pl.when(pl.col("person") == 40).then(9.0).otherwise("visits_a_day"),
        joins_at=pl.lit(world.plan.day_starts_at(-1)),
    )
    people = Townspeople(caused, town.interests)
    visits = honest.visits(world, people, 2, rng(busy, "visits", 2))
    assert set(visits.filter(cause="pod")["person"]) == {40}
    assert set(visits.filter(person=40)["cause"]) == {"pod"}


def test_the_festival_brings_more_visits(busy: Town) -> None:
    world, town = busy
    festival_at = world.rhythm.festival_at
    assert festival_at is not None
    day = (festival_at - world.plan.starts_at).days + 1
    with_it = honest.visits(world, town, day, rng(busy, "visits", day)).height
    without = replace(world, rhythm=replace(world.rhythm, festival=None))
    assert with_it > 1.15 * honest.visits(without, town, day, rng(busy, "visits", day)).height


def test_notes_are_published_in_visits_of_creators(busy: Town) -> None:
    world, town = busy
    visits, steps = creators.notes_of_day(world, town, 4, rng(busy, "notes", 4), first=50)
    assert visits.schema == VISITS_SCHEMA
    assert steps.schema == STEPS_SCHEMA
    assert steps["visit"].to_list() == visits["visit"].to_list()
    assert visits["visit"][0] == 50
    assert town.frame["is_creator"][visits["person"]].all()
    assert 25 < visits.height < 120


def test_what_is_published_tells_all_that_the_engine_needs(busy: Town) -> None:
    _, steps = creators.notes_of_day(*busy, 5, rng(busy, "notes", 5))
    notes = [json.loads(text) for text in steps["text"]]
    named = {"title", "text", "topics", "place", "product_ids", "is_disclosed_ad"}
    assert all(set(note) == named | {"appeal", "pull"} for note in notes)
    assert all(set(note["topics"]) <= set(busy[0].topics) for note in notes)
    assert all((note["pull"] > 0) == bool(note["product_ids"]) for note in notes)


def test_few_notes_go_far(busy: Town) -> None:
    _, steps = creators.notes_before(*busy, rng(busy, "notes", 0))
    appeal = np.sort([json.loads(text)["appeal"] for text in steps["text"]])
    assert len(appeal) > 300
    assert 0.6 < np.mean(appeal) < 1.4
    assert appeal[-len(appeal) // 20 :].sum() > 0.18 * appeal.sum()
    assert np.median(appeal) < np.mean(appeal)


def test_a_creator_writes_about_few_topics(busy: Town) -> None:
    visits, steps = creators.notes_before(*busy, rng(busy, "notes", 0))
    topics = [json.loads(text)["topics"][0] for text in steps["text"]]
    of_creator = visits.select("person").with_columns(topic=pl.Series(topics))
    often = (
        of_creator.group_by("person")
        .agg(notes=pl.len(), most=pl.col("topic").mode().first().eq(pl.col("topic")).mean())
        .filter(pl.col("notes") >= 4)
    )
    assert often["most"].mean() > 0.5  # type: ignore[operator]


def test_before_the_run_nobody_browses(busy: Town) -> None:
    visits, _ = creators.notes_before(*busy, rng(busy, "notes", 0))
    assert (visits["pages"] == 0).all()
    assert visits["started_at"].max() < busy[0].plan.starts_at  # type: ignore[operator]


def test_the_brands_staff_publish_disclosed_notes_about_their_own_wares(busy: Town) -> None:
    world, town = busy
    visits, steps = creators.notes_before(world, town, rng(busy, "notes", 0))
    brand_of = dict(world.products.select("product_id", "brand").iter_rows())
    official = [
        (person, json.loads(text))
        for person, text in zip(visits["person"], steps["text"], strict=True)
        if person < 12
    ]
    assert len(official) > 10
    for person, note in official:
        assert note["is_disclosed_ad"]
        assert {brand_of[product] for product in note["product_ids"]} == {person}
