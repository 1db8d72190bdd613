"""How well numbers tell two sorts apart: literal scores in, areas out."""

import numpy as np
import polars as pl

from models.evaluation.intervals import UNKNOWN
from models.evaluation.separation import auc, telling, within_folds


def test_the_area_under_the_curve_counts_ties_half() -> None:
    assert auc(np.array([1.0, 2.0, 3.0]), np.array([False, True, True])) == 1.0
    assert auc(np.array([1.0, 1.0]), np.array([False, True])) == 0.5
    assert auc(np.array([np.nan, 1.0]), np.array([True, False])) == 0.0
    assert np.isnan(auc(np.array([1.0]), np.array([True])))


def test_pairs_are_of_one_fold() -> None:
    scores = np.array([9.0, 8.0, 1.0, 2.0])
    is_fraud = np.array([False, True, False, True])
    assert within_folds(scores, is_fraud, np.array([0, 0, 1, 1])) == 0.5


def test_too_few_accounts_tell_nothing() -> None:
    rows = pl.DataFrame({"group": [1], "is_fraud": [True], "place": ["a"], "x": [1.0]})
    assert telling(rows, ["x"], ["place"], 0) == UNKNOWN
