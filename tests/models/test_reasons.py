"""A reason is a column without whose value the score would be lower."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.scores.booster import Booster
from models.scores.columns import BadColumns
from models.scores.reasons import Reasons

POPULATION = pl.DataFrame(
    {"orders_7d": [0, 1, 1, 2, 9], "gap_s": [50.0, 60.0, 70.0, 80.0, None], "age_d": [9] * 5}
)


class Sum:
    """More orders raise, longer gaps lower; the age is not read."""

    def probability(self, frame: pl.DataFrame) -> np.ndarray:
        gap = pl.col("gap_s").fill_null(0)
        score = 0.05 * pl.col("orders_7d") + 0.4 - gap / 1_000
        return frame.select(score.alias("p"))["p"].to_numpy()


def test_codes_name_value_and_percentile_strongest_first() -> None:
    reasons = Reasons().fit(POPULATION)
    flagged = pl.DataFrame({"orders_7d": [9, 0], "gap_s": [2.5, None], "age_d": [1, 1]})
    codes = reasons.codes(Sum(), flagged, POPULATION).to_list()
    assert codes == [["orders_7d=9@80", "gap_s=2.5@0"], ["gap_s=missing@80"]]


def test_only_so_many_are_kept() -> None:
    reasons = Reasons(limit=1).fit(POPULATION)
    flagged = pl.DataFrame({"orders_7d": [9], "gap_s": [2.5], "age_d": [1]})
    assert [r.column for r in reasons.explain(Sum(), flagged, POPULATION)[0]] == ["orders_7d"]


def test_typical_is_what_honest_rows_have_and_may_be_said_instead() -> None:
    honest = pl.Series([True, True, True, True, False])
    assert Reasons().fit(POPULATION, honest).typical_["orders_7d"] == 1
    assert Reasons(neutral={"gap_s": None}).fit(POPULATION).typical_["gap_s"] is None
    mostly_missing = pl.DataFrame({"x": [None, None, 5.0]})
    assert Reasons().fit(mostly_missing).typical_ == {"x": None}


def test_nothing_flagged_and_nobody_to_compare_with_are_no_error() -> None:
    reasons = Reasons().fit(POPULATION)
    assert reasons.codes(Sum(), POPULATION.clear(), POPULATION).to_list() == []
    flagged = pl.DataFrame({"orders_7d": [9], "gap_s": [70.0], "age_d": [9]})
    assert reasons.codes(Sum(), flagged, POPULATION.clear()).to_list() == [["orders_7d=9@0"]]


def test_a_missing_column_is_named() -> None:
    reasons = Reasons().fit(POPULATION)
    with pytest.raises(BadColumns, match="missing columns: gap_s"):
        reasons.codes(Sum(), POPULATION.drop("gap_s"), POPULATION)


def population(rows: int) -> pl.DataFrame:
    rng = np.random.default_rng(3)
    likes = rng.poisson(3, rows)
    return pl.DataFrame(
        {
            "likes_1d": likes,
            "likes_7d": likes + rng.poisson(9, rows),  # tells nearly the same
            "gap_s": rng.exponential(60, rows),
            "is_new": rng.random(rows) < 0.2,
        }
    )


FRAME = population(1_500)
LABELS = (
    (pl.col("likes_1d") > 4).cast(pl.Int8) + (pl.col("gap_s") < 30).cast(pl.Int8) + pl.col("is_new")
) >= 2
BOOSTER = Booster({"gap_s": -1}, max_iter=40).fit(FRAME, FRAME.select(l=LABELS)["l"])
REASONS = Reasons().fit(FRAME, ~FRAME.select(l=LABELS)["l"])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "likes_1d": st.one_of(st.none(), st.integers(0, 50)),
                "likes_7d": st.one_of(st.none(), st.integers(0, 500)),
                "gap_s": st.one_of(st.none(), st.floats(0, 1e6)),
                "is_new": st.booleans(),
            }
        ),
        min_size=1,
        max_size=8,
    )
)
def test_neutralising_a_reason_lowers_the_score_by_what_it_says(rows: list[dict]) -> None:
    flagged = pl.DataFrame(rows, schema=FRAME.schema)
    scores = BOOSTER.probability(flagged)
    told = REASONS.explain(BOOSTER, flagged, FRAME)
    for place, reasons in enumerate(told):
        assert [r.drop for r in reasons] == sorted((r.drop for r in reasons), reverse=True)
        for reason in reasons:
            typical = pl.lit(REASONS.typical_[reason.column], pl.Float64).alias(reason.column)
            lowered = BOOSTER.probability(flagged[place].with_columns(typical))[0]
            assert lowered < scores[place]
            assert reason.drop == pytest.approx(scores[place] - lowered)


def test_nearly_every_flagged_row_has_a_reason() -> None:
    flagged = FRAME.filter(BOOSTER.probability(FRAME) > 0.5)
    codes = REASONS.codes(BOOSTER, flagged, FRAME)
    assert flagged.height > 100
    assert (codes.list.len() > 0).mean() > 0.99
