"""An interval is as wide as its evidence is thin: literal hits in, ends out."""

import numpy as np
import polars as pl
import pytest

from models.evaluation.intervals import UNKNOWN, Interval, bootstrap, share, wilson


def test_wilsons_interval_is_the_published_one() -> None:
    found = wilson(81, 263)  # Newcombe 1998, table I
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)
    assert wilson(0, 20).low == 0
    assert wilson(0, 20).high == pytest.approx(0.1611, abs=1e-4)
    assert not wilson(0, 0).is_known


def test_a_bootstrap_draws_whole_units() -> None:
    alike = pl.DataFrame({"hits": [1.0] * 20, "of": [2.0] * 20})
    torn = pl.DataFrame({"hits": [2.0, 0.0] * 10, "of": [2.0] * 20})
    assert bootstrap(alike) == Interval(0.5, 0.5, 0.5, 20)
    assert bootstrap(torn).value == 0.5
    assert bootstrap(torn).low < 0.4 < 0.6 < bootstrap(torn).high


def test_few_units_have_a_value_and_no_interval() -> None:
    few = bootstrap(pl.DataFrame({"hits": [1.0], "of": [4.0]}))
    assert few.value == 0.25
    assert np.isnan(few.low)
    assert bootstrap(pl.DataFrame({"hits": [0.0], "of": [0.0]})) == UNKNOWN


def test_a_share_may_be_of_an_amount() -> None:
    rows = pl.DataFrame({"unit": ["a", "b"], "hit": [True, False], "minor": [300, 100]})
    assert share(rows, "hit", ["unit"]).value == 0.5
    assert share(rows, "hit", ["unit"], "minor").value == 0.75
