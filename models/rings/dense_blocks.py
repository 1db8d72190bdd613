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
from models.rings.peeling import Amounts, peel

POPULARITY_OFFSET: Final = 5.0
"""The paper's c: keeps targets with few users from weighing without bound."""

UNIT: Final = 1 << 32
"""Weights are whole multiples of 1 / UNIT: sums are exact, a rounded weight is off by 1e-10."""

LARGEST_TOTAL: Final = 1 << 28
"""Of edges, of users and of targets: together they fit into 63 bits."""

Priors = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Block:
    """Users and targets, by code and ascending, and the edges between them.

    density: weight of edges and priors per user and target, the paper's g
    expected_edges: edges between them if everybody kept their number of edges, met at random
    """

    users: Codes
    targets: Codes
    edges: int
    density: float
    expected_edges: float

    @property
    def surprise(self) -> float:
        """Log likelihood ratio of that many edges against the expected ones [nats]; not below 0.

        Dense because everybody in it is busy: near 0. It orders blocks; it accuses nobody.
        """
        if self.edges <= self.expected_edges:
            return 0.0
        excess = self.edges - self.expected_edges
        return float(self.edges * np.log(self.edges / self.expected_edges) - excess)


def dense_blocks(
    graph: BipartiteGraph,
    *,
    blocks: int,
    popularity_offset: float = POPULARITY_OFFSET,
    user_priors: Priors | None = None,
    target_priors: Priors | None = None,
) -> list[Block]:
    """Up to ``blocks`` blocks, each without the edges of those before; fewer if edges run out.

    An edge weighs 1 / log(offset + users of its target), counted in the whole graph. Priors are
    what speaks against a user or target by itself (newness, say), on the scale of these weights.
    Same graph, same blocks: ties go to the least code, the larger of equally dense blocks stays.

    Raises:
        BadGraph: priors are negative, not finite, or not one a node; or weights are out of range.
    """
    edge_weights = _edge_weights(graph, popularity_offset)
    node_weights = np.concatenate(
        [
            _node_weights("user", user_priors, graph.user_count),
            _node_weights("target", target_priors, graph.target_count),
        ]
    )
    return list(islice(_found(graph, edge_weights, node_weights), blocks))


def _found(graph: BipartiteGraph, edge_weights: Amounts, node_weights: Amounts) -> Iterator[Block]:
    remaining = graph
    while remaining.edge_count:
        block = _densest(graph, remaining, edge_weights, node_weights)
        if not block.edges:
            return
        yield block
        remaining = remaining.without_block(block.users, block.targets)


def _densest(
    graph: BipartiteGraph, remaining: BipartiteGraph, edge_weights: Amounts, node_weights: Amounts
) -> Block:
    order, removed, weight = peel(
        remaining.target_starts,
        remaining.targets,
        remaining.user_starts,
        remaining.users,
        edge_weights,
        node_weights,
    )
    kept = np.sort(order[removed:])
    users = kept[kept < graph.user_count]
    targets = kept[kept >= graph.user_count] - np.int32(graph.user_count)
    return Block(
        users=users,
        targets=targets,
        edges=remaining.edges_between(users, targets),
        density=weight / UNIT / len(kept),
        expected_edges=_expected_edges(graph, users, targets),
    )


def _expected_edges(graph: BipartiteGraph, users: Codes, targets: Codes) -> float:
    ends = graph.user_degrees[users].sum() * float(graph.target_degrees[targets].sum())
    return float(ends / graph.edge_count)


def _edge_weights(graph: BipartiteGraph, popularity_offset: float) -> Amounts:
    if not popularity_offset > 1:
        raise BadGraph(f"popularity offset {popularity_offset}: must exceed 1, the log be positive")
    weights = 1 / np.log(popularity_offset + graph.target_degrees)
    return _in_units("edges", weights, total=float((weights * graph.target_degrees).sum()))


def _node_weights(name: str, priors: Priors | None, count: int) -> Amounts:
    if priors is None:
        return np.zeros(count, np.int64)
    if len(priors) != count:
        raise BadGraph(f"{len(priors):,} {name} priors for {count:,} {name}s")
    if not (np.isfinite(priors).all() and (priors >= 0).all()):
        raise BadGraph(f"{name} priors must be finite and not negative")
    return _in_units(f"{name} priors", priors, total=float(priors.sum()))


def _in_units(name: str, weights: Priors, total: float) -> Amounts:
    if total >= LARGEST_TOTAL:
        raise BadGraph(f"{name} weigh {total:.3g} together: must be below {LARGEST_TOTAL:,}")
    return np.rint(weights * UNIT).astype(np.int64)
