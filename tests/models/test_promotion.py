"""A challenger is promoted only when it is surely better on later days."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from models.scores.booster import Booster
from models.scores.card import Card, Labels, data_sha256
from models.scores.promotion import UnfairComparison, challenge, compare
from models.scores.ranking import Ranked
from models.scores.store import Kept, ModelStore

RNG = np.random.default_rng(0)
LABELS = RNG.random(3_000) < 0.1
NOISY, SHARP = (LABELS + RNG.normal(0, spread, 3_000) for spread in (1.0, 0.4))


def test_metrics_are_scikit_learns_with_weights_and_ties() -> None:
    tied, weight = np.round(NOISY, 1), RNG.integers(0, 4, 3_000).astype(float)
    ranked = Ranked(tied, LABELS)
    for w in (None, weight):
        assert ranked.average_precision(w) == pytest.approx(
            average_precision_score(LABELS, tied, sample_weight=w)
        )
        assert ranked.area(w) == pytest.approx(roc_auc_score(LABELS, tied, sample_weight=w))


def test_a_sharper_score_wins_and_a_duller_one_does_not() -> None:
    won = compare(LABELS, NOISY, SHARP, resamples=200)
    assert won.is_better
    assert 0 < won.low < won.challenger - won.champion < won.high
    assert not compare(LABELS, SHARP, NOISY, resamples=200).is_better


def test_the_same_score_is_not_better() -> None:
    same = compare(LABELS, NOISY, NOISY, resamples=50)
    assert (same.low, same.high, same.is_better) == (0, 0, False)


def test_one_large_group_does_not_decide_alone() -> None:
    """What is better in 300 rows of one ring is, counted by ring, better once."""
    labels = np.array([True] * 300 + [True, False] * 150)
    better = np.array([1.0] * 300 + [0.5] * 300)
    groups = np.array([0] * 300 + list(range(1, 301)))
    even = np.full(600, 0.5)
    assert compare(labels, even, better, resamples=200).is_better
    assert not compare(labels, even, better, groups, resamples=200).is_better


@pytest.mark.parametrize(("label", "said"), [(False, "dismissed"), (True, "confirmed")])
def test_one_class_compares_nothing(label: bool, said: str) -> None:
    found = compare(np.full(5, label), np.zeros(5), np.ones(5))
    assert not found.is_better
    assert f"all 5 later labels are {said}; the champion stays" in found.statement
    assert "all 0 later labels" in compare(np.array([], bool), np.zeros(0), np.zeros(0)).statement


def rows(seed: int, noise: float) -> tuple[pl.DataFrame, pl.Series]:
    rng = np.random.default_rng(seed)
    labels = rng.random(1_500) < 0.2
    return pl.DataFrame({"x": labels + rng.normal(0, noise, 1_500)}), pl.Series(labels)


def kept(store: ModelStore, noise: float) -> Kept:
    frame, labels = rows(1, noise)
    card = Card(
        detector="false_reviews",
        purpose="a test",
        columns=["x"],
        trained_from=date(2026, 2, 1),
        trained_to=date(2026, 3, 1),
        labels=Labels(confirmed=1, dismissed=1, decided_by={}, selected_by={}),
        metrics={},
        data_sha256=data_sha256(frame),
    )
    return store.keep(Booster(max_iter=10).fit(frame, labels), card)


def test_the_first_model_must_beat_chance_and_the_next_the_first(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    dull, sharp = kept(store, 50), kept(store, 0.3)
    later, labels = rows(2, 0.3)
    days = pl.Series([date(2026, 3, 2)] * later.height)
    noise = later.with_columns(x=pl.lit(0.0))
    assert not challenge(store, sharp, noise, labels, days).is_better
    assert store.champion("false_reviews") is None
    assert challenge(store, sharp, later, labels, days).is_better
    assert not challenge(store, dull, later, labels, days).is_better
    champion = store.champion("false_reviews")
    assert champion is not None
    assert champion.version == sharp.version


def test_days_of_the_training_are_no_test(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    later, labels = rows(2, 0.3)
    days = pl.Series([date(2026, 3, 1)] * 2 + [date(2026, 3, 2)] * (later.height - 2))
    with pytest.raises(UnfairComparison, match=r"2 of 1,500 rows lie on or before 2026-03-01"):
        challenge(store, kept(store, 0.3), later, labels, days)
