"""Tells, twins and ceilings are found where they were planted, and nowhere else."""

import numpy as np
import polars as pl
import pytest

from models.evaluation import controls
from models.evaluation.forms import FORM
from models.evaluation.subjects import SUBJECTS
from tests.models.evaluation.literal_subjects import DAY, KIND, crowd, found, frame, subject


def forms(rng: np.random.Generator, planted: bool) -> pl.DataFrame:
    """Events of 80 accounts in one hour, of which half are fraud."""
    count = 800
    group = np.arange(count) % 80
    shape = {name: rng.integers(0, 10, count).astype(float) for name in FORM}
    rows = pl.DataFrame({"town": "one", "type": "note.read", "hour": "08", "group": group, **shape})
    rows = rows.with_columns(is_fraud=pl.col("group") < 40)
    if planted:
        rows = rows.with_columns(last_digit=pl.when("is_fraud").then(0.0).otherwise("last_digit"))
    return rows


@pytest.mark.parametrize("planted", [False, True])
def test_a_tell_is_found_where_there_is_one(planted: bool) -> None:
    found = controls.tell(forms(np.random.default_rng(5), planted))
    assert (0.5 in found) is not planted


def test_it_is_said_which_part_of_the_form_tells() -> None:
    found = dict(controls.tell_by_part(forms(np.random.default_rng(5), planted=True)))
    assert {part for part, area in found.items() if area.low > 0.6} == {"digits of time"}


def conduct(rng: np.random.Generator) -> pl.DataFrame:
    """Orders of two towns: 60 frauds, their 60 twins, and 600 ordinary, with two numbers."""
    rows = []
    for number in range(720):
        is_fraud, is_twin = number < 60, 60 <= number < 120
        kind = KIND if is_fraud else "flash_crowd" if is_twin else None
        rows.append(
            {
                "town": f"town{number % 2}",
                "subject_id": f"o{number}",
                "event_date": DAY,
                "loud": float(is_fraud) + rng.normal() / 10,
                "noise": rng.normal(),
                "empty": None,
                "is_fraud": is_fraud,
                "is_aimed": is_fraud,
                "kind": kind,
                "cause": kind,
                "unit": f"town{number % 2}/{kind}",
                "group": f"u{number}",
            }
        )
    return pl.DataFrame(rows, schema_overrides={"empty": pl.Float32, "kind": pl.String})


def test_the_number_that_gives_a_fraud_away_beside_its_twin_is_named() -> None:
    planted = pl.DataFrame(
        {"kind": ["flash_crowd", KIND], "is_fraud": [False, True], "twin_of": [[KIND], []]}
    )
    known = {name: pl.DataFrame() for name in SUBJECTS} | {
        "order": conduct(np.random.default_rng(1))
    }
    (twin,) = controls.twins(known, planted)
    assert (twin.kind, twin.crowd, twin.feature) == (KIND, "flash_crowd", "loud")
    assert twin.area.value > 0.99


def test_the_ceiling_is_high_where_numbers_tell_and_permuted_labels_are_not_found() -> None:
    known = {"order": conduct(np.random.default_rng(1))}
    (top,) = controls.ceilings(known)
    assert top.area > 0.99
    assert top.recall.value > 0.9
    ((name, area),) = controls.permuted(known)
    assert name == "order"
    assert 0.5 in area


def test_few_of_the_honest_lie_above_the_ceilings_threshold() -> None:
    assert controls.least_score(np.arange(10_000.0)) == 9_995.0
    assert controls.least_score(np.array([np.nan])) == np.inf


def test_scores_of_two_models_are_not_held_to_one_bar() -> None:
    scores = np.array([0.1, 0.2, 1.0, 7.1, 7.2, 8.0])
    is_fraud = np.array([False, False, True, False, False, True])
    fold = np.array([0, 0, 0, 1, 1, 1])
    units = pl.Series(["a", "b", "c", "d", "e", "f"])
    assert controls.recall_at(scores, is_fraud, fold, units).value == 1


def test_accounts_that_do_nothing_are_compared_with_their_neighbours() -> None:
    rows = frame(crowd(1, is_idle=True, **found()), crowd(2, is_idle=True), subject(3))
    planted, beside = controls.idle(rows)
    assert (planted.value, beside.value) == (0.5, 0.0)
