"""Literal cases in; how whole their rings are, and how pure."""

import polars as pl
import pytest

from models.evaluation import rings
from tests.models.evaluation.literal_subjects import crowd, frame, fraud, signalled


def test_a_ring_is_whole_in_one_case_and_a_case_pure_of_others() -> None:
    rows = [fraud(n) for n in range(4)]
    said = pl.DataFrame(
        [
            *(signalled("a", row) for row in rows[:2]),
            signalled("b", rows[2]),
            signalled("a", crowd(9)),
        ]
    )
    (ring,) = rings.by_kind(frame(*rows), said)
    assert (ring.best.value, ring.any_case.value) == (0.5, 0.75)
    assert ring.purity.value == pytest.approx(3 / 4)
    assert ring.cases == 2
