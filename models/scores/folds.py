"""Folds that keep a group together and do not depend on the order of rows."""

import numpy as np
import numpy.typing as npt


def stratified_folds(
    labels: npt.NDArray[np.bool_],
    groups: npt.NDArray[np.generic],
    folds: int,
    rng: np.random.Generator,
) -> npt.NDArray[np.int64]:
    """Each row's fold: groups shuffled, and dealt so that every fold gets positives.

    There are as many folds as asked for, or fewer, so that each and its rest hold both classes;
    a single one says that nothing can be held out.
    """
    names, member = np.unique(groups, return_inverse=True)
    positives = np.bincount(member, labels, len(names))
    negatives = np.bincount(member, ~labels, len(names))
    possible = min(folds, int((positives > 0).sum()), int((negatives > 0).sum()))
    dealt = np.lexsort((rng.random(len(names)), -positives))
    fold = np.empty(len(names), dtype=np.int64)
    fold[dealt] = np.arange(len(names)) % max(possible, 1)
    rows: npt.NDArray[np.int64] = fold[member]
    return rows
