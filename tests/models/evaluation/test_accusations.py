"""Literal subjects in; who is accused, how many of them wrongly, and by which detector."""

import numpy as np
import polars as pl
import pytest

from models.evaluation import accusations
from tests.models.evaluation.literal_subjects import (
    KIND,
    crowd,
    found,
    frame,
    fraud,
    signalled,
    subject,
)


def test_precision_counts_what_is_flagged() -> None:
    rows = frame(fraud(1, **found()), crowd(2, **found()), fraud(3), subject(4))
    assert accusations.precision(rows).value == 0.5


def test_people_of_a_crowd_are_accused_once_whatever_is_flagged_of_them() -> None:
    rows = frame(
        crowd(1, **found()),
        crowd(1, subject_id="again", **found()),
        crowd(2),
        subject(3, **found() | {"is_only_givt": True}),
        subject(4),
    )
    crowds = {c.name: c for c in accusations.by_crowd(rows)}
    assert (crowds["flash_crowd"].accused, crowds["flash_crowd"].people.units) == (1, 2)
    assert crowds["flash_crowd"].flagged == 2
    assert crowds["ordinary"].only_givt == 1
    assert list(crowds) == ["flash_crowd", "ordinary"]


def test_who_does_fraud_is_not_an_honest_person_otherwise() -> None:
    rows = frame(fraud(1), subject(1, subject_id="other", **found()), subject(2))
    (ordinary,) = accusations.by_crowd(rows)
    assert (ordinary.accused, ordinary.people.units) == (0, 1)


def test_a_victim_is_accused_by_own_acts_only() -> None:
    hijacked = {"is_victim": True, "actor_id": "v"}
    rows = frame(fraud(1, **hijacked, **found()), crowd(2, KIND, **hijacked))
    assert accusations.victims(rows).accused == 0
    accused = rows.with_columns(is_flagged=pl.lit(True), is_only_givt=pl.lit(False))
    assert accusations.victims(accused).accused == 1


def test_accusations_are_told_by_group() -> None:
    rows = frame(subject(1, is_new=True, **found()), subject(2), subject(3, city_tier=5))
    told = {(title, of.name): of.accused for title, of in accusations.by_group(rows)}
    assert told[("account", "new (two weeks)")] == 1
    assert told[("account", "older")] == 0
    assert told[("city tier", "5")] == 0


def test_precision_falls_with_the_base_rate() -> None:
    assert accusations.reweighed(0.9, 0.001, 0.5) == pytest.approx(0.9989, abs=1e-4)
    assert accusations.reweighed(0.9, 0.001, 0.001) == pytest.approx(0.4739, abs=1e-4)
    assert np.isnan(accusations.reweighed(0.0, 0.0, 0.1))


def test_reviewers_take_the_surest_cases_of_a_night_first() -> None:
    said = pl.DataFrame(
        [
            *(signalled("ring", fraud(n)) for n in range(6)),
            *(signalled(f"lone{n}", crowd(n)) for n in range(9)),
        ]
    )
    told = {capacity: right for capacity, right, _ in accusations.at_capacity(said)}
    assert told[5].value == pytest.approx(1 / 5)
    assert told[10].value == pytest.approx(1 / 10)


def test_a_detector_in_the_shadow_is_judged_beside_the_live() -> None:
    said = frame(
        signalled("a", fraud(1)), signalled("a", crowd(2)), signalled("b", fraud(3), state="shadow")
    )
    told = [
        (d.state, d.flagged, d.precision.value, d.kinds, d.wrongly)
        for d in accusations.by_detector(said)
    ]
    assert told == [("live", 2, 0.5, KIND, "flash_crowd 1"), ("shadow", 1, 1.0, KIND, "")]
