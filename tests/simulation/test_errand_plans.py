import json
from pathlib import Path

import polars as pl
import pytest

from platform_core.simulation.groups.files import PACKAGED, load
from platform_core.simulation.groups.parties import Parties
from platform_core.simulation.plan import STEPS_SCHEMA, VISITS_SCHEMA
from tests.simulation.literal_town import BRANDS, WARES, Settled, crews, lived, notes_of, settled

GROUPS = load()


@pytest.fixture(scope="module")
def town() -> Settled:
    return settled(GROUPS)


@pytest.fixture(scope="module")
def run(town: Settled) -> tuple[pl.DataFrame, pl.DataFrame]:
    return lived(town)


@pytest.fixture(scope="module")
def visits(run: tuple[pl.DataFrame, pl.DataFrame]) -> pl.DataFrame:
    return run[0]


@pytest.fixture(scope="module")
def steps(run: tuple[pl.DataFrame, pl.DataFrame]) -> pl.DataFrame:
    return run[1]


def parties(town: Settled, group_id: str) -> Parties:
    return next(crew.parties for crew in crews(town) if crew.id == group_id)


def options(orders: pl.DataFrame) -> list[dict[str, object]]:
    return [json.loads(text or "{}") for text in orders["text"]]


def of(steps: pl.DataFrame, cause: str, verb: str) -> pl.DataFrame:
    return steps.filter((pl.col("cause") == cause) & (pl.col("verb") == verb))


def test_visits_and_steps_are_rows_of_the_plan(visits: pl.DataFrame, steps: pl.DataFrame) -> None:
    assert visits.schema == VISITS_SCHEMA
    assert steps.select(STEPS_SCHEMA.names()).schema == STEPS_SCHEMA
    assert visits["visit"].to_list() == list(range(visits.height))
    assert visits.drop("query").null_count().sum_horizontal().item() == 0


def test_the_same_seed_plans_the_same_errands(
    town: Settled, visits: pl.DataFrame, steps: pl.DataFrame
) -> None:
    again = lived(town)
    assert again[0].equals(visits)
    assert again[1].equals(steps)


def test_groups_act_in_their_days_only(town: Settled, visits: pl.DataFrame) -> None:
    for recruits in town.recruits:
        when = visits.filter(pl.col("cause") == recruits.group.id)["started_at"]
        if not recruits.group.schedule.once:
            assert (when >= town.plan.day_starts_at(recruits.span.first)).all()
            assert (when < town.plan.day_starts_at(recruits.span.end)).all()


def test_nobody_acts_before_signing_up(town: Settled, visits: pl.DataFrame) -> None:
    joined = visits.join(town.people.frame.select("person", "joins_at"), on="person")
    assert joined.filter(pl.col("started_at") <= pl.col("joins_at")).is_empty()


def test_errands_end_when_the_budget_does(town: Settled) -> None:
    for recruits in town.recruits:
        budget = recruits.group.budget
        if budget:
            scale = recruits.members.size / recruits.group.actors.per_1000
            spent = int(recruits.counts.sum()) * budget.visit_costs_minor
            assert spent <= budget.minor_per_1000 * scale


def test_a_small_budget_is_cut_off() -> None:
    farm = next(group for group in GROUPS if group.id == "follower_farm")
    poor = farm.model_copy(
        update={"budget": farm.budget.model_copy(update={"minor_per_1000": 600})}  # type: ignore[union-attr]
    )
    rich, cut = (settled([group]).recruits[0].counts.sum() for group in (farm, poor))
    assert cut < rich
    assert cut * 60 <= 600 * 6 / 14


def test_those_who_act_once_act_once(visits: pl.DataFrame) -> None:
    once = visits.filter(pl.col("cause") == "brushed_one_order")
    assert once["person"].n_unique() == once.height


def test_a_flash_crowd_comes_within_minutes(visits: pl.DataFrame) -> None:
    crowd = visits.filter(pl.col("cause") == "flash_crowd")["started_at"]
    assert (crowd.max() - crowd.min()).total_seconds() <= 35 * 60  # type: ignore[operator]


def test_a_rival_is_of_the_same_trade(town: Settled) -> None:
    categories = {brand.brand_id: brand.category for brand in BRANDS}
    sides = parties(town, "one_star_bombing")
    assert sides.beneficiary is not None
    assert sides.victim is not None
    assert sides.beneficiary.id != sides.victim.id
    assert categories[sides.beneficiary.id or ""] == categories[sides.victim.id or ""]


def test_bombing_hits_few_products_of_the_rival_with_few_stars(
    town: Settled, steps: pl.DataFrame
) -> None:
    reviews = of(steps, "one_star_bombing", "review")
    victim = parties(town, "one_star_bombing").victim
    products = next(brand.products for brand in BRANDS if victim and brand.brand_id == victim.id)
    assert set(reviews["target"]) <= set(products)
    assert reviews["target"].n_unique() <= 4
    assert set(reviews["value"]) <= {1, 2}


def test_re_written_praise_rarely_repeats_and_a_template_does(steps: pl.DataFrame) -> None:
    template = of(steps, "five_star_template", "review")["text"]
    comments = of(steps, "engagement_pod", "comment")["text"]
    assert template.str.contains("很好用|次买").all()
    assert template.str.contains("货").all()
    assert comments.n_unique() > 0.3 * len(comments)


def test_brushed_parcels_are_empty_and_go_to_few_addresses(steps: pl.DataFrame) -> None:
    said = options(of(steps, "brushed_same_buyers", "order"))
    assert all(order["empty_parcel"] for order in said)
    assert len({order["ship_to"] for order in said}) <= 4


def test_self_funded_orders_share_a_card(steps: pl.DataFrame) -> None:
    said = options(of(steps, "brushed_self_funded", "order"))
    assert len({order["instrument"] for order in said}) <= 2


def test_group_buy_leaders_send_to_many_doors(steps: pl.DataFrame) -> None:
    said = options(of(steps, "group_buy_leader", "order"))
    assert len({order["ship_to"] for order in said}) == len(said)


def test_drainers_search_for_the_rival_and_click_its_ads(
    town: Settled, visits: pl.DataFrame, steps: pl.DataFrame
) -> None:
    number = (parties(town, "rival_click_drain").victim.id or "")[-1]  # type: ignore[union-attr]
    came = visits.filter(pl.col("cause") == "rival_click_drain")
    assert set(came["surface"]) == {"search"}
    assert set(came["query"]) == {f"词{number}"}
    assert set(of(steps, "rival_click_drain", "click_ad")["target"]) == {f"campaign_{number}"}


def test_farms_click_whatever_ad_stands_there(steps: pl.DataFrame) -> None:
    assert of(steps, "device_farm_clicks", "click_ad")["target"].null_count() > 0


def test_water_armies_hide_and_seeders_say_that_they_are_paid(steps: pl.DataFrame) -> None:
    said = {
        cause: [json.loads(text) for text in of(steps, cause, "publish_note")["text"]]
        for cause in ("water_army", "disclosed_seeding")
    }
    assert not any(note["is_disclosed_ad"] for note in said["water_army"])
    assert all(note["is_disclosed_ad"] for note in said["disclosed_seeding"])
    assert all(note["product_ids"][0] in WARES for notes in said.values() for note in notes)


def test_pod_members_read_each_other_and_never_themselves(
    town: Settled, steps: pl.DataFrame
) -> None:
    authors = dict(notes_of(town).select("note_id", "person").iter_rows())
    members = set(town.recruits_of("engagement_pod").members.tolist())
    read = of(steps, "engagement_pod", "read_note").select("person", "target")
    assert {authors[note] for _, note in read.iter_rows()} <= members
    assert all(authors[note] != person for person, note in read.iter_rows())


def test_no_target_is_met_twice_in_a_visit(steps: pl.DataFrame) -> None:
    liked = steps.filter(pl.col("verb") == "like")
    assert liked.select("visit", "target").is_unique().all()


def test_a_new_file_makes_a_new_kind_that_lives(tmp_path: Path) -> None:
    file = tmp_path / "topic_flood.yaml"
    file.write_text(
        """
about: Somebody floods a topic's page.
is_fraud: true
goal: rank
budget: {minor_per_1000: 90000, visit_costs_minor: 10}
beneficiary: {what: creator}
victim: {what: outsider, name: readers}
actors: {per_1000: 10, origin: new, joins: [0, 0]}
schedule: {starts: [0, 0], lasts: 1, visits_a_day: 1}
errand:
  surface: topic
  query: {what: topic}
  rounds: [2, 2]
  steps:
    - {do: read_note, aim: {what: note, whose: anyone}}
    - {do: hide}
""",
        encoding="utf-8",
    )
    groups = load([PACKAGED, file])
    flood = settled([group for group in groups if group.id == "topic_flood"])
    visits, steps = lived(flood)
    assert set(visits["cause"]) == {"topic_flood"}
    assert set(visits["query"]) <= {"护肤", "零食"}
    assert steps["verb"].to_list().count("hide") == steps["verb"].to_list().count("read_note") > 50
