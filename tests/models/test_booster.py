"""A booster's score is a probability, depends on named columns only, and says what it cannot do."""

import numpy as np
import polars as pl
import pytest
from sklearn.base import clone

from models.scores.booster import Booster, Untrainable
from models.scores.calibration import Calibration
from models.scores.columns import BadColumns

FAST = {"max_iter": 30, "max_leaf_nodes": 7}


def accounts(rows: int = 2_000, seed: int = 0) -> tuple[pl.DataFrame, pl.Series, pl.Series]:
    """Features, labels and groups; what is false has short gaps and many likes."""
    rng = np.random.default_rng(seed)
    gaps, likes, city = rng.exponential(60, rows), rng.poisson(3, rows), rng.integers(0, 9, rows)
    odds = 0.6 * likes - gaps / 20 - 1
    labels = rng.random(rows) < 1 / (1 + np.exp(-odds))
    gaps[rng.random(rows) < 0.1] = np.nan
    frame = pl.DataFrame({"gap_s": gaps, "likes_1d": likes, "city": city})
    return (
        frame.with_columns(pl.col("gap_s").fill_nan(None)),
        pl.Series(labels),
        pl.Series(rng.integers(0, rows // 10, rows)),
    )


def test_the_score_is_a_probability_on_rows_not_seen() -> None:
    frame, labels, groups = accounts(6_000)
    booster = Booster(**FAST).fit(frame[:4_000], labels[:4_000], groups[:4_000])
    probability = booster.predict_proba(frame[4_000:])[:, 1]
    truth = labels[4_000:].to_numpy()
    tenths = np.array_split(np.argsort(probability), 10)
    gaps = [abs(probability[t].mean() - truth[t].mean()) for t in tenths]
    assert np.average(gaps) < 0.03
    assert booster.calibration_.method_ == "isotonic"


def test_few_positives_are_calibrated_by_a_sigmoid_and_claim_no_certainty() -> None:
    frame = pl.DataFrame({"x": np.arange(400.0)})
    booster = Booster(**FAST).fit(frame, np.arange(400) >= 380)
    assert booster.calibration_.method_ == "sigmoid"
    assert 0.5 < booster.probability(frame).max() < 0.99


@pytest.mark.parametrize("isotonic_from", [1, 10_000])
def test_calibration_keeps_every_rank(isotonic_from: int) -> None:
    frame, labels, groups = accounts()
    booster = Booster(isotonic_from=isotonic_from, **FAST).fit(frame, labels, groups)
    scores, probability = booster.decision_function(frame), booster.probability(frame)
    order = np.argsort(scores)
    assert (np.diff(probability[order])[np.diff(scores[order]) > 0] > 0).all()


def test_balanced_weights_leave_the_probability_that_of_the_rows() -> None:
    frame, labels, _ = accounts(4_000)
    rare = frame.filter(~labels | (pl.int_range(pl.len()) % 10 == 0))
    kept = labels.filter(~labels | (pl.Series(range(4_000)) % 10 == 0))
    booster = Booster(class_weight="balanced", **FAST).fit(rare, kept)
    assert booster.probability(rare).mean() == pytest.approx(kept.mean(), rel=0.15)


def test_the_order_of_rows_is_no_feature() -> None:
    frame, labels, groups = accounts()
    shuffled = np.random.default_rng(1).permutation(frame.height)
    for by in (groups, None):
        one = Booster(**FAST).fit(frame, labels, by)
        other = Booster(**FAST).fit(
            frame[shuffled], labels[shuffled], None if by is None else by[shuffled]
        )
        assert (one.probability(frame) == other.probability(frame)).all()


def test_the_names_and_order_of_groups_are_no_feature() -> None:
    frame, labels, groups = accounts()
    renamed = groups.map_elements(lambda g: f"{(g * 7919) % 1009:x}", return_dtype=pl.String)
    one, other = (Booster(**FAST).fit(frame, labels, by) for by in (groups, renamed))
    ranks = [np.argsort(np.argsort(b.decision_function(frame))) for b in (one, other)]
    assert np.corrcoef(*ranks)[0, 1] > 0.999


def test_columns_are_read_by_name_and_others_are_left_alone() -> None:
    frame, labels, groups = accounts()
    booster = Booster(**FAST).fit(frame, labels, groups)
    turned = frame.select("city", pl.lit("a").alias("user_id"), "likes_1d", "gap_s")
    assert (booster.probability(turned) == booster.probability(frame)).all()


def test_a_monotone_column_never_lowers_the_score() -> None:
    frame, labels, groups = accounts()
    booster = Booster({"likes_1d": 1, "gap_s": -1}, **FAST).fit(frame, labels, groups)
    row = frame.filter(pl.col("gap_s").is_not_null())[:1]
    likes = row.join(pl.DataFrame({"more": range(30)}), how="cross").with_columns(likes_1d="more")
    gaps = row.join(pl.DataFrame({"more": range(300)}), how="cross").with_columns(gap_s="more")
    assert (np.diff(booster.probability(likes)) >= 0).all()
    assert (np.diff(booster.probability(gaps)) <= 0).all()


def test_groups_are_held_out_together() -> None:
    """A column that names the group tells its label; held out by group, it tells nothing."""
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(100), 20)
    labels = np.repeat(rng.random(100) < 0.5, 20)
    frame = pl.DataFrame({"group": groups, "noise": rng.random(2_000)})
    known = Booster(min_samples_leaf=5).fit(frame, labels, groups).probability(frame)
    leaked = Booster(min_samples_leaf=5).fit(frame, labels).probability(frame)
    assert abs(known - 0.5).mean() < 0.25 < 0.4 < abs(leaked - 0.5).mean()


def test_a_constant_column_is_dropped_and_said() -> None:
    frame, labels, groups = accounts()
    with_constant = frame.with_columns(pl.lit(1.0).alias("one"), pl.lit(None).alias("none"))
    booster = Booster(**FAST).fit(with_constant, labels, groups)
    assert booster.constant_columns_ == ["one", "none"]
    assert booster.notes_[0] == "dropped, constant: one, none"
    assert booster.probability(frame).shape == (2_000,)


def test_undecided_rows_are_left_out() -> None:
    frame, labels, groups = accounts()
    some = labels.to_frame("l").select(pl.when(groups < 100).then("l"))["l"]
    decided = (groups < 100).arg_true()
    one = Booster(**FAST).fit(frame, some, groups)
    other = Booster(**FAST).fit(frame[decided], labels[decided], groups[decided])
    assert (one.probability(frame) == other.probability(frame)).all()


@pytest.mark.parametrize(
    ("labels", "groups", "said"),
    [
        ([None] * 4, None, "no labels: none of 4 rows has been decided"),
        ([True] * 4, None, "one class: all 4 labels are positive"),
        ([True, True, False, False], [1, 1, 2, 3], "all positives, or all negatives, are of one"),
        ([True, False], None, "2 labels for 4 rows"),
    ],
)
def test_labels_that_teach_nothing_are_refused(
    labels: list[bool | None], groups: list[int] | None, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        Booster().fit(pl.DataFrame({"x": [1.0, 2.0, 3.0, 4.0]}), labels, groups)


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (pl.lit("u1"), r"not numbers: x \(String\)"),
        (pl.when(pl.int_range(pl.len()) == 3).then(np.inf).otherwise(1.0), r"x \(1 rows\)"),
    ],
)
def test_columns_that_cannot_be_read_are_named(column: pl.Expr, said: str) -> None:
    frame, labels, groups = accounts()
    with pytest.raises(BadColumns, match=said):
        Booster(**FAST).fit(frame.with_columns(column.alias("x")), labels, groups)


def test_only_constant_columns_are_refused() -> None:
    with pytest.raises(Untrainable, match="every column has a single value: x"):
        Booster().fit(pl.DataFrame({"x": [1, 1]}), [True, False])


def test_scoring_names_what_is_missing_or_infinite_and_scores_nothing_of_nothing() -> None:
    frame, labels, groups = accounts()
    booster = Booster(**FAST).fit(frame, labels, groups)
    with pytest.raises(BadColumns, match="missing columns: gap_s, city"):
        booster.predict_proba(frame.select("likes_1d"))
    with pytest.raises(BadColumns, match=r"infinite values: gap_s \(2000 rows\)"):
        booster.predict_proba(frame.with_columns(gap_s=np.inf))
    with pytest.raises(BadColumns, match="missing columns: gap_s"):
        booster.predict_proba(frame.clear().drop("gap_s"))
    assert booster.predict_proba(frame.clear()).shape == (0, 2)


def test_a_monotone_column_that_is_missing_is_named() -> None:
    frame, labels, groups = accounts()
    with pytest.raises(BadColumns, match="missing columns: like_1d"):
        Booster({"like_1d": 1}).fit(frame, labels, groups)


def test_a_clone_learns_the_same() -> None:
    frame, labels, groups = accounts()
    first = Booster({"likes_1d": 1}, **FAST)
    one, other = (b.fit(frame, labels, groups).probability(frame) for b in (first, clone(first)))
    assert (one == other).all()


def test_scores_of_any_scale_are_calibrated() -> None:
    labels = np.arange(300) % 3 == 0
    for scale in (1e-6, 1.0, 1e4):
        scores = scale * (np.where(labels, 1.0, -1.0) + np.sin(np.arange(300)))
        probability = Calibration(isotonic_from=1_000).fit(scores, labels).predict(scores)
        assert probability.mean() == pytest.approx(1 / 3, abs=0.02)


def test_a_row_counts_for_as_many_as_its_weight_says() -> None:
    frame, labels, groups = accounts()
    weight = np.where(labels.to_numpy(), 1.0, 9.0)
    plain, weighted = (Booster(**FAST).fit(frame, labels, groups, w) for w in (None, weight))
    expected = labels.sum() / weight.sum()
    assert np.average(weighted.probability(frame), weights=weight) == pytest.approx(expected, 0.1)
    assert (weighted.probability(frame) < plain.probability(frame)).mean() > 0.95


def test_blocks_are_scored_side_by_side_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    frame, labels, groups = accounts()
    booster = Booster(**FAST).fit(frame, labels, groups)
    whole = booster.probability(frame)
    monkeypatch.setattr("models.scores.booster.BLOCK_ROWS", 64)
    assert (booster.probability(frame) == whole).all()
