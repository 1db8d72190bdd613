from pathlib import Path
from typing import get_args

import pytest

from platform_core.simulation.groups.errand_schema import NEEDS
from platform_core.simulation.groups.files import PACKAGED, GroupError, load
from platform_core.simulation.plan import Verb

NAMED_BY_THE_ISSUE = {
    "datacentre_click_bots",
    "device_farm_clicks",
    "hijacked_device_clicks",
    "rival_click_drain",
    "five_star_template",
    "five_star_rewritten",
    "one_star_bombing",
    "praise_for_rival",
    "brushed_same_buyers",
    "brushed_self_funded",
    "brushed_one_order",
    "engagement_pod",
    "follower_farm",
    "water_army",
    "coupon_farming",
    "aged_accounts_turn",
}
HARD_NEGATIVES = {
    "office_one_address",
    "campus_few_addresses",
    "carrier_few_addresses",
    "family_tablet",
    "viral_note",
    "fans_after_post",
    "flash_crowd",
    "group_buy_leader",
    "gift_buyers",
    "bargain_hunters",
    "deal_group_texts",
    "disclosed_seeding",
    "prolific_reviewers",
    "price_crawlers",
    "accessibility_clickers",
    "staff_test_orders",
    "new_user_wave",
    "reinstalled_phone",
}

FRAUD = """
about: Somebody pays for praise.
is_fraud: true
goal: rank
budget: {minor_per_1000: 1000, visit_costs_minor: 10}
beneficiary: {what: brand}
victim: {what: outsider, name: shoppers}
actors: {per_1000: 5, origin: new}
errand:
  steps:
    - {do: review, aim: {what: product}, stars: {5: 1}}
"""
HONEST = """
about: People who like something.
is_fraud: false
twin_of: [praise]
goal: none
beneficiary: {what: brand}
actors: {per_1000: 5, origin: ordinary}
errand:
  steps:
    - {do: review, aim: {what: product}, stars: {5: 1}}
"""


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


def refused(folder: Path, **files: str) -> str:
    with pytest.raises(GroupError) as refusal:
        load([write(folder, **files)])
    return str(refusal.value)


def test_every_kind_of_the_issue_has_a_file() -> None:
    groups = load()
    assert {g.id for g in groups if g.is_fraud} >= NAMED_BY_THE_ISSUE
    assert {g.id for g in groups if not g.is_fraud} >= HARD_NEGATIVES


def test_every_fraud_has_a_budget_a_goal_a_beneficiary_and_a_victim() -> None:
    frauds = [group for group in load() if group.is_fraud]
    assert all(g.budget and g.beneficiary and g.victim and g.goal != "none" for g in frauds)


def test_a_further_file_adds_a_kind(tmp_path: Path) -> None:
    groups = load([PACKAGED, write(tmp_path, praise=FRAUD) / "praise.yaml"])
    assert len(groups) == len(load()) + 1
    assert "praise" in {group.id for group in groups}


def test_a_folder_is_read_whole_and_twins_are_found(tmp_path: Path) -> None:
    groups = load([write(tmp_path, praise=FRAUD, lovers=HONEST)])
    assert [(g.id, g.twin_of) for g in groups] == [("lovers", ("praise",)), ("praise", ())]


def test_an_error_names_file_and_field(tmp_path: Path) -> None:
    message = refused(tmp_path, praise=FRAUD.replace("per_1000: 5", "per_1000: -5"))
    assert f"{tmp_path / 'praise.yaml'}: actors.per_1000: " in message


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("goal: rank", "gaol: rank", "gaol: Extra inputs are not permitted"),
        ("{do: review,", "{do: like,", "`like` is aimed at a note, not at a product"),
        (", stars: {5: 1}", "", "errand.steps.0: a review needs `stars`"),
        ("aim: {what: product}, ", "", "errand: steps.0: no step before it is aimed at a product"),
        ("victim: {what: outsider, name: shoppers}", "", "fraud has a budget"),
        ("name: shoppers", "name: ''", "victim: an outsider needs a name"),
        ("is_fraud: true", "is_fraud: true\nid: other", "id: leave it out"),
        ("is_fraud: true", "is_fraud: true\ntwin_of: [praise]", "only an honest group"),
        ("about:", "about: [", "no readable YAML"),
    ],
)
def test_what_makes_no_sense_is_explained(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert told in refused(tmp_path, praise=FRAUD.replace(old, new))


def test_a_twin_of_nothing_is_refused(tmp_path: Path) -> None:
    message = refused(tmp_path, lovers=HONEST)
    assert "lovers.yaml: twin_of: no fraud is called 'praise' (known: none)" in message


def test_a_kind_stands_in_one_file_only(tmp_path: Path) -> None:
    file = write(tmp_path, praise=FRAUD) / "praise.yaml"
    with pytest.raises(GroupError, match="'praise' stands in"):
        load([file, file])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(GroupError, match=r"nowhere\.yaml: there is no such file"):
        load([tmp_path / "nowhere.yaml"])


def test_every_verb_of_the_engine_knows_what_it_is_aimed_at() -> None:
    assert set(NEEDS) <= set(get_args(Verb))


def test_a_step_finds_its_aim_in_one_before(tmp_path: Path) -> None:
    steps = "[{do: read_note, aim: {what: note}}, {do: view_product}]"
    text = FRAUD[: FRAUD.index("  steps:")] + f"  steps: {steps}\n"
    message = refused(tmp_path, praise=text)
    assert "errand: steps.1: no step before it is aimed at a product" in message
