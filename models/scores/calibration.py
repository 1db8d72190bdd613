"""From scores of rows that a model has not seen to probabilities."""

from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.base import BaseEstimator
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

Floats = npt.NDArray[np.float64]

SIGMOID_SHARE: Final = 0.02  # of the whole: rows that isotonic steps tie keep their ranks
LEAST_SLOPE: Final = 1e-6  # a higher score is never less probable


class Calibration(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Isotonic when there are enough rows of both classes, else a sigmoid; strictly rising.

    The sigmoid is Platt's (1999) with his smoothed targets, so that a few rows which happen to be
    separable do not claim certainty.

    Args:
        isotonic_from: positives, and negatives, from which on isotonic regression is used.
    """

    def __init__(self, isotonic_from: int = 200) -> None:
        self.isotonic_from = isotonic_from

    def fit(
        self, scores: Floats, labels: npt.NDArray[np.bool_], sample_weight: Floats | None = None
    ) -> Self:
        """Learn from held-out scores (log odds, shape (n,)) and labels of both classes."""
        weight = np.ones(len(scores)) if sample_weight is None else sample_weight
        self._fit_sigmoid(scores, labels, weight)
        fewer = min(labels.sum(), (~labels).sum())
        self.method_ = "isotonic" if fewer >= self.isotonic_from else "sigmoid"
        if self.method_ == "isotonic":
            steps = IsotonicRegression(out_of_bounds="clip").fit(scores, labels, weight)
            self.knots_: Floats = steps.X_thresholds_
            self.levels_: Floats = steps.y_thresholds_
        return self

    def predict(self, scores: Floats) -> Floats:
        """Probabilities, in the order of the scores."""
        sigmoid: Floats = expit(self.slope_ * scores + self.intercept_)
        if self.method_ == "sigmoid":
            return sigmoid
        steps = np.interp(scores, self.knots_, self.levels_)
        mixed: Floats = (1 - SIGMOID_SHARE) * steps + SIGMOID_SHARE * sigmoid
        return mixed

    def _fit_sigmoid(self, scores: Floats, labels: npt.NDArray[np.bool_], weight: Floats) -> None:
        positives, negatives = weight[labels].sum(), weight[~labels].sum()
        target = np.where(labels, (positives + 1) / (positives + 2), 1 / (negatives + 2))
        both: Any = LogisticRegression(C=np.inf, solver="newton-cholesky").fit(
            np.concatenate([scores, scores])[:, None],
            np.repeat([1, 0], len(scores)),
            np.concatenate([weight * target, weight * (1 - target)]),
        )
        self.slope_ = max(float(both.coef_[0, 0]), LEAST_SLOPE)
        self.intercept_ = float(both.intercept_[0])
