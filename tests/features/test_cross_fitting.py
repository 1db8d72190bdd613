"""Encodings of labels never show a row its own label, nor its group's."""

import numpy as np
import polars as pl
import pytest

from features.cross_fitting import Array, cross_fitted, group_rates, grouped_folds


def test_rows_of_a_group_share_a_fold_and_folds_differ_by_one_group() -> None:
    groups = pl.Series([f"g{i % 10}" for i in range(100)])
    folds = grouped_folds(groups, 3, random_state=0)
    by_group = pl.DataFrame({"group": groups, "fold": folds}).unique()
    assert len(by_group) == 10
    assert sorted(by_group.group_by("fold").len()["len"]) == [3, 3, 4]


def test_folds_depend_on_the_state_not_on_the_order_of_rows() -> None:
    groups = pl.Series([f"g{i}" for i in range(50)])
    folds = grouped_folds(groups, 5, random_state=1)
    assert grouped_folds(groups.reverse(), 5, random_state=1).tolist() == folds[::-1].tolist()
    assert grouped_folds(groups, 5, random_state=2).tolist() != folds.tolist()


@pytest.mark.parametrize(("groups", "folds"), [(["a", "b"], 3), (["a", "b"], 1), ([], 2)])
def test_every_fold_needs_a_group(groups: list[str], folds: int) -> None:
    with pytest.raises(ValueError, match=f"{folds} folds of {len(groups)} groups"):
        grouped_folds(pl.Series(groups, dtype=pl.String), folds)


def test_a_row_is_encoded_from_other_folds_and_an_unlabelled_one_from_all() -> None:
    labels = np.array([1.0, 0.0, 0.0, np.nan])
    folds = np.array([0, 1, 1, 0])

    def sum_of_seen(seen: Array) -> Array:
        return np.full(len(seen), np.nansum(seen) + 10 * np.isfinite(seen).sum())

    assert cross_fitted(sum_of_seen, labels, folds).tolist() == [20, 11, 11, 31]


def test_encodings_of_several_columns_keep_their_shape() -> None:
    labels = np.array([1.0, 0.0, np.nan])
    encoded = cross_fitted(lambda seen: np.column_stack([seen, seen]), labels, np.array([0, 1, 1]))
    assert encoded.shape == (3, 2)
    assert np.isnan(encoded).all()


def test_a_labels_own_change_never_changes_its_groups_encoding() -> None:
    rng = np.random.default_rng(0)
    users, products = (pl.Series(rng.integers(0, n, 200).astype(str)) for n in (40, 5))
    labels = rng.integers(0, 2, 200).astype(float)
    folds = grouped_folds(users, 4, random_state=0)
    before = cross_fitted(group_rates(products), labels, folds)
    for user in users.unique()[:5]:
        own = (users == user).to_numpy()
        after = cross_fitted(group_rates(products), np.where(own, 1 - labels, labels), folds)
        assert after[own].tolist() == before[own].tolist()


def test_pure_noise_encodes_to_noise() -> None:
    rng = np.random.default_rng(0)
    groups = pl.Series(rng.integers(0, 300, 3000).astype(str))
    labels = rng.integers(0, 2, 3000).astype(float)
    rows = pl.Series(np.arange(3000))
    encoded = cross_fitted(group_rates(groups, 1), labels, grouped_folds(rows, 5, 0))
    naive = group_rates(groups, 1)(labels)
    assert abs(np.corrcoef(encoded, labels)[0, 1]) < 0.06
    assert np.corrcoef(naive, labels)[0, 1] > 0.25


def test_rates_of_small_groups_are_drawn_to_the_mean_of_all() -> None:
    labels = np.array([1, 1, 1, 0, np.nan, np.nan])
    rates = group_rates(pl.Series(["a", "a", "a", "b", "b", "new"]), strength=1)(labels)
    assert rates == pytest.approx([0.9375, 0.9375, 0.9375, 0.375, 0.375, 0.75])


def test_without_any_label_nothing_is_encoded() -> None:
    labels = np.full(3, np.nan)
    folds = np.array([0, 1, 2])
    assert np.isnan(cross_fitted(group_rates(pl.Series(["a", "a", "b"])), labels, folds)).all()
