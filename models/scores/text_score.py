"""How likely a text is false, from its words and its letters; several plain views, averaged."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC
from sklearn.utils.validation import check_is_fitted

from models.scores.booster import Untrainable
from models.scores.calibration import Calibration
from models.scores.folds import stratified_folds

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Counts = Mapping[str, sparse.csr_matrix]

TOKEN: Final = r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+|[^\w\s]"  # a Chinese character is a word
TERMS: Final[Mapping[str, Mapping[str, Any]]] = {
    "words": {"ngram_range": (1, 2), "token_pattern": TOKEN, "min_df": 2},
    "letters_of_words": {
        "analyzer": "char_wb",
        "ngram_range": (2, 5),
        "min_df": 3,
        "lowercase": False,
    },
    "letters": {"analyzer": "char", "ngram_range": (3, 6), "min_df": 4},
}
VIEWS: Final = (
    (("words",), "idf"),
    (("words",), "log_count_ratio"),
    (("letters",), "idf"),
    (("letters",), "log_count_ratio"),
    (tuple(TERMS), "idf"),
)
"""Which terms a view reads, and how it weighs them: right by themselves in 88 to 90 of 100 of Ott's
reviews, and wrong in different ones."""


class TermSvm(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A linear support vector machine over weighted counts of terms.

    Args:
        names: of the kinds of terms that it reads.
        weighting: "idf": logarithmic counts by inverse document frequency; "log_count_ratio":
            presence by how much more frequent a term is in positives (Wang and Manning, 2012).
        cost: the machine's C.
    """

    def __init__(
        self,
        names: Sequence[str] = ("words",),
        weighting: str = "idf",
        cost: float = 1.0,
        random_state: int = 0,
    ) -> None:
        self.names = names
        self.weighting = weighting
        self.cost = cost
        self.random_state = random_state

    def fit(self, counts: Counts, labels: Bools) -> Self:
        """Learn weights of terms that occur in two texts, and the machine."""
        self.weights_ = {name: self._weights(counts[name], labels) for name in self.names}
        weighted = self._weighted(counts)
        self.svm_ = LinearSVC(C=self.cost, random_state=self.random_state).fit(weighted, labels)
        self.spread_ = float(self.svm_.decision_function(weighted).std()) or 1.0
        return self

    def decision_function(self, counts: Counts) -> Floats:
        """Distances from the boundary, in standard deviations of the training texts'."""
        distances: Floats = self.svm_.decision_function(self._weighted(counts)) / self.spread_
        return distances

    def _weights(self, counts: sparse.csr_matrix, labels: Bools) -> Floats:
        """Of each term; 0 of one that occurs in a single text."""
        documents = np.asarray((counts > 0).sum(axis=0)).ravel()
        if self.weighting == "idf":
            weights = np.log((1 + len(labels)) / (1 + documents)) + 1
        else:
            weights = _log_shares(counts[labels], documents) - _log_shares(
                counts[~labels], documents
            )
        return np.where(documents >= 2, weights, 0.0)

    def _weighted(self, counts: Counts) -> sparse.csr_matrix:
        kinds = [self._weighted_kind(counts[name], self.weights_[name]) for name in self.names]
        return kinds[0] if len(kinds) == 1 else normalize(sparse.hstack(kinds).tocsr())

    def _weighted_kind(self, counts: sparse.csr_matrix, weights: Floats) -> sparse.csr_matrix:
        terms = counts.astype(np.float64)
        terms.data = 1 + np.log(terms.data) if self.weighting == "idf" else np.ones_like(terms.data)
        return normalize(terms @ sparse.diags(weights)).tocsr()


class TextScore(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The mean of linear views of a text, calibrated on held-out groups.

    Args:
        folds: into which groups are divided for the calibration; 0: scores are not calibrated.
        cost: the machines' C.
    """

    def __init__(self, folds: int = 5, cost: float = 1.0, random_state: int = 0) -> None:
        self.folds = folds
        self.cost = cost
        self.random_state = random_state

    def fit(self, texts: pl.Series, labels: pl.Series, groups: pl.Series | None = None) -> Self:
        """Learn from labelled texts; neither their order nor that of groups is a feature.

        Raises:
            Untrainable: no labels, one class, or no group to hold out.
        """
        rows = pl.DataFrame({"text": texts.fill_null(""), "label": labels.cast(pl.Boolean)})
        if groups is not None:
            rows = rows.with_columns(groups.alias("group"))
        rows = rows.drop_nulls("label").sort(pl.all())
        outcome = rows["label"].to_numpy()
        if len(set(outcome)) < 2:
            raise Untrainable(f"{rows.height:,} labelled texts are not of two classes")
        self.classes_ = np.array([False, True])
        self.terms_ = {name: CountVectorizer(**options) for name, options in TERMS.items()}
        counts = {name: terms.fit_transform(rows["text"]) for name, terms in self.terms_.items()}
        if self.folds:
            names = rows["group"].to_numpy() if groups is not None else np.arange(rows.height)
            self.calibration_ = Calibration().fit(self._held_out(counts, outcome, names), outcome)
        self.views_ = self._views(counts, outcome)
        return self

    def decision_function(self, texts: pl.Series) -> Floats:
        """Mean distance from the views' boundaries; above 0 is more likely false than not."""
        check_is_fitted(self)
        if texts.is_empty():
            return np.empty(0)
        return _mean_distance(self.views_, self._counts(texts.fill_null("")))

    def probability(self, texts: pl.Series) -> Floats:
        """Probabilities that texts are false; needs ``folds``."""
        return self.calibration_.predict(self.decision_function(texts))

    def predict_proba(self, texts: pl.Series) -> Floats:
        """Probabilities of false and true, shape (texts, 2)."""
        probability = self.probability(texts)
        return np.column_stack([1 - probability, probability])

    def predict(self, texts: pl.Series) -> Bools:
        """Whether a text lies on the positive side of the views' mean."""
        return self.decision_function(texts) > 0

    def _counts(self, texts: pl.Series) -> Counts:
        return {name: terms.transform(texts) for name, terms in self.terms_.items()}

    def _views(self, counts: Counts, outcome: Bools) -> list[TermSvm]:
        return [
            TermSvm(names, weighting, self.cost, self.random_state).fit(counts, outcome)
            for names, weighting in VIEWS
        ]

    def _held_out(self, counts: Counts, outcome: Bools, groups: npt.NDArray[np.generic]) -> Floats:
        fold = stratified_folds(
            outcome, groups, self.folds, np.random.default_rng(self.random_state)
        )
        if not fold.any():
            raise Untrainable("all positives, or all negatives, are of one group: hold out which?")
        scores = np.empty(len(outcome))
        for number in range(fold.max() + 1):
            rest, held = fold != number, fold == number
            views = self._views({n: c[rest] for n, c in counts.items()}, outcome[rest])
            scores[held] = _mean_distance(views, {n: c[held] for n, c in counts.items()})
        return scores


def _mean_distance(views: Sequence[TermSvm], counts: Counts) -> Floats:
    distances: Floats = np.mean([view.decision_function(counts) for view in views], axis=0)
    return distances


def _log_shares(counts: sparse.csr_matrix, documents: npt.NDArray[np.int64]) -> Floats:
    """Smoothed, of each term's texts among those of all terms that occur in two."""
    counted = np.where(documents >= 2, np.asarray((counts > 0).sum(axis=0)).ravel() + 1.0, 0.0)
    shares: Floats = np.log(np.maximum(counted, 1.0) / counted.sum())
    return shares
