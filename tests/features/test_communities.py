"""Communities: who stands near whom in a graph, and what their labels say."""

import numpy as np
import polars as pl
import pytest

from features.communities import nearest_rates, spectral_coordinates
from features.cross_fitting import cross_fitted, grouped_folds
from features.neighbours import Meetings, Ties

SIZE = 40


def two_circles(rng: np.random.Generator) -> pl.DataFrame:
    """Ties of people 0..39, nearly all within the halves."""
    ends = rng.integers(0, SIZE, (600, 2))
    within = (ends[:, 0] < SIZE // 2) == (ends[:, 1] < SIZE // 2)
    return pl.DataFrame(ends[within | (rng.random(600) < 0.05)], schema=["one", "other"])


PEOPLE = pl.Series(range(SIZE))
HALVES = np.arange(SIZE) < SIZE // 2


def test_a_division_parts_two_circles() -> None:
    walk = Ties(PEOPLE, two_circles(np.random.default_rng(0)))
    second = spectral_coordinates(walk, 2)["division_2"].to_numpy()
    assert ((second > 0) == HALVES).all() or ((second > 0) != HALVES).all()


def test_a_division_parts_those_who_meet_at_different_targets() -> None:
    rng = np.random.default_rng(0)
    visits = pl.DataFrame({"user": np.tile(PEOPLE, 5), "target": rng.integers(0, 8, SIZE * 5)})
    target = pl.col("target") + pl.when(pl.col("user") < SIZE // 2).then(0).otherwise(8)
    second = spectral_coordinates(Meetings(PEOPLE, visits.with_columns(target)), 2).to_numpy()
    apart = np.abs(second @ second.T)
    assert apart[HALVES][:, HALVES].mean() > 3 * apart[HALVES][:, ~HALVES].mean()


def test_neither_row_order_nor_ids_are_features() -> None:
    rng = np.random.default_rng(1)
    edges = two_circles(rng)
    before = spectral_coordinates(Ties(PEOPLE, edges), 5)
    names, order = rng.permutation(1000)[:SIZE], rng.permutation(SIZE)
    renamed = edges.select(pl.all().replace_strict(range(SIZE), names.tolist()))
    shuffled = renamed.sample(fraction=1, shuffle=True, seed=0)
    after = spectral_coordinates(Ties(pl.Series(names[order]), shuffled), 5)
    assert after.to_numpy() == pytest.approx(before.to_numpy()[order], abs=1e-8)


def test_a_label_is_told_by_those_near_by_never_by_itself() -> None:
    coordinates = spectral_coordinates(Ties(PEOPLE, two_circles(np.random.default_rng(0))), 3)
    labels = np.where(np.arange(SIZE) % 4 == 0, np.nan, HALVES.astype(float))
    folds = grouped_folds(PEOPLE, 4, random_state=0)
    rates = cross_fitted(nearest_rates(coordinates, (3,)), labels, folds)[:, 0]
    assert ((rates > 0.5) == HALVES).all()
    labels[1] = 0
    assert cross_fitted(nearest_rates(coordinates, (3,)), labels, folds)[1] == rates[1]


def test_fewer_labels_than_asked_for_are_all_asked() -> None:
    points = pl.DataFrame({"division_1": [1.0, 0.0, -3.0], "division_2": [0.0, 1.0, 0.5]})
    encode = nearest_rates(points, (1, 50))
    assert encode(np.array([1, 0, np.nan])).tolist() == [[1, 0.5], [0, 0.5], [0, 0.5]]
    assert encode(np.full(3, np.nan)).shape == (3, 2)


@pytest.mark.parametrize("people", [0, 1, 2, 30])
def test_without_ties_there_are_no_divisions(people: int) -> None:
    nobody = pl.DataFrame(schema={"one": pl.Int64, "other": pl.Int64})
    assert spectral_coordinates(Ties(pl.Series(range(people), dtype=pl.Int64), nobody)).width == 0


def test_who_has_no_ties_stands_at_zero() -> None:
    walk = Ties(pl.Series(range(SIZE + 1)), two_circles(np.random.default_rng(0)))
    assert np.abs(spectral_coordinates(walk, 3)[-1].to_numpy()).max() < 1e-9
