"""A text's score rests on its words and letters, not on its place among the texts."""

import numpy as np
import polars as pl
import pytest

from features.text_style import text_style
from models.scores.booster import Untrainable
from models.scores.text_score import TextScore

PAID = ("my husband and i loved this luxurious hotel", "really an amazing stay", "真的绝了姐妹们冲")
OWN = (
    "room 1204 faces the street (noisy)",
    "the tub was small, $15 for wifi",
    "床有点硬，早餐一般",
)


def texts(rows: int, seed: int = 0) -> tuple[pl.Series, pl.Series, pl.Series]:
    rng = np.random.default_rng(seed)
    labels = rng.random(rows) < 0.5
    drawn = rng.integers(0, 3, (rows, 2))
    told = [
        " ".join((PAID if y else OWN)[i] for i in d) for y, d in zip(labels, drawn, strict=True)
    ]
    return pl.Series(told), pl.Series(labels), pl.Series(rng.integers(0, 10, rows))


def test_what_was_learned_is_recognised_and_told_as_a_probability() -> None:
    told, labels, groups = texts(120)
    score = TextScore(folds=3).fit(told, labels, groups)
    later, answers, _ = texts(40, seed=1)
    assert (score.predict(later) == answers.to_numpy()).all()
    probability = score.predict_proba(later)[:, 1]
    assert ((probability > 0.5) == answers.to_numpy()).all()
    assert score.predict_proba(later.clear()).shape == (0, 2)


def test_the_order_of_texts_is_no_feature() -> None:
    told, labels, groups = texts(80)
    shuffled = np.random.default_rng(1).permutation(80)
    one = TextScore(folds=2).fit(told, labels, groups)
    other = TextScore(folds=2).fit(told[shuffled], labels[shuffled], groups[shuffled])
    assert (one.probability(told) == other.probability(told)).all()


def test_labels_of_one_class_are_refused() -> None:
    told, _, _ = texts(20)
    with pytest.raises(Untrainable, match="0 labelled texts are not of two classes"):
        TextScore().fit(told, pl.Series([None] * 20, dtype=pl.Boolean))
    with pytest.raises(Untrainable, match="20 labelled texts are not of two classes"):
        TextScore().fit(told, pl.Series([True] * 20))


def test_style_counts_what_is_written_in_both_languages() -> None:
    style = text_style(pl.Series(["I LOVE it!! You?", "真的很好，我会再来！", "", None]))
    english, chinese, empty, missing = style.iter_rows(named=True)
    assert (english["characters"], english["tokens"], english["sentences"]) == (16, 4, 2)
    assert english["exclamation_share"] == pytest.approx(2 / 16)
    assert english["self_share"] == english["addressing_share"] == pytest.approx(1 / 4)
    assert (chinese["tokens"], chinese["self_share"]) == (8, pytest.approx(1 / 8))
    assert empty == missing
    assert empty["upper_share"] is None
