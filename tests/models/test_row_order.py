"""Neither the order of rows nor what ids are called tells anything, from raw rows to the score."""

from datetime import datetime

import numpy as np
import polars as pl
import pytest

from benchmarks.real import ott, talkingdata
from models.scores.ranking import Ranked


def clicks(rows: int = 3_000) -> pl.DataFrame:
    """Clicks of which those in some apps install; many share an instant and an address."""
    rng = np.random.default_rng(5)
    app = rng.integers(0, 12, rows)
    return pl.DataFrame(
        {
            "clicked_at": rng.integers(0, 1_500, rows) * 60,
            "ip": rng.integers(0, 200, rows),
            "app": app,
            "device": rng.integers(0, 3, rows),
            "os": rng.integers(0, 5, rows),
            "channel": rng.integers(0, 30, rows),
            "is_installed": rng.random(rows) < np.where(app < 3, 0.4, 0.03),
        }
    ).with_columns(clicked_at=datetime(2017, 11, 6) + pl.duration(seconds="clicked_at"))


def test_clicks_in_another_order_get_the_same_probabilities() -> None:
    rows = clicks()
    keys = pl.all().exclude("probability", "is_installed")
    one, other = (
        told.clicks.with_columns(probability=told.probability).sort(keys, "probability")
        for told in map(talkingdata.foretell, (rows, rows.sample(fraction=1, shuffle=True, seed=1)))
    )
    assert (one["probability"] == other["probability"]).all()


def test_clicks_with_other_ids_are_foretold_as_well() -> None:
    rows, rng = clicks(), np.random.default_rng(2)
    renamed = rows.with_columns(
        pl.Series(name, rng.permutation(1_000)[rows[name].to_numpy()])
        for name in ("ip", "app", "device", "os", "channel")
    )
    areas = [
        Ranked(told.probability, told.clicks["is_installed"].to_numpy()).area()
        for told in map(talkingdata.foretell, (rows, renamed))
    ]
    assert areas[0] > 0.7
    assert areas[0] == pytest.approx(areas[1], abs=0.02)


def test_the_order_of_reviews_changes_no_verdict() -> None:
    rng = np.random.default_rng(3)
    deceptive = rng.random(120) < 0.5
    words = np.where(deceptive[:, None], *rng.choice(list("abcdefghij"), (2, 120, 30)))
    leaning = [
        ("so lovely " if d else "the room ") + " ".join(w)
        for d, w in zip(deceptive, words, strict=True)
    ]
    reviews = pl.DataFrame(
        {
            "hotel": [f"hotel {n}" for n in rng.integers(0, 10, 120)],
            "text": leaning,
            "is_deceptive": deceptive,
        }
    )
    shuffled = rng.permutation(120)
    one = ott.judged_by_other_hotels(reviews, shuffle=0)
    other = ott.judged_by_other_hotels(reviews[shuffled], shuffle=0)
    assert (one == deceptive).mean() > 0.9
    assert (one[shuffled] == other).all()
