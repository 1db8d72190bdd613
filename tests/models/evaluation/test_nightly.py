"""Literal signals of several nights in, the first night of each out."""

from datetime import timedelta

import polars as pl

from models.evaluation.nightly import first_nights
from tests.models.evaluation.literal_subjects import DAY


def test_the_first_night_that_says_so_counts() -> None:
    key = {"subject": "order", "subject_id": "o1", "event_date": DAY, "detector": "d"}
    nights = [
        pl.DataFrame([key | {"probability": 0.9, "flagged_on": DAY + timedelta(days=n)}])
        for n in (3, 2, 5)
    ]
    assert first_nights(nights)["flagged_on"].to_list() == [DAY + timedelta(days=2)]
