"""Literal subjects of campaigns in; how much of each kind is found, and how soon."""

import numpy as np
import pytest

from models.evaluation import recall
from tests.models.evaluation.literal_subjects import KIND, crowd, found, frame, fraud


def test_recall_is_of_subjects_of_money_and_of_accounts() -> None:
    rows = frame(
        fraud(1, money_minor=300, **found()),
        fraud(2, money_minor=100),
        fraud(1, subject_id="o3", money_minor=0),
        fraud(4, is_aimed=False),
    )
    (kind,) = recall.by_kind(rows)
    assert kind.subjects.value == pytest.approx(1 / 3)
    assert kind.money.value == 0.75
    assert kind.accounts.value == 0.5
    assert (kind.campaigns, kind.count, kind.undetected) == (1, 3, 0)


def test_what_happens_before_the_first_night_that_notices_is_lost() -> None:
    rows = frame(
        fraud(1, after=0, money_minor=100),
        fraud(2, after=2, money_minor=200, **found(after=2)),
        fraud(3, after=5, money_minor=700, **found(after=5)),
    )
    (kind,) = recall.by_kind(rows)
    assert kind.lost_before.value == pytest.approx(0.3)
    assert kind.days_to_half == 6
    assert np.isnan(kind.days_to_nearly_all)


def test_a_campaign_that_nobody_notices_is_lost_whole() -> None:
    (kind,) = recall.by_kind(frame(fraud(1), fraud(2)))
    assert (kind.lost_before.value, kind.undetected) == (1.0, 1)


def test_the_share_found_grows_by_day() -> None:
    rows = frame(fraud(1, **found()), fraud(2, after=3, **found(after=3)), fraud(3), fraud(4))
    assert recall.by_day(rows).select("day", "share").rows() == [(1, 0.25), (4, 0.5)]


def test_the_lowest_score_with_a_precision_is_found() -> None:
    rows = frame(fraud(1, score=0.9), fraud(2, score=0.8), crowd(3, score=0.7), fraud(4, score=0.6))
    assert recall.at_precision(rows, 0.95) == (0.8, {KIND: pytest.approx(2 / 3)})
    assert recall.at_precision(rows, 0.70) == (0.6, {KIND: 1.0})
    assert recall.at_precision(frame(crowd(1, score=0.9)), 0.95) is None
