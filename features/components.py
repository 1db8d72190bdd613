"""Connected parts of a graph."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Nodes = NDArray[np.int32]


def components(nodes: int, ones: Nodes, others: Nodes) -> Nodes:
    """For each of so many nodes the least node that edges lead to from it, at last itself.

    Union by the lesser root, with halved paths (Tarjan 1975); an edge joins one and another.
    """
    return _roots(nodes, ones, others)


@njit(cache=True, nogil=True)
def _roots(nodes: int, ones: Nodes, others: Nodes) -> Nodes:
    above = np.arange(nodes).astype(np.int32)
    for edge in range(len(ones)):
        one, other = _root(above, ones[edge]), _root(above, others[edge])
        above[max(one, other)] = min(one, other)
    for node in range(nodes):
        above[node] = _root(above, node)
    return above


@njit(cache=True, nogil=True)
def _root(above: Nodes, node: int) -> int:
    while above[node] != node:
        above[node] = above[above[node]]
        node = above[node]
    return node
