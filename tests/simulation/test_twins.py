"""A fraud and its honest twins look alike by construction: same verbs, volumes of one order."""

import numpy as np
import polars as pl
import pytest

from platform_core.simulation.groups.files import Group, load
from tests.simulation.literal_town import Settled, lived, settled

GROUPS = load()
BY_ID = {group.id: group for group in GROUPS}
FRAUDS = [group for group in GROUPS if group.is_fraud]
ONE_ORDER = 5.0
LEAST_SHARED = 0.5
"""Of the verbs of either, those of both."""


def twins(fraud: Group) -> list[Group]:
    return [group for group in GROUPS if fraud.id in group.twin_of]


def verbs(group: Group) -> set[str]:
    return {step.do for step in group.errand.steps}


def shared(one: Group, other: Group) -> float:
    return len(verbs(one) & verbs(other)) / len(verbs(one) | verbs(other))


@pytest.fixture(scope="module")
def town() -> Settled:
    return settled(GROUPS, users=1500, days=40)


@pytest.fixture(scope="module")
def visits(town: Settled) -> pl.DataFrame:
    return lived(town)[0]


@pytest.fixture(scope="module")
def acts_a_day(town: Settled, visits: pl.DataFrame) -> dict[str, float]:
    """Errands of a group's active member on an active day."""
    counted = visits.group_by("cause", pl.col("started_at").dt.date(), "person").len()
    return dict(counted.group_by("cause").agg(pl.col("len").mean()).iter_rows())


@pytest.mark.parametrize("fraud", FRAUDS, ids=lambda group: group.id)
def test_every_fraud_has_a_twin_that_does_the_same(fraud: Group) -> None:
    assert max(shared(fraud, twin) for twin in twins(fraud)) >= LEAST_SHARED


@pytest.mark.parametrize("fraud", FRAUDS, ids=lambda group: group.id)
def test_members_of_fraud_and_twin_come_about_as_often(
    fraud: Group, acts_a_day: dict[str, float]
) -> None:
    alike = [twin.id for twin in twins(fraud) if shared(fraud, twin) >= LEAST_SHARED]
    ratios = [acts_a_day[fraud.id] / acts_a_day[twin] for twin in alike]
    assert min(abs(np.log(ratios))) <= np.log(2)


@pytest.mark.parametrize("fraud", FRAUDS, ids=lambda group: group.id)
def test_a_fraud_has_a_twin_of_the_same_order_of_volume(fraud: Group, town: Settled) -> None:
    errands = {r.group.id: int(r.counts.sum()) for r in town.recruits}
    alike = [twin.id for twin in twins(fraud) if shared(fraud, twin) >= LEAST_SHARED]
    ratios = [errands[fraud.id] / errands[twin] for twin in alike]
    assert min(abs(np.log(ratios))) <= np.log(ONE_ORDER)


@pytest.mark.parametrize("fraud", FRAUDS, ids=lambda group: group.id)
def test_the_same_step_takes_about_as_long(fraud: Group) -> None:
    theirs = {step.do: step.after_s for twin in twins(fraud) for step in twin.errand.steps}
    ratios = [step.after_s / theirs[step.do] for step in fraud.errand.steps if step.do in theirs]
    assert ratios
    assert max(max(ratio, 1 / ratio) for ratio in ratios) <= ONE_ORDER


def test_addresses_and_devices_are_shared_on_both_sides() -> None:
    for pool in ("carrier", "datacentre", "office", "household"):
        sides = {group.is_fraud for group in GROUPS if group.actors.network.pool == pool}
        assert sides == {True, False}, pool
    assert {group.is_fraud for group in GROUPS if group.actors.devices.accounts_each > 1} == {
        True,
        False,
    }


def test_copied_words_and_shared_cards_are_on_both_sides() -> None:
    copying = {
        group.is_fraud
        for group in GROUPS
        for step in group.errand.steps
        if step.wording.source == "template"
    }
    paying = {
        group.is_fraud
        for group in GROUPS
        for step in group.errand.steps
        if step.purchase.instrument == "shared"
    }
    assert copying == paying == {True, False}


def test_an_honest_share_of_accounts_outnumbers_the_made_ones(town: Settled) -> None:
    fraud = sum(
        r.members.size
        for r in town.recruits
        if r.group.is_fraud and r.group.actors.origin != "ordinary"
    )
    assert 0.04 <= fraud / town.people.frame.height <= 0.10
