"""Encodings tell what others with the same key did, never the row's own label."""

import numpy as np
import polars as pl
import pytest

from models.scores.columns import BadColumns
from models.scores.label_encoding import LabelEncoding

RNG = np.random.default_rng(0)


def test_a_key_of_pure_noise_tells_nothing_of_the_label() -> None:
    found = []
    for _ in range(12):
        frame = pl.DataFrame({"user": RNG.integers(0, 800, 4_000)})
        labels = pl.Series(RNG.random(4_000) < 0.3)
        told = LabelEncoding([["user"]]).fit_transform(frame, labels)["user_log_odds"]
        found.append(np.corrcoef(told.to_numpy(), labels.to_numpy())[0, 1])
    assert abs(np.mean(found)) < 0.03


def test_a_group_is_told_nothing_of_itself() -> None:
    frame = pl.DataFrame({"shop": ["a"] * 50 + ["b"] * 50 + ["c", "d"] * 50})
    labels = pl.Series([True] * 50 + [False] * 150)
    encoding = LabelEncoding([["shop"]], folds=5)
    told = encoding.fit_transform(frame, labels, groups=frame["shop"])
    assert told[:50].n_unique() == 1
    assert told["shop_log_odds"][0] < encoding.transform(frame)["shop_log_odds"][0]


def test_later_rows_are_told_what_all_did_and_strangers_the_average() -> None:
    frame = pl.DataFrame({"app": ["x"] * 60 + ["y"] * 40, "os": [1, 2] * 50})
    labels = pl.Series([True] * 30 + [False] * 70)
    encoding = LabelEncoding([["app"], ["app", "os"]], strength=10).fit(frame, labels)
    later = pl.DataFrame({"os": [1, 9], "app": ["x", "z"]})
    told = encoding.transform(later)
    assert told.columns == ["app_log_odds", "app_os_log_odds"]
    assert told["app_log_odds"].to_list() == pytest.approx(
        [np.log((33 / 70) / (37 / 70)), np.log(0.3 / 0.7)]
    )


def test_the_order_of_rows_is_no_feature() -> None:
    frame = pl.DataFrame({"user": RNG.integers(0, 50, 500), "app": RNG.integers(0, 9, 500)})
    labels = pl.Series(RNG.random(500) < 0.3)
    shuffled = RNG.permutation(500)
    encoding = LabelEncoding([["app"]])
    one = encoding.fit_transform(frame, labels, frame["user"])
    other = encoding.fit_transform(frame[shuffled], labels[shuffled], frame["user"][shuffled])
    assert one[shuffled].equals(other)


def test_a_missing_key_is_named() -> None:
    with pytest.raises(BadColumns, match="missing columns: os"):
        LabelEncoding([["os"]]).fit(pl.DataFrame({"app": [1]}), pl.Series([True]))
