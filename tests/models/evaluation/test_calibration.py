"""Literal scores in; how far they were from what became of their subjects."""

import pytest

from models.evaluation import calibration
from tests.models.evaluation.literal_subjects import crowd, frame, fraud, subject


def test_scores_are_held_against_what_became_of_them() -> None:
    rows = frame(fraud(1, score=0.8), crowd(2, score=0.8), subject(3), fraud(4))
    every, scored = calibration.brier(rows)
    assert every == pytest.approx((0.04 + 0.64 + 0 + 1) / 4)
    assert scored == pytest.approx(0.34)
    ((name, count, mean, real),) = calibration.reliability(rows)
    assert (name, count, mean, real.value) == ("0.7 to 0.8", 2, 0.8, 0.5)
