"""Of all that is dense, what chance explains least: several proposals, and a second look at each.

Peeling by popularity finds the busiest people of a graph before a ring of middling density, and
peeling by chance overlooks a ring that makes up much of its graph. So both propose, every proposal
is looked at again by what its members do elsewhere, and the most surprising block is taken.
"""

from collections.abc import Iterator
from typing import Final

from models.rings.dense_blocks import Block, dense_blocks
from models.rings.graph import BipartiteGraph
from models.rings.weights import LIKELY, by_chance

BY_POPULARITY: Final = 2
"""Proposals by popularity: the busiest people, and whom they hide."""

STRICTER: Final = 1 / 100
"""Finds thinner rings, but trims those that it shares with the milder proposals."""

MUCH_MORE: Final = 1.25
"""So many times the surprise it takes to prefer the stricter."""


def surprising_blocks(graph: BipartiteGraph, *, blocks: int) -> list[Block]:
    """Up to ``blocks`` blocks, most surprising first of what is left without those before.

    Their density is in the weights that found each: compare them by ``surprise``.
    Takes eight peelings of the graph a block.
    """
    found: list[Block] = []
    while len(found) < blocks and (best := _most_surprising(graph)):
        found.append(best)
        graph = graph.without_block(best.users, best.targets)
    return found


def _most_surprising(graph: BipartiteGraph) -> Block | None:
    mild = max(_proposals(graph), key=_surprise, default=None)
    strict = max(_by_chance(graph, STRICTER), key=_surprise, default=None)
    if mild and strict:
        return strict if strict.surprise > MUCH_MORE * mild.surprise else mild
    return mild or strict


def _surprise(block: Block) -> float:
    return block.surprise


def _proposals(graph: BipartiteGraph) -> Iterator[Block]:
    for block in dense_blocks(graph, blocks=BY_POPULARITY):
        yield from _looked_at_again(graph, block, LIKELY)
    yield from _by_chance(graph, LIKELY)


def _by_chance(graph: BipartiteGraph, likely: float) -> Iterator[Block]:
    for block in dense_blocks(graph, blocks=1, weights=by_chance(graph, likely=likely)):
        yield from _looked_at_again(graph, block, likely)


def _looked_at_again(graph: BipartiteGraph, block: Block, likely: float) -> Iterator[Block]:
    """The block, and what is densest when its inner edges say nothing of who is busy."""
    yield block
    weights = by_chance(graph, likely=likely, apart_from=(block.users, block.targets))
    yield from dense_blocks(graph, blocks=1, weights=weights)
