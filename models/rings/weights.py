"""How much an edge says: its user's part and its target's part together, but not below nothing."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.rings.compression import Codes
from models.rings.graph import BadGraph, BipartiteGraph

POPULARITY_OFFSET: Final = 5.0
"""The paper's c: keeps targets with few users from weighing without bound."""

LIKELY: Final = 1 / 3
"""An edge that chance makes this often, or more often, says nothing."""

Amounts = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Weights:
    """One part for each user and one for each target."""

    users: Amounts
    targets: Amounts


def by_popularity(graph: BipartiteGraph, offset: float = POPULARITY_OFFSET) -> Weights:
    """FRAUDAR's: 1 / log(offset + users of the target), whoever the user is.

    What an account does elsewhere cannot make its edges in a ring lighter (the paper's theorem 2).

    Raises:
        BadGraph: the logarithm would not be positive.
    """
    if not offset > 1:
        raise BadGraph(f"popularity offset {offset}: must exceed 1, so that the log is positive")
    return Weights(np.zeros(graph.user_count), 1 / np.log(offset + graph.target_degrees))


def by_chance(
    graph: BipartiteGraph,
    *,
    likely: float = LIKELY,
    apart_from: tuple[Codes, Codes] | None = None,
) -> Weights:
    """How unlikely an edge is by chance: log(likely * edges / (user's degree * target's)) [nats].

    Where the busiest people of a graph meet at its most popular targets, by_popularity finds them;
    here their edges weigh nothing. The price: ten times the camouflage costs a ring's edge 2.3.

    Edges within ``apart_from``, users and targets, do not count as degrees: what is asked is how
    unlikely they are by what these nodes do elsewhere. Each node counts one edge more than it has.
    """
    users, targets = graph.user_degrees + 1.0, graph.target_degrees + 1.0
    edges = graph.edge_count + 1.0
    if apart_from is not None:
        of_users, of_targets = graph.degrees_within(*apart_from)
        users[apart_from[0]] -= of_users
        targets[apart_from[1]] -= of_targets
        edges -= of_users.sum()
    return Weights(np.log(likely * edges / users), -np.log(targets))
