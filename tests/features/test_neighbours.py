"""Neighbours of a subject: who counts, what is known of them, and that order says nothing."""

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from features.neighbours import Meetings, Route, Ties, Walk, neighbour_aggregates, reached_means


def ties(subjects: list[str], edges: list[tuple[str, str]]) -> Ties:
    return Ties(pl.Series(subjects), pl.DataFrame(edges, schema=["one", "other"], orient="row"))


def meetings(subjects: list[str], edges: list[tuple[str, str]]) -> Meetings:
    frame = pl.DataFrame(edges, schema=["user", "target"], orient="row")
    return Meetings(pl.Series(subjects, dtype=pl.String), frame.cast(pl.String))


def means(walk: Walk, values: list[float | None], hops: int = 1) -> list[list[float | None]]:
    frame = neighbour_aggregates(pl.DataFrame({"x": values}), walk, hops=hops)
    return [frame[f"x_mean_{hop}hop"].to_list() for hop in range(1, hops + 1)]


def test_a_step_along_ties_is_the_mean_over_neighbours() -> None:
    walk = ties(["a", "b", "c", "d"], [("a", "b"), ("b", "c"), ("c", "d")])
    assert means(walk, [1, 2, 4, 8]) == [[2, 2.5, 5, 4]]


def test_copies_loops_and_direction_of_ties_count_nothing() -> None:
    walk = ties(["a", "b"], [("a", "b"), ("b", "a"), ("a", "b"), ("a", "a")])
    assert means(walk, [1, 2]) == [[2, 1]]
    assert walk.neighbours.tolist() == [1, 1]


def test_who_meets_at_a_target_are_its_others_never_oneself() -> None:
    walk = meetings(["a", "b", "c"], [("a", "t"), ("b", "t"), ("c", "t")])
    assert means(walk, [1, 2, 6])[0] == pytest.approx([4, 3.5, 1.5])


def test_each_target_with_others_counts_the_same_and_one_alone_at_it_not_at_all() -> None:
    walk = meetings(
        ["a", "b", "c", "d"],
        [("a", "big"), ("b", "big"), ("c", "big"), ("a", "small"), ("d", "small"), ("a", "own")],
    )
    assert means(walk, [0, 1, 3, 10])[0][0] == pytest.approx((2 + 10) / 2)
    assert walk.neighbours.tolist() == [3, 2, 2, 1]


def test_nobody_is_reached_from_alone() -> None:
    walk = meetings(["a", "b", "c"], [("a", "t"), ("b", "t"), ("c", "own")])
    assert means(walk, [1, 2, 3])[0] == [2, 1, None]


def test_unknown_values_are_left_out_of_the_mean() -> None:
    walk = meetings(["a", "b", "c"], [("a", "t"), ("b", "t"), ("c", "t")])
    assert means(walk, [None, 2, 6])[0] == pytest.approx([4, 6, 2])
    assert means(walk, [7, None, None])[0] == [None, 7, 7]


def test_shares_tell_how_much_of_the_mean_was_known() -> None:
    walk = meetings(["a", "b", "c"], [("a", "t"), ("b", "t"), ("c", "t")])
    reached = reached_means(walk, np.array([np.nan, 1.0, 0.0]), hops=1)
    assert reached.tolist() == [[0.5, 1], [0, 0.5], [1, 0.5]]


def test_the_spread_is_the_standard_deviation_even_far_from_zero() -> None:
    walk = meetings(["a", "b", "c"], [("a", "t"), ("b", "t"), ("c", "t")])
    frame = neighbour_aggregates(pl.DataFrame({"x": [1e9, 1e9 + 1, 1e9 + 3]}), walk, hops=1)
    assert frame["x_sd_1hop"].to_list() == pytest.approx([1, 1.5, 0.5])


@pytest.mark.parametrize("seed", range(5))
def test_meetings_reach_what_the_written_out_walk_reaches(seed: int) -> None:
    rng = np.random.default_rng(seed)
    users = [f"u{i}" for i in range(12)]
    edges = [(str(rng.choice(users)), f"t{rng.integers(6)}") for _ in range(25)]
    walk = meetings(users, edges)
    written_out = np.array([_chances(user, users, set(edges)) for user in users])
    values = rng.normal(size=(12, 2))
    assert walk.step(walk.step(values)) == pytest.approx(written_out @ written_out @ values)


def _chances(user: str, users: list[str], edges: set[tuple[str, str]]) -> list[float]:
    """Where one step may lead: a target with others, then one of them, uniformly."""
    crowds = [{u for u, at in edges if at == t} - {user} for who, t in edges if who == user]
    crowds = [crowd for crowd in crowds if crowd]
    return [sum((u in crowd) / len(crowd) / len(crowds) for crowd in crowds) for u in users]


def test_a_route_goes_one_leg_after_the_other() -> None:
    reviews = ["r1", "r2", "r3"]
    by_user = meetings(reviews, [("r1", "u1"), ("r2", "u1"), ("r3", "u2")])
    by_product = meetings(reviews, [("r1", "p1"), ("r2", "p2"), ("r3", "p2")])
    assert means(Route(by_user, by_product), [1, 2, 4])[0] == [4, None, None]


SHAPES: dict[str, Callable[[list[str], list[tuple[str, str]]], Walk]] = {
    "ties": ties,
    "meetings": meetings,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_neither_row_order_nor_ids_are_features(shape: str) -> None:
    rng = np.random.default_rng(3)
    subjects = [f"s{i}" for i in range(30)]
    edges = [(str(a), str(b)) for a, b in rng.choice(subjects, (90, 2))]
    values = pl.DataFrame({"x": rng.normal(size=30), "y": rng.normal(size=30)})
    before = neighbour_aggregates(values, SHAPES[shape](subjects, edges))

    new_ids = dict(zip(subjects, rng.permutation(1000)[:30].astype(str), strict=True))
    order = rng.permutation(30)
    new_edges = [(new_ids[a], new_ids[b]) for a, b in rng.permutation(edges)]
    walk = SHAPES[shape]([new_ids[subjects[i]] for i in order], new_edges)
    after = neighbour_aggregates(values[order], walk)
    assert after.to_numpy() == pytest.approx(before[order].to_numpy(), nan_ok=True)


def test_a_hub_costs_as_much_as_its_edges() -> None:
    users = pl.Series([str(i) for i in range(200_000)])
    walk = Meetings(users, pl.DataFrame({"user": users, "target": ["hub"] * len(users)}))
    assert walk.step(np.arange(200_000.0)[:, None])[0] == pytest.approx(100_000)


def test_no_edges_reach_nobody() -> None:
    assert means(meetings(["a", "b"], []), [1, 2]) == [[None, None]]
    assert means(meetings([], []), []) == [[]]


def test_strangers_and_twice_told_subjects_are_refused() -> None:
    with pytest.raises(ValueError, match="1 edges name nobody among the subjects, such as 'x'"):
        meetings(["a"], [("a", "t"), ("x", "t")])
    with pytest.raises(ValueError, match="a subject is there twice"):
        ties(["a", "a"], [("a", "a")])


def test_values_must_be_one_row_a_subject() -> None:
    with pytest.raises(ValueError, match="3 rows of values for a walk of 2 subjects"):
        means(ties(["a", "b"], [("a", "b")]), [1, 2, 3])
