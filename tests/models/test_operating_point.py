"""Above a threshold the precision budget is kept; below it, reviewers get what they can decide."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.scores.intervals import clopper_pearson, wilson, wilson_lower
from models.scores.operating_point import labels_needed, operating_point

DAY = date(2026, 3, 1)


def decided(scores: list[float], labels: list[bool]) -> pl.DataFrame:
    return pl.DataFrame(
        {"score": scores, "label": labels}, schema={"score": pl.Float64, "label": pl.Boolean}
    )


def queue(scores: list[float], days: int = 1) -> pl.DataFrame:
    dates = [DAY + timedelta(days=place % days) for place in range(len(scores))]
    return pl.DataFrame(
        {"score": scores, "event_date": dates},
        schema={"score": pl.Float64, "event_date": pl.Date},
    )


def test_the_lowest_threshold_that_keeps_the_budget_is_chosen() -> None:
    labels = decided([0.9] * 500 + [0.8] * 500 + [0.7] * 10, [True] * 1_000 + [False] * 10)
    point = operating_point(labels, queue([]), capacity_per_day=10, budget=0.98)
    assert point.effective_from == 0.7  # 1,000 of 1,010, at least 0.9819
    point = operating_point(labels, queue([]), capacity_per_day=10, budget=0.985)
    assert (point.effective_from, point.precision.decided) == (0.8, 1_000)


def test_rows_of_one_score_are_on_one_side() -> None:
    labels = decided([0.9] * 400, [True] * 200 + [False] * 200)
    assert operating_point(labels, queue([]), capacity_per_day=9).effective_from is None


def test_too_few_labels_make_nothing_effective_and_the_most_suspicious_pending() -> None:
    few = decided([0.9] * 20, [True] * 20)
    point = operating_point(few, queue([0.2, 0.9, 0.5, 0.7]), capacity_per_day=2)
    assert point.effective_from is None
    assert "20 labels; without a single error 189 are needed for 98%" in point.statement
    states = point.states(np.array([0.2, 0.9, 0.5, 0.7])).to_list()
    assert states == [None, "pending", None, "pending"]


def test_no_labels_and_nothing_scored_is_a_sane_result() -> None:
    point = operating_point(decided([], []), queue([]), capacity_per_day=5)
    assert (point.effective_from, point.pending_from) == (None, None)
    assert point.states(np.array([0.9])).to_list() == [None]
    assert (point.precision.share, point.precision.low, point.precision.high) == (None, 0, 1)


def test_reviewers_get_what_is_below_effective_and_fits_into_their_days() -> None:
    labels = decided([0.9] * 300 + [0.1] * 300, [True] * 300 + [False] * 300)
    shown = queue([0.95, 0.9, 0.6, 0.5, 0.4, 0.3], days=2)
    point = operating_point(labels, shown, capacity_per_day=1)
    assert (point.effective_from, point.pending_from) == (0.9, 0.5)
    states = point.states(shown["score"].to_numpy()).to_list()
    assert states == ["effective", "effective", "pending", "pending", None, None]


def test_a_tie_that_does_not_fit_is_left_out() -> None:
    point = operating_point(decided([], []), queue([0.9, 0.5, 0.5, 0.5]), capacity_per_day=2)
    assert point.pending_from == 0.9


def test_precision_at_capacity_counts_from_the_top() -> None:
    labels = decided([0.9, 0.8, 0.2, 0.1], [True, False, True, True])
    point = operating_point(labels, queue([0.9, 0.8, 0.2, 0.1]), capacity_per_day=2)
    assert (point.at_capacity.confirmed, point.at_capacity.decided) == (1, 2)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=300),
    st.floats(0.5, 0.9),
)
def test_no_lower_threshold_keeps_the_budget(rows: list[tuple[int, bool]], budget: float) -> None:
    scores, labels = [s / 10 for s, _ in rows], [label for _, label in rows]
    point = operating_point(decided(scores, labels), queue([]), capacity_per_day=1, budget=budget)
    kept = []
    for threshold in sorted(set(scores)):
        above = [label for s, label in zip(scores, labels, strict=True) if s >= threshold]
        if wilson(sum(above), len(above))[0] >= budget:
            kept.append(threshold)
    assert point.effective_from == (kept[0] if kept else None)


def test_labels_needed_is_the_first_number_whose_bound_keeps_the_budget() -> None:
    for budget in (0.9, 0.95, 0.98, 0.99):
        needed = labels_needed(budget)
        assert wilson_lower(needed, needed) >= budget > wilson_lower(needed - 1, needed - 1)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"), [(0, 10, 0, 0.2775), (9, 10, 0.5958, 0.9821), (0, 0, 0, 1)]
)
def test_wilsons_interval(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(hits, of) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"), [(0, 10, 0, 0.3085), (9, 10, 0.5550, 0.9975), (5, 5, 0.4782, 1)]
)
def test_the_exact_interval(hits: int, of: int, low: float, high: float) -> None:
    assert clopper_pearson(hits, of) == pytest.approx((low, high), abs=1e-4)
