"""Dense blocks: exactly what naive peeling finds, through camouflage, and sane on bad input."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rings.dense_blocks import UNIT, Block, dense_blocks
from models.rings.graph import BadGraph, BipartiteGraph
from models.rings.named import NamedGraph
from models.rings.surprising import surprising_blocks
from models.rings.weights import Weights, by_chance, by_popularity
from tests.models import naive_peeling

USERS, TARGETS = 12, 9
EDGES = st.lists(
    st.tuples(st.integers(0, USERS - 1), st.integers(0, TARGETS - 1)), min_size=1, max_size=70
)
PRIORS = st.lists(
    st.sampled_from((0.0, 0.25, 0.5, 2.0)), min_size=USERS + TARGETS, max_size=USERS + TARGETS
)


PARTS = st.lists(
    st.sampled_from((-1.5, -0.25, 0.0, 0.5, 2.0)),
    min_size=USERS + TARGETS,
    max_size=USERS + TARGETS,
)


def graph(edges: Any, user_count: int | None = None, target_count: int | None = None) -> Any:
    pairs = np.array(list(edges), np.int64).reshape(-1, 2)
    return BipartiteGraph.from_codes(
        pairs[:, 0], pairs[:, 1], user_count=user_count, target_count=target_count
    )


def members(block: Block) -> tuple[list[int], list[int]]:
    return block.users.tolist(), block.targets.tolist()


def square(users: range, targets: range) -> list[tuple[int, int]]:
    return [(user, target) for user in users for target in targets]


@settings(deadline=None)  # the first example compiles
@given(EDGES, PRIORS)
def test_blocks_are_those_of_naive_peeling_ties_included(
    edges: list[tuple[int, int]], priors: list[float]
) -> None:
    found = dense_blocks(
        graph(edges, USERS, TARGETS),
        blocks=3,
        user_priors=np.array(priors[:USERS]),
        target_priors=np.array(priors[USERS:]),
    )
    users = {(naive_peeling.USER, u): round(priors[u] * UNIT) for u in range(USERS)}
    targets = {(naive_peeling.TARGET, t): round(priors[USERS + t] * UNIT) for t in range(TARGETS)}
    weights = naive_peeling.by_popularity(set(edges))
    expected = naive_peeling.blocks(weights, USERS, TARGETS, users | targets, most=3)
    assert [tuple(map(set, members(b))) for b in found] == [(u, t) for u, t, _ in expected]
    assert [b.density for b in found] == pytest.approx([float(d) for _, _, d in expected])


@settings(deadline=None)
@given(EDGES, PARTS)
def test_whatever_users_and_targets_weigh_blocks_are_those_of_naive_peeling(
    edges: list[tuple[int, int]], parts: list[float]
) -> None:
    chosen = Weights(np.array(parts[:USERS]), np.array(parts[USERS:]))
    found = dense_blocks(graph(edges, USERS, TARGETS), blocks=3, weights=chosen)
    weights = {(u, t): max(round((parts[u] + parts[USERS + t]) * UNIT), 0) for u, t in edges}
    expected = naive_peeling.blocks(weights, USERS, TARGETS, {}, most=3)
    assert [tuple(map(set, members(b))) for b in found] == [(u, t) for u, t, _ in expected]


@settings(deadline=None)  # the first example compiles
@given(EDGES, st.randoms())
def test_the_order_of_edges_and_their_repetition_change_nothing(
    edges: list[tuple[int, int]], random: Any
) -> None:
    again = edges + random.choices(edges, k=10)
    random.shuffle(again)
    first = dense_blocks(graph(edges, USERS, TARGETS), blocks=3)
    second = dense_blocks(graph(again, USERS, TARGETS), blocks=3)
    assert [members(b) for b in first] == [members(b) for b in second]
    assert [b.edges for b in first] == [b.edges for b in second]


def test_peeling_of_many_nodes_is_that_of_naive_peeling() -> None:
    random = np.random.default_rng(3)
    edges = {(int(u), int(t)) for u, t in random.integers(0, (150, 90), (900, 2))}
    [found] = dense_blocks(graph(edges, 150, 90), blocks=1)
    weights = naive_peeling.by_popularity(edges)
    [(users, targets, _)] = naive_peeling.blocks(weights, 150, 90, {}, most=1)
    assert (set(found.users.tolist()), set(found.targets.tolist())) == (users, targets)


def test_a_ring_is_found_behind_its_camouflage_on_popular_targets() -> None:
    ring = square(range(10), range(8))
    honest = [(user, 100 + user * 7 % 40) for user in range(20, 400)]
    camouflage = [(user, 100 + user) for user in range(10)]
    [block] = dense_blocks(graph(ring + honest + camouflage), blocks=1)
    assert members(block) == (list(range(10)), list(range(8)))
    assert block.edges == 80


def test_the_next_block_is_what_is_left_without_the_edges_of_the_one_before() -> None:
    larger, smaller = square(range(10), range(8)), square(range(20, 25), range(20, 26))
    found = dense_blocks(graph(larger + smaller), blocks=5)
    assert [members(b) for b in found] == [
        (list(range(10)), list(range(8))),
        (list(range(20, 25)), list(range(20, 26))),
    ]


def test_priors_decide_between_two_blocks_that_look_the_same() -> None:
    twins = graph(square(range(4), range(4)) + square(range(4, 8), range(4, 8)))
    newness = np.array([0.0] * 4 + [0.5] * 4)
    [block] = dense_blocks(twins, blocks=1, user_priors=newness)
    assert members(block) == ([4, 5, 6, 7], [4, 5, 6, 7])


def test_expected_edges_are_those_of_chance_from_what_members_do_elsewhere() -> None:
    elsewhere = [(0, 8), (0, 9), (9, 0), (9, 8), (9, 9)]
    [block] = dense_blocks(graph([*square(range(4), range(4)), *elsewhere]), blocks=1)
    assert members(block) == ([0, 1, 2, 3], [0, 1, 2, 3])
    assert block.expected_edges == pytest.approx((2 + 1) * (1 + 1) / (5 + 1))


def test_busy_people_who_meet_as_chance_has_it_surprise_nobody() -> None:
    few, many = (np.arange(n, dtype=np.int32) for n in (20, 200))
    busy = Block(many, many, edges=9_000, density=20.0, expected_edges=8_900.0)
    apart = Block(few, few, edges=200, density=2.0, expected_edges=4.0)
    assert apart.surprise > 100 * busy.surprise > 0


def busy_people_and_a_ring() -> BipartiteGraph:
    """People with heavy tails, and 40 new accounts that act on a quarter of 40 targets."""
    random = np.random.default_rng(5)
    users = np.minimum(random.pareto(0.8, 9_000) * 20, 3_999).astype(np.int64)
    targets = np.minimum(random.pareto(0.8, 9_000) * 5, 499).astype(np.int64)
    row, column = np.nonzero(random.random((40, 40)) < 0.25)
    return BipartiteGraph.from_codes(
        np.append(users, 4_000 + row), np.append(targets, 300 + column)
    )


def test_a_ring_less_dense_than_the_busiest_people_is_the_more_surprising() -> None:
    people = busy_people_and_a_ring()
    [densest] = dense_blocks(people, blocks=1)
    [found] = surprising_blocks(people, blocks=1)
    assert (densest.users < 4_000).all()
    assert np.isin(found.users, range(4_000, 4_040)).all()
    assert len(found.users) >= 38


def test_rings_are_found_one_after_another_among_busy_people() -> None:
    people = busy_people_and_a_ring()
    users = np.repeat(np.arange(people.user_count), people.user_degrees)
    second = np.array(square(range(4_100, 4_130), range(400, 430)))
    both = BipartiteGraph.from_codes(
        np.append(users, second[:, 0]), np.append(people.targets, second[:, 1])
    )
    first, next_ = surprising_blocks(both, blocks=2)
    assert first.users.tolist() == list(range(4_100, 4_130))
    assert np.isin(next_.users, range(4_000, 4_040)).all()
    assert first.surprise > next_.surprise


def test_an_edge_that_chance_makes_anyway_weighs_nothing() -> None:
    everybody_everywhere = graph(square(range(20), range(20)))
    weights = by_chance(everybody_everywhere)
    assert dense_blocks(everybody_everywhere, blocks=1, weights=weights) == []


def test_what_members_do_elsewhere_is_what_makes_their_edges_unlikely() -> None:
    ring = square(range(20), range(20))
    weights = by_chance(graph(ring), apart_from=(np.arange(20, dtype=np.int32),) * 2)
    assert weights.users + weights.targets == pytest.approx(np.log(1 / 3))


def test_surprising_blocks_end_when_edges_do() -> None:
    assert surprising_blocks(graph([], 3, 3), blocks=4) == []
    assert len(surprising_blocks(graph([(0, 0)]), blocks=4)) == 1


@pytest.mark.parametrize(("users", "targets"), [(0, 0), (1, 0), (0, 1), (5, 5)])
def test_a_graph_without_edges_has_no_blocks(users: int, targets: int) -> None:
    assert dense_blocks(graph([], users, targets), blocks=3) == []


def test_one_edge_is_a_block_of_one_user_and_one_target() -> None:
    [block] = dense_blocks(graph([(0, 0)]), blocks=3)
    assert (members(block), block.edges, block.expected_edges) == (([0], [0]), 1, 1.0)
    assert block.surprise == 0.0


def test_no_blocks_are_no_blocks() -> None:
    assert dense_blocks(graph([(0, 0)]), blocks=0) == []


def test_a_hub_of_a_million_edges_hides_nobody() -> None:
    ring = square(range(30), range(1, 21))
    hub = np.arange(1_000_000)
    users = np.concatenate([hub, [user for user, _ in ring]])
    targets = np.concatenate([np.zeros_like(hub), [target for _, target in ring]])
    [block] = dense_blocks(BipartiteGraph.from_codes(users, targets), blocks=1)
    assert block.targets.tolist() == list(range(1, 21))
    assert block.users.tolist() == list(range(30))


@pytest.mark.parametrize(
    ("users", "targets", "says"),
    [
        ([0, 1], [0], "2 users but 1 targets"),
        ([0, -1], [0, 0], "codes -1 to 0"),
        ([0, 2**40], [0, 0], "codes 0 to 1,099,511,627,776"),
        ([0.5, 1.0], [0, 0], "users are float64"),
    ],
)
def test_what_is_no_graph_is_refused(users: list[Any], targets: list[int], says: str) -> None:
    with pytest.raises(BadGraph, match=says):
        BipartiteGraph.from_codes(np.array(users), np.array(targets))


def test_a_code_past_the_declared_count_is_refused() -> None:
    with pytest.raises(BadGraph, match="codes 0 to 7; of 5"):
        graph([(0, 0), (7, 0)], 5, 1)


@pytest.mark.parametrize(
    ("priors", "says"),
    [
        ([1.0], "1 user priors for 2 users"),
        ([1.0, -1.0], "not be negative"),
        ([1.0, float("nan")], "or NaN"),
        ([1e12, 0.0], "priors add up to 1e\\+12"),
    ],
)
def test_bad_priors_are_refused(priors: list[float], says: str) -> None:
    with pytest.raises(BadGraph, match=says):
        dense_blocks(graph([(0, 0), (1, 0)]), blocks=1, user_priors=np.array(priors))


def test_an_offset_without_a_positive_logarithm_is_refused() -> None:
    with pytest.raises(BadGraph, match="must exceed 1"):
        by_popularity(graph([(0, 0)]), offset=1.0)


ROWS = pl.DataFrame(
    {
        "actor_id": ["u2", "u1", "u1", "u2", "u1", "u9"],
        "shop_id": ["b", "a", "b", "a", "a", "z"],
        "order_id": [1, 2, 3, 4, 5, 6],
    }
)


def test_a_named_block_leads_back_to_its_ids_and_to_every_row_behind_it() -> None:
    named = NamedGraph.from_frame(ROWS, user="actor_id", target="shop_id")
    [block, *_] = dense_blocks(named.graph, blocks=1)
    assert named.users_of(block).to_list() == ["u1", "u2"]
    assert named.targets_of(block).to_list() == ["a", "b"]
    assert named.evidence(ROWS, block)["order_id"].to_list() == [1, 2, 3, 4, 5]
    assert block.edges == 4


def test_codes_do_not_depend_on_the_order_of_rows() -> None:
    first = NamedGraph.from_frame(ROWS, user="actor_id", target="shop_id")
    second = NamedGraph.from_frame(ROWS.reverse(), user="actor_id", target="shop_id")
    assert first.user_ids.equals(second.user_ids)
    assert first.graph.targets.tolist() == second.graph.targets.tolist()


def test_ids_may_be_numbers() -> None:
    rows = pl.DataFrame({"u": [2**40, 7], "t": [-3, -3]})
    named = NamedGraph.from_frame(rows, user="u", target="t")
    assert (named.user_ids.to_list(), named.target_ids.to_list()) == ([7, 2**40], [-3])


def test_a_missing_id_is_refused_and_counted() -> None:
    rows = pl.DataFrame({"u": ["a", None, None], "t": ["x", "y", "z"]})
    with pytest.raises(BadGraph, match="u is NULL in 2 of 3 rows"):
        NamedGraph.from_frame(rows, user="u", target="t")


def test_no_rows_make_an_empty_graph() -> None:
    rows = pl.DataFrame({"u": [], "t": []}, schema={"u": pl.String, "t": pl.String})
    named = NamedGraph.from_frame(rows, user="u", target="t")
    assert dense_blocks(named.graph, blocks=2) == []
