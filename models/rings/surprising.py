"""Of all that is dense, what chance explains least: several proposals, and a second look at each.

Peeling by popularity finds the busiest people of a graph before a ring of middling density, and
peeling by chance overlooks a ring that makes up much of its graph. So both propose, every proposal
is looked at again by what its members do elsewhere, and the most surprising block is taken.
"""

from collections.abc import Iterator
from typing import Final

from models.rings.dense_blocks import Block, dense_blocks
from models.rings.graph import BipartiteGraph
from models.rings.weights import by_chance

PROPOSALS: Final = 2
"""By popularity: the busiest people, and whom they hide."""


def surprising_blocks(graph: BipartiteGraph, *, blocks: int) -> list[Block]:
    """Up to ``blocks`` blocks, most surprising first of what is left without those before.

    Their density is in the weights that found each: compare them by ``surprise``. About six
    peelings of the graph a block.
    """
    found: list[Block] = []
    while len(found) < blocks and (proposed := list(_proposals(graph))):
        best = max(proposed, key=lambda block: block.surprise)
        found.append(best)
        graph = graph.without_block(best.users, best.targets)
    return found


def _proposals(graph: BipartiteGraph) -> Iterator[Block]:
    first = dense_blocks(graph, blocks=PROPOSALS)
    first += dense_blocks(graph, blocks=1, weights=by_chance(graph))
    for block in first:
        yield block
        elsewhere = by_chance(graph, apart_from=(block.users, block.targets))
        yield from dense_blocks(graph, blocks=1, weights=elsewhere)
