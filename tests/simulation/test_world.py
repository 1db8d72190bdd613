"""The founded town: everything in it was made through the services, and stands in the platform."""

import json
from datetime import timedelta
from pathlib import Path

import polars as pl
import sqlalchemy as sa

from platform_core.brands import brand
from platform_core.catalog import product
from platform_core.database import connect, reading
from platform_core.ledger import balances
from platform_core.notes import note
from platform_core.simulation.plan import NOTES_SCHEMA
from platform_core.simulation.words.vocabulary import vocabulary
from platform_core.simulation.world.world import World
from platform_core.tables.outbox import outbox
from platform_core.users import user
from tests.simulation.founded import found


def lines(engine: sa.Engine) -> list[str]:
    with reading(engine) as connection:
        told = sa.select(outbox.c.line).order_by(outbox.c.position)
        return list(connection.execute(told).scalars())


def test_every_brand_is_certified_and_sells_about_fifteen_products(
    town: sa.Engine, world: World
) -> None:
    assert world.brands.height == 12
    assert {brand(town, b).status for b in world.brands["brand_id"]} == {"certified"}
    sold = world.products.group_by("brand_id").len()
    assert sold["len"].min() == sold["len"].max() == 15


def test_products_stand_in_the_catalog_with_the_names_and_prices_that_the_town_knows(
    town: sa.Engine, world: World
) -> None:
    for known in world.products.sample(10, seed=1).iter_rows(named=True):
        listed = product(town, known["product_id"])
        assert (listed.name, listed.category) == (known["name"], known["category"])
        assert listed.price_minor == known["price_minor"]


def test_every_product_has_variants_in_stock(town: sa.Engine, world: World) -> None:
    variants = world.skus.group_by("product_id").len()
    assert set(variants["product_id"]) == set(world.products["product_id"])
    assert variants["len"].is_between(2, 4).all()
    with reading(town) as connection:
        least = connection.scalar(sa.text("SELECT min(on_hand) FROM stock"))
    assert least is not None
    assert least >= 12


def test_prices_follow_the_kind_and_the_brands_level(world: World) -> None:
    usual = {
        kind: facts["price"] * 100
        for category in vocabulary("categories").values()
        for kind, facts in category["kinds"].items()
    }
    relative = world.products["price_minor"] / world.products["kind"].replace_strict(usual)
    assert relative.is_between(0.4, 2.5).all()
    by_brand = world.products.with_columns(relative=relative).group_by("brand").agg("relative")
    means = dict(by_brand.select("brand", pl.col("relative").list.mean()).iter_rows())
    assert means[0] > means[1]  # of two rivals in skincare, the first is the dearer one


def test_two_brands_of_a_category_are_rivals(world: World) -> None:
    brands = world.brands_at(world.plan.starts_at)
    of_category = [b.category for b in brands]
    assert sum(of_category.count(category) > 1 for category in of_category) >= 6


def test_the_staff_are_the_first_persons_and_have_signed_up(town: sa.Engine, world: World) -> None:
    assert world.staff.frame["person"].to_list() == list(range(12))
    assert user(town, world.staff.frame["user_id"][3]).status == "active"


def test_the_brands_first_notes_are_published_and_disclosed(town: sa.Engine, world: World) -> None:
    assert world.notes.schema == NOTES_SCHEMA
    standing = [note(town, note_id) for note_id in world.notes["note_id"]]
    assert {n.status for n in standing} == {"published"}
    assert all(n.is_disclosed_ad and n.products for n in standing)


def test_advertisers_have_a_feed_and_a_search_campaign_over_their_own_notes(world: World) -> None:
    campaigns = world.campaigns
    assert campaigns["placement"].value_counts(sort=True)["count"].to_list() == [9, 9]
    assert campaigns["daily_budget_minor"].min() > 0  # type: ignore[operator]
    assert campaigns.filter(placement="search")["keywords"].list.len().min() >= 3  # type: ignore[operator]
    assert set(campaigns.explode("note_ids")["note_ids"]) <= set(world.notes["note_id"])


def test_the_books_balance_and_hold_the_advertisers_money(town: sa.Engine, world: World) -> None:
    with reading(town) as connection:
        held = balances(connection)
    assert sum(held.values()) == 0
    assert len([account for account in held if account.startswith("advertiser:")]) == 9


def test_coupons_run_before_the_festival_and_full_reductions_within_it(world: World) -> None:
    festival_at = world.rhythm.festival_at
    assert festival_at is not None
    early = world.brands_at(festival_at - timedelta(days=2))
    assert {len(b.coupons) for b in early} == {2}
    assert {len(b.coupons) for b in world.brands_at(world.plan.starts_at)} == {1}
    reductions = world.offers.filter(kind="full_reduction")
    assert set(reductions["starts_at"]) == {festival_at}


def test_nothing_is_told_of_a_time_within_the_run(town: sa.Engine, world: World) -> None:
    times = [json.loads(line)["time"] for line in lines(town)]
    assert max(times) < world.plan.starts_at.isoformat()
    assert min(times) >= world.plan.day_starts_at(-14).isoformat()[:10]


def test_the_same_seed_founds_the_same_town(town: sa.Engine, world: World, tmp_path: Path) -> None:
    again = connect(f"sqlite:///{tmp_path / 'again.db'}")
    other = found(again)
    assert lines(again) == lines(town)
    assert other.products.equals(world.products)
    again.dispose()
