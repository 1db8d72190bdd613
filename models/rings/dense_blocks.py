"""Blocks of users and targets that are denser than they should be, however they hide.

FRAUDAR (Hooi, Song, Beutel, Shah, Shin and Faloutsos: Bounding Graph Fraud in the Face of
Camouflage, KDD 2016). An edge to a target that everybody acts on says little, so that camouflage
on popular targets buys nothing; what a user does elsewhere takes nothing away from the block.
A dense block alone is no verdict: prolific honest people make dense blocks, too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.rings.compression import Codes
from models.rings.graph import BadGraph, BipartiteGraph
from models.rings.peeling import peel
from models.rings.weights import Amounts, Weights, by_popularity

UNIT: Final = 1 << 30
"""Weights are whole multiples of 1 / UNIT: sums are exact, a rounded weight is off by 1e-9."""

LARGEST_TOTAL: Final = 1 << 30
"""Of users', of targets' weights and of priors: together they fit into 63 bits."""

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """Users and targets, by code and ascending, and the edges between them.

    density: weight of edges and priors per user and target, the paper's g
    expected_edges: edges between them by chance, from what each of them does elsewhere
    """

    users: Codes
    targets: Codes
    edges: int
    density: float
    expected_edges: float

    @property
    def surprise(self) -> float:
        """Log likelihood ratio of that many edges against the expected ones [nats a node].

        Busy people at popular targets: near 0. It orders blocks; it accuses nobody.
        """
        if self.edges <= self.expected_edges:
            return 0.0
        excess = self.edges - self.expected_edges
        nats = self.edges * np.log(self.edges / self.expected_edges) - excess
        return float(nats / (len(self.users) + len(self.targets)))


def dense_blocks(
    graph: BipartiteGraph,
    *,
    blocks: int,
    weights: Weights | None = None,
    user_priors: Amounts | None = None,
    target_priors: Amounts | None = None,
) -> list[Block]:
    """Up to ``blocks`` blocks, each without the edges of those before; fewer if edges run out.

    Edges weigh FRAUDAR's ``by_popularity`` of the whole graph unless told otherwise. Priors are
    what speaks against a user or target by itself (newness, say), on the scale of the weights.
    Same graph, same blocks: ties go to the least code, the larger of equally dense blocks stays.

    Raises:
        BadGraph: weights or priors are not one a node, not finite, or out of range.
    """
    parts = by_popularity(graph) if weights is None else weights
    priors = np.append(
        _priors("user", user_priors, graph.user_count),
        _priors("target", target_priors, graph.target_count),
    )
    in_units = (
        _in_units("user weights", parts.users, graph.user_degrees),
        _in_units("target weights", parts.targets, graph.target_degrees),
        _in_units("priors", priors, np.ones(len(priors))),
    )
    return list(islice(_found(graph, *in_units), blocks))


def _found(
    graph: BipartiteGraph, user_weights: Whole, target_weights: Whole, priors: Whole
) -> Iterator[Block]:
    remaining = graph
    while remaining.edge_count:
        kept, weight = _densest(remaining, user_weights, target_weights, priors)
        users = kept[kept < graph.user_count]
        targets = kept[kept >= graph.user_count] - np.int32(graph.user_count)
        edges = int(remaining.degrees_within(users, targets)[0].sum())
        if not (edges and weight):
            return
        expected = _expected_edges(graph, users, targets)
        yield Block(users, targets, edges, weight / UNIT / len(kept), expected)
        remaining = remaining.without_block(users, targets)


def _densest(
    graph: BipartiteGraph, user_weights: Whole, target_weights: Whole, priors: Whole
) -> tuple[Codes, int]:
    """Nodes, users first, and their weight."""
    order, removed, weight = peel(
        graph.target_starts,
        graph.targets,
        graph.user_starts,
        graph.users,
        user_weights,
        target_weights,
        priors,
    )
    return np.sort(order[removed:]), weight


def _expected_edges(graph: BipartiteGraph, users: Codes, targets: Codes) -> float:
    """One edge more than there is counts for each side, so that it is never 0."""
    within = graph.degrees_within(users, targets)[0].sum()
    of_users = graph.user_degrees[users].sum() - within + 1
    of_targets = graph.target_degrees[targets].sum() - within + 1
    return float(of_users / (graph.edge_count - within + 1) * of_targets)


def _priors(side: str, priors: Amounts | None, count: int) -> Amounts:
    if priors is None:
        return np.zeros(count)
    if len(priors) != count:
        raise BadGraph(f"{len(priors):,} {side} priors for {count:,} {side}s")
    if not (priors >= 0).all():
        raise BadGraph(f"{side} priors must not be negative or NaN")
    return priors


def _in_units(name: str, amounts: Amounts, counts: npt.NDArray[Any]) -> Whole:
    """Whole units of ``amounts``, each of which is added up so many times."""
    if len(amounts) != len(counts):
        raise BadGraph(f"{len(amounts):,} {name} for {len(counts):,} nodes")
    total = float((np.abs(amounts) * counts).sum())
    if not total < LARGEST_TOTAL:
        raise BadGraph(f"{name} add up to {total:.3g}: must be below {LARGEST_TOTAL:,}")
    return np.rint(amounts * UNIT).astype(np.int64)
