"""Gradient boosting on named columns, whose score is a probability."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Self

import joblib  # type: ignore[import-untyped]
import numpy as np
import numpy.typing as npt
import polars as pl
import threadpoolctl  # type: ignore[import-untyped]
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.utils.validation import check_is_fitted

from models.scores.calibration import Calibration
from models.scores.columns import BadColumns, matrix, refuse_missing, varies
from models.scores.folds import stratified_folds

Floats = npt.NDArray[np.float64]
Labels = pl.Series | npt.NDArray[Any] | Sequence[bool | int | None]
Groups = pl.Series | npt.NDArray[Any] | Sequence[str | int]

BLOCK_ROWS: Final = 8_192  # of 40 columns stay in a core's cache while all trees pass over them


FEW_ROWS: Final = 20_000  # of which threads take longer to meet than one takes by itself


class Untrainable(ValueError):
    """There is nothing to learn from; the message says what is missing."""


class Booster(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Histogram gradient boosting with monotone columns, calibrated on held-out groups.

    Each fold is scored by a model of the others; the calibration is learned from those scores, the
    model from all rows. Neither the order of rows nor that of groups is a feature: rows are put
    into an order of their own before anything is learned.

    Args:
        monotone: columns whose rise may only raise (1) or lower (-1) the score.
        folds: into which groups are divided for the calibration.
        isotonic_from: see :class:`Calibration`.
        class_weight: "balanced" or None; the probabilities are those of unweighted rows.
        learning_rate, max_iter, max_leaf_nodes, min_samples_leaf, l2_regularization, max_features:
            as in scikit-learn's ``HistGradientBoostingClassifier``.

    Attributes:
        columns_: what is read of a frame, in this order.
        constant_columns_: what was passed, has one value, and is not read.
        notes_: statements about the training, for the model's card.
        booster_, calibration_: the model and what makes probabilities of its log odds.
    """

    def __init__(
        self,
        monotone: Mapping[str, int] | None = None,
        *,
        folds: int = 5,
        isotonic_from: int = 200,
        class_weight: str | None = None,
        learning_rate: float = 0.1,
        max_iter: int = 150,
        max_leaf_nodes: int = 15,
        min_samples_leaf: int = 20,
        l2_regularization: float = 1.0,
        max_features: float = 1.0,
        random_state: int = 0,
    ) -> None:
        self.monotone = monotone
        self.folds = folds
        self.isotonic_from = isotonic_from
        self.class_weight = class_weight
        self.learning_rate = learning_rate
        self.max_iter = max_iter
        self.max_leaf_nodes = max_leaf_nodes
        self.min_samples_leaf = min_samples_leaf
        self.l2_regularization = l2_regularization
        self.max_features = max_features
        self.random_state = random_state

    def fit(
        self,
        frame: pl.DataFrame,
        labels: Labels,
        groups: Groups | None = None,
        sample_weight: npt.NDArray[np.float64] | None = None,
    ) -> Self:
        """Learn from the rows that have a label; a row whose label is null is left out.

        Args:
            frame: features only, numeric or boolean; null is a value of its own.
            labels: one a row: true, false, or null for undecided.
            groups: one a row: rows of one group are held out together; None: each row its own.
            sample_weight: one a row: how many rows it stands for.

        Raises:
            Untrainable: no labels, one class, only constant columns, or no group to hold out.
            BadColumns: a column is no number or holds infinite values, or a monotone one is
                missing.
        """
        decided = _decided(frame, labels, groups, sample_weight)
        refuse_missing(frame, list(self.monotone or {}))
        self.feature_names_in_ = np.array(frame.columns, dtype=object)
        self.n_features_in_ = frame.width
        self.classes_ = np.array([False, True])
        values = matrix(decided, frame.columns)
        self._keep_varying(frame.columns, varies(values))
        values = np.ascontiguousarray(values[:, [c in self.columns_ for c in frame.columns]])
        outcome = decided[_LABEL].to_numpy()
        weight = None if sample_weight is None else decided[_WEIGHT].to_numpy()
        with _threads_for(len(values)):
            held_out = self._held_out(values, outcome, decided[_GROUP].to_numpy(), weight)
            self.booster_ = self._bare().fit(values, outcome, weight)
        self.calibration_ = Calibration(self.isotonic_from).fit(held_out, outcome, weight)
        self.notes_.append(f"calibrated by {self.calibration_.method_} on held-out groups")
        return self

    def decision_function(self, frame: pl.DataFrame) -> Floats:
        """Log odds before calibration, shape (rows,).

        Raises:
            BadColumns: a column is missing, is no number, or holds infinite values.
        """
        check_is_fitted(self)
        refuse_missing(frame, self.columns_)
        blocks = frame.select(self.columns_).iter_slices(BLOCK_ROWS) if frame.height else ()
        with ThreadPoolExecutor(joblib.cpu_count(), initializer=_one_thread) as pool:
            scores = list(pool.map(self._block_scores, blocks))
        return np.concatenate(scores) if scores else np.empty(0)

    def predict_proba(self, frame: pl.DataFrame) -> Floats:
        """Probabilities of false and true, shape (rows, 2); of no rows, no probabilities.

        Raises:
            BadColumns: a column is missing, is no number, or holds infinite values.
        """
        probability = self.probability(frame)
        return np.column_stack([1 - probability, probability])

    def probability(self, frame: pl.DataFrame) -> Floats:
        """Probabilities of true, shape (rows,); errors as of :meth:`predict_proba`."""
        return self.calibration_.predict(self.decision_function(frame))

    def predict(self, frame: pl.DataFrame) -> npt.NDArray[np.bool_]:
        """Whether true is the more probable, shape (rows,)."""
        return self.probability(frame) >= 0.5

    def _block_scores(self, block: pl.DataFrame) -> Floats:
        scores: Floats = self.booster_.decision_function(matrix(block, self.columns_))
        return scores

    def _keep_varying(self, columns: Sequence[str], kept: npt.NDArray[np.bool_]) -> None:
        self.columns_ = [c for c, keep in zip(columns, kept, strict=True) if keep]
        self.constant_columns_ = [c for c, keep in zip(columns, kept, strict=True) if not keep]
        self.notes_ = []
        if not self.columns_:
            raise Untrainable(f"every column has a single value: {', '.join(columns)}")
        if self.constant_columns_:
            self.notes_.append(f"dropped, constant: {', '.join(self.constant_columns_)}")

    def _held_out(
        self,
        values: Floats,
        outcome: npt.NDArray[np.bool_],
        groups: npt.NDArray[Any],
        weight: Floats | None,
    ) -> Floats:
        """Log odds of each row by a model that has not seen the row's group."""
        fold = stratified_folds(
            outcome, groups, self.folds, np.random.default_rng(self.random_state)
        )
        if not fold.any():
            raise Untrainable("all positives, or all negatives, are of one group: hold out which?")
        scores = np.empty(len(values))
        for number in range(fold.max() + 1):
            rest, held = fold != number, fold == number
            of_rest = None if weight is None else weight[rest]
            model = self._bare().fit(values[rest], outcome[rest], of_rest)
            scores[held] = model.decision_function(values[held])
        return scores

    def _bare(self) -> Any:
        signs = self.monotone or {}
        return HistGradientBoostingClassifier(
            monotonic_cst=[signs.get(column, 0) for column in self.columns_],
            class_weight=self.class_weight,
            learning_rate=self.learning_rate,
            max_iter=self.max_iter,
            max_leaf_nodes=self.max_leaf_nodes,
            min_samples_leaf=self.min_samples_leaf,
            l2_regularization=self.l2_regularization,
            max_features=self.max_features,
            early_stopping=False,  # its validation rows are not held out by group
            random_state=self.random_state,
        )


_LABEL, _GROUP, _WEIGHT = ".label", ".group", ".weight"


def _decided(
    frame: pl.DataFrame, labels: Labels, groups: Groups | None, weight: Floats | None
) -> pl.DataFrame:
    """Rows with a label, with label, group and weight, in an order that is their own."""
    rows = frame.with_columns(
        _series(_LABEL, labels, frame.height).cast(pl.Boolean),
        _series(_GROUP, np.arange(frame.height) if groups is None else groups, frame.height),
        _series(_WEIGHT, np.ones(frame.height) if weight is None else weight, frame.height),
    ).filter(pl.col(_LABEL).is_not_null())
    if not rows.height:
        raise Untrainable(f"no labels: none of {frame.height:,} rows has been decided")
    if rows[_LABEL].n_unique() == 1:
        only = "positive" if rows[_LABEL][0] else "negative"
        raise Untrainable(f"one class: all {rows.height:,} labels are {only}")
    if rows[_GROUP].null_count():
        raise BadColumns(f"{rows[_GROUP].null_count():,} rows with a label have no group")
    if groups is not None:
        return rows[rows.hash_rows().arg_sort()]
    in_order = rows[rows.drop(_GROUP).hash_rows().arg_sort()]
    return in_order.with_columns(pl.int_range(pl.len()).alias(_GROUP))


def _one_thread() -> None:
    """Blocks are scored side by side; threads that met after every tree would mostly wait."""
    threadpoolctl.threadpool_limits(1, user_api="openmp")


def _threads_for(rows: int) -> Any:
    return threadpoolctl.threadpool_limits(1 if rows < FEW_ROWS else None, user_api="openmp")


def _series(name: str, values: Any, rows: int) -> pl.Series:
    series = pl.Series(name, values)
    if len(series) != rows:
        raise ValueError(f"{len(series):,} {name[1:]}s for {rows:,} rows")
    return series
