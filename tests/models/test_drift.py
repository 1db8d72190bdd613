"""Drift is told of columns, of how much is flagged, and of verdicts that turn."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from models.scores.drift import churn, drift, flag_volume

RNG = np.random.default_rng(0)
BEFORE = pl.DataFrame(
    {
        "gap_s": RNG.exponential(60, 5_000),
        "likes_1d": RNG.poisson(0.2, 5_000),
        "is_new": RNG.random(5_000) < 0.1,
    }
)
COLUMNS = BEFORE.columns


def level(before: pl.DataFrame, after: pl.DataFrame) -> dict[str, str]:
    return dict(drift(before, after, COLUMNS).select("column", "level").iter_rows())


def test_what_has_not_changed_is_stable_whatever_its_order() -> None:
    table = drift(BEFORE, BEFORE.sample(fraction=1, shuffle=True, seed=1), COLUMNS)
    assert table["psi"].to_list() == pytest.approx([0, 0, 0])
    assert set(table["level"]) == {"stable"}


def test_a_small_sample_of_the_same_is_stable() -> None:
    assert set(level(BEFORE, BEFORE.sample(100, seed=2)).values()) == {"stable"}


def test_a_shift_is_large_and_only_in_its_column() -> None:
    shifted = BEFORE.with_columns(pl.col("gap_s") * 3)
    assert level(BEFORE, shifted) == {"gap_s": "large", "likes_1d": "stable", "is_new": "stable"}


def test_a_rare_value_that_becomes_common_is_seen() -> None:
    assert level(BEFORE, BEFORE.with_columns(likes_1d=5))["likes_1d"] == "large"


def test_missing_is_a_bin_of_its_own() -> None:
    gone = BEFORE.with_columns(gap_s=pl.when(pl.int_range(pl.len()) % 3 > 0).then("gap_s"))
    row = drift(BEFORE, gone, COLUMNS).row(0, named=True)
    assert row["level"] == "large"
    assert (row["missing_before"], row["missing_after"]) == (0, pytest.approx(1 / 3, abs=1e-3))


def test_a_side_without_rows_says_so() -> None:
    table = drift(BEFORE, BEFORE.clear(), COLUMNS)
    assert table["psi"].null_count() == 3
    assert set(table["level"]) == {"no rows"}
    assert drift(BEFORE.clear(), BEFORE.clear(), []).is_empty()


def test_the_index_is_that_of_its_definition() -> None:
    before = pl.DataFrame({"x": [0.0] * 5_000 + [1.0] * 5_000})
    after = pl.DataFrame({"x": [0.0] * 8_000 + [1.0] * 2_000})
    psi = drift(before, after, ["x"], bins=2)["psi"][0]
    assert psi == pytest.approx(0.3 * np.log(8 / 5) + 0.3 * np.log(5 / 2), rel=1e-3)


def test_a_day_with_many_flags_is_many_deviations_away() -> None:
    days = [date(2026, 3, d) for d in range(1, 11) for _ in range(1_000)]
    flags = [10, 12, 8, 11, 9, 10, 12, 10, 9, 80]
    states = [("pending" if i < f else None) for f in flags for i in range(1_000)]
    table = flag_volume(pl.DataFrame({"event_date": days, "state": states}))
    assert table["flagged"].to_list() == flags
    assert table["deviations"][9] > 8 > 3 > max(abs(table["deviations"][:9]))


def test_a_single_day_and_no_day_have_nothing_to_lie_beside() -> None:
    one = pl.DataFrame({"event_date": [date(2026, 3, 1)], "state": ["pending"]})
    assert flag_volume(one)["deviations"].to_list() == [None]
    assert flag_volume(one.clear()).is_empty()


def test_churn_counts_verdicts_that_turn_come_and_go() -> None:
    before = pl.DataFrame({"click_id": list("abcd"), "state": ["pending", "pending", None, None]})
    after = pl.DataFrame({"click_id": list("abce"), "state": ["pending", None, None, "effective"]})
    expected = pl.DataFrame(
        {
            "state_before": ["none", "pending", "pending"],
            "state_after": ["effective", "none", "pending"],
            "subjects": [1, 1, 1],
            "share": [1 / 3] * 3,
        }
    )
    assert_frame_equal(churn(before, after, "click_id"), expected, check_dtypes=False)
