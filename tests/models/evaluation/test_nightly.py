"""Literal signals of several nights in, the first night of each out."""

from datetime import timedelta

import polars as pl

from models.evaluation.nightly import first_nights
from tests.models.evaluation.literal_subjects import DAY


def test_the_first_night_that_was_so_sure_counts() -> None:
    key = {"subject": "order", "subject_id": "o1", "event_date": DAY, "detector": "d"}
    nights = [
        pl.DataFrame([key | {"probability": sure, "flagged_on": DAY + timedelta(days=n)}])
        for n, sure in ((3, 0.9), (2, 0.9), (1, 0.5), (5, 0.9))
    ]
    assert first_nights(nights).select("probability", "flagged_on").rows() == [
        (0.5, DAY + timedelta(days=1)),
        (0.9, DAY + timedelta(days=2)),
    ]
