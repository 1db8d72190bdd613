"""Suspicion without labels: what actors and targets are believed to be, from priors alone."""

import numpy as np
import polars as pl
import pytest

from models.rings.suspicion import Suspicion, suspicion


def believed(acts: list[tuple[str, str, float, float]]) -> Suspicion:
    frame = pl.DataFrame(acts, schema=["actor", "target", "act", "own"], orient="row")
    return suspicion(frame, actor="actor", target="target", act_prior="act", actor_prior="own")


def test_all_acts_of_an_actor_are_believed_alike_and_pool_their_evidence() -> None:
    acts = [("a", "s", 0.2, 0.5), ("a", "t", 0.2, 0.5), ("b", "u", 0.2, 0.5)]
    probability = believed(acts).probability
    assert probability[0] == probability[1] == pytest.approx(1 / 17, abs=0.01)
    assert probability[2] == pytest.approx(0.2, abs=0.01)


def test_company_at_a_target_speaks_against_an_act() -> None:
    bad = [(f"bad{i}", "farmed", 0.9, 0.5) for i in range(50)]
    good = [(f"good{i}", "honest", 0.1, 0.5) for i in range(50)]
    probability = believed([*bad, *good, ("x", "farmed", 0.3, 0.5), ("y", "honest", 0.3, 0.5)])
    assert probability.probability[-2] > 0.35
    assert probability.probability[-1] < 0.25


def test_an_act_is_no_company_to_itself() -> None:
    alone = believed([("a", "own", 0.9, 0.5), ("b", "other", 0.1, 0.5)]).probability
    assert alone == pytest.approx([0.9, 0.1])


def test_many_acts_rank_apart_where_the_probability_is_zero() -> None:
    acts = [(f"a{n}", f"t{i}", 0.01, 0.5) for n in (300, 400) for i in range(n)]
    log_odds = believed(acts).log_odds
    assert np.isfinite(log_odds).all()
    assert log_odds[0] > log_odds[-1]


def test_neither_row_order_nor_ids_are_features() -> None:
    rng = np.random.default_rng(0)
    own = rng.uniform(size=40)
    actors, targets = rng.integers(0, 40, 200), rng.integers(0, 5, 200)
    priors = rng.uniform(size=200)
    rename = rng.permutation(40)
    order = rng.permutation(200)
    acts = list(zip(actors.tolist(), targets.tolist(), priors.tolist(), strict=True))
    before = believed([(f"a{a}", f"t{t}", p, own[a]) for a, t, p in acts])
    renamed = [(f"z{rename[a]}", f"y{9 - t}", p, own[a]) for a, t, p in acts]
    after = believed([renamed[i] for i in order])
    assert after.log_odds == pytest.approx(before.log_odds[order])


@pytest.mark.parametrize("prior", [None, -0.1, 1.1, float("nan")])
def test_a_prior_that_is_no_probability_is_refused(prior: float) -> None:
    with pytest.raises(ValueError, match="act: every act needs a probability, from 0 to 1"):
        believed([("a", "t", prior, 0.5)])


def test_priors_of_zero_and_one_leave_room_for_doubt() -> None:
    probability = believed([("a", "t", 0.0, 1.0), ("a", "u", 1.0, 0.5)]).probability
    assert 0.5 < probability[0] < 1


def test_no_acts_are_no_suspicion() -> None:
    empty = pl.DataFrame(
        schema={"actor": pl.String, "target": pl.String, "act": pl.Float64, "own": pl.Float64}
    )
    none = suspicion(empty, actor="actor", target="target", act_prior="act", actor_prior="own")
    assert none.probability.tolist() == []
