"""Greedy peeling: away with the node that holds least, until none is left; the best moment stays.

Charikar (2000), as FRAUDAR weights it (Hooi et al., KDD 2016). Everything is added up in whole
numbers, so that no result depends on the order of an addition and every tie is a real one.

The smallest node is looked up in a shallow tree of minima: what each node holds, the minimum of
every ``WIDTH`` of these, of every ``WIDTH`` of those, and again. Nodes only ever lose, so that an
edge costs one subtraction and one comparison, and only a new minimum climbs further. Whether a
neighbour is still there is not asked: no branch to guess wrongly, so that the processor fetches
many neighbours at once (on 10 M edges, less than half the time).
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from models.rings.compiled import compiled
from models.rings.compression import Codes, Starts

Amounts = npt.NDArray[np.int64]

BITS: Final = np.uint64(6)
WIDTH: Final = 1 << 6
GONE: Final = np.iinfo(np.int64).max
"""What removed nodes hold: whatever they lose still, it stays more than others ever have."""


def peel(
    target_starts: Starts,
    targets: Codes,
    user_starts: Starts,
    users: Codes,
    user_weights: Amounts,
    target_weights: Amounts,
    node_weights: Amounts,
) -> tuple[Codes, int, int]:
    """Remove nodes one by one, the one that holds least first; of equals, the one with least code.

    Nodes are users, then targets. An edge weighs what its user and its target say together,
    ``user_weights[i] + target_weights[j]``, but not less than nothing; a node holds its own weight
    and that of its remaining edges.

    Returns:
        The nodes in the order of their removal, how many were removed when the weight of the rest
        per node was largest (the earliest such moment), and the weight of that rest.
    """
    weights = (user_weights, target_weights)
    held, total = _held(target_starts, targets, *weights, node_weights)
    return _peel(target_starts, targets, user_starts, users, *weights, *_minima(held), total)


@compiled
def _held(
    target_starts: Starts,
    targets: Codes,
    user_weights: Amounts,
    target_weights: Amounts,
    node_weights: Amounts,
) -> tuple[Amounts, int]:
    """What each node holds at first, and the weight of everything."""
    user_count = len(user_weights)
    held = node_weights.copy()
    total = node_weights.sum()
    for user in range(user_count):
        for i in range(target_starts[user], target_starts[user + 1]):
            weight = max(user_weights[user] + target_weights[targets[i]], 0)
            held[user] += weight
            held[user_count + targets[i]] += weight
            total += weight
    return held, total


def _minima(held: Amounts) -> tuple[Amounts, Amounts, Amounts, Amounts]:
    """Four floors of minima; all but the last are filled up to a multiple of ``WIDTH``."""
    lowest = _filled(held)
    second = _filled(lowest.reshape(-1, WIDTH).min(axis=1))
    third = _filled(second.reshape(-1, WIDTH).min(axis=1))
    return lowest, second, third, third.reshape(-1, WIDTH).min(axis=1)


def _filled(amounts: Amounts) -> Amounts:
    return np.append(amounts, np.full(-len(amounts) % WIDTH, GONE))


@compiled
def _peel(
    target_starts: Starts,
    targets: Codes,
    user_starts: Starts,
    users: Codes,
    user_weights: Amounts,
    target_weights: Amounts,
    first: Amounts,
    second: Amounts,
    third: Amounts,
    fourth: Amounts,
    total: int,
) -> tuple[Codes, int, int]:
    user_count = len(target_starts) - 1
    node_count = user_count + len(user_starts) - 1
    users_differ = user_weights.any()
    order = np.empty(node_count, np.int32)
    best_removed, best_total = 0, total
    for removed in range(node_count):
        if _is_more(total, node_count - removed, best_total, node_count - best_removed):
            best_removed, best_total = removed, total
        node = _smallest(first, second, third, fourth)
        order[removed] = node
        total -= first[node]
        _take_out(node, first, second, third, fourth)
        if node < user_count:
            for i in range(target_starts[node], target_starts[node + 1]):
                weight = max(user_weights[node] + target_weights[targets[i]], 0)
                _lose(user_count + targets[i], weight, first, second, third, fourth)
        else:
            target = node - user_count
            for i in range(user_starts[target], user_starts[target + 1]):
                own = user_weights[users[i]] if users_differ else 0
                weight = max(own + target_weights[target], 0)
                _lose(users[i], weight, first, second, third, fourth)
    return order, best_removed, best_total


@compiled
def _is_more(total: int, nodes: int, best_total: int, best_nodes: int) -> bool:
    """Whether ``total / nodes`` exceeds ``best_total / best_nodes``, without rounding."""
    whole, best_whole = total // nodes, best_total // best_nodes
    if whole != best_whole:
        return whole > best_whole
    return (total % nodes) * best_nodes > (best_total % best_nodes) * nodes


@compiled
def _smallest(first: Amounts, second: Amounts, third: Amounts, fourth: Amounts) -> int:
    place = _place_of_minimum(fourth, 0, len(fourth))
    place = _place_of_minimum(third, place * WIDTH, WIDTH)
    place = _place_of_minimum(second, place * WIDTH, WIDTH)
    return _place_of_minimum(first, place * WIDTH, WIDTH)


@compiled
def _place_of_minimum(amounts: Amounts, start: int, length: int) -> int:
    """Of equals, the first."""
    least = _minimum(amounts, start, length)
    place = start
    while amounts[place] != least:
        place += 1
    return place


@compiled
def _minimum(amounts: Amounts, start: int, length: int) -> int:
    part = amounts[start : start + length]  # a loop from 0 becomes vector instructions
    least = part[0]
    for i in range(len(part)):
        least = min(least, part[i])
    return int(least)


@compiled
def _take_out(node: int, first: Amounts, second: Amounts, third: Amounts, fourth: Amounts) -> None:
    first[node] = GONE
    place = node // WIDTH
    second[place] = _minimum(first, place * WIDTH, WIDTH)
    place //= WIDTH
    third[place] = _minimum(second, place * WIDTH, WIDTH)
    place //= WIDTH
    fourth[place] = _minimum(third, place * WIDTH, WIDTH)


@compiled
def _lose(
    node: int, weight: int, first: Amounts, second: Amounts, third: Amounts, fourth: Amounts
) -> None:
    place = np.uint64(node)  # unsigned: no check for an index from the end
    left = first[place] - weight
    first[place] = left
    place >>= BITS
    if left < second[place]:
        second[place] = left
        place >>= BITS
        if left < third[place]:
            third[place] = left
            place >>= BITS
            if left < fourth[place]:
                fourth[place] = left
