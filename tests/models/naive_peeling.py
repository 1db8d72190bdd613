"""FRAUDAR as the paper tells it, in plain Python: slow, and nothing is kept between two steps."""

from fractions import Fraction
from math import log

UNIT = 1 << 30

Edge = tuple[int, int]
Node = tuple[int, int]
"""Side and code; users come first."""

USER, TARGET = 0, 1


def by_popularity(edges: set[Edge], offset: float = 5.0) -> dict[Edge, int]:
    """Whole units that each edge weighs."""
    targets = [target for _, target in edges]
    return {(u, t): round(UNIT / log(offset + targets.count(t))) for u, t in edges}


def densest(
    weights: dict[Edge, int], users: int, targets: int, priors: dict[Node, int]
) -> tuple[set[Node], Fraction]:
    """The best of all sets that are left over while the weakest node is removed."""
    left = {(USER, u) for u in range(users)} | {(TARGET, t) for t in range(targets)}
    best: tuple[set[Node], Fraction] = (set(), Fraction(-1))
    while left:
        held = {node: priors.get(node, 0) for node in left}
        total = sum(held.values())
        for (u, t), weight in weights.items():
            if (USER, u) in left and (TARGET, t) in left:
                held[USER, u] += weight
                held[TARGET, t] += weight
                total += weight
        density = Fraction(total, UNIT * len(left))
        if density > best[1]:
            best = set(left), density
        left.remove(min(left, key=lambda node: (held[node], node)))
    return best


def blocks(
    weights: dict[Edge, int], users: int, targets: int, priors: dict[Node, int], most: int
) -> list[tuple[set[int], set[int], Fraction]]:
    """Users, targets and density of one block after the other."""
    found: list[tuple[set[int], set[int], Fraction]] = []
    while weights and len(found) < most:
        nodes, density = densest(weights, users, targets, priors)
        inside = {(u, t) for u, t in weights if {(USER, u), (TARGET, t)} <= nodes}
        if not (inside and density):
            break
        in_users = {code for side, code in nodes if side == USER}
        found.append((in_users, {code for side, code in nodes if side == TARGET}, density))
        weights = {edge: weight for edge, weight in weights.items() if edge not in inside}
    return found
