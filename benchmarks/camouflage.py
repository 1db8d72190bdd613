"""Planted blocks and how well they are found through their camouflage (FRAUDAR's experiment).

A ring of 200 users and 200 targets is planted in a graph of honest people. Its users hide: not at
all, behind as many edges to random targets as they have in the ring, behind as many to popular
ones, or they are hijacked accounts of honest users. Targets of the ring exist and keep their
honest users. Prints F1 of the users and targets found, median and range over seeds.
"""

import argparse
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from models.rings.dense_blocks import Block, dense_blocks
from models.rings.graph import BipartiteGraph

RING: Final = 200
DENSITIES: Final = (0.05, 0.1, 0.2, 0.5, 1.0)
CAMOUFLAGES: Final = ("none", "random", "biased", "hijacked")
REES46: Final = Path(__file__).parents[2] / "shared/data/rees46/2019-Oct_sample.csv.gz"

USERS, TARGETS, EDGES = 100_000, 20_000, 560_000
USER_TAIL, TARGET_TAIL = 1.5, 1.2
"""Shapes of Pareto distributions: the numbers of edges then fall with exponents 2.5 and 2.2."""

BLOCKS: Final = 8
"""Of these, the one whose number of edges surprises most is taken, without a look at the truth."""

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Edges:
    """Loose edges; repeated ones count once."""

    users: Codes
    targets: Codes

    def __add__(self, other: "Edges") -> "Edges":
        return Edges(
            np.concatenate([self.users, other.users]),
            np.concatenate([self.targets, other.targets]),
        )


@dataclass(frozen=True)
class Planted:
    """A graph and who is in the ring."""

    graph: BipartiteGraph
    users: Codes
    targets: Codes


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seeds", type=int, default=5)
    arguments.add_argument("--blocks", type=int, default=BLOCKS)
    arguments.add_argument("--rees46", type=Path, default=REES46, help="the shop's clickstream")
    arguments.add_argument("--densities", type=float, nargs="*", default=DENSITIES)
    options = arguments.parse_args()
    report("power law", lambda seed: power_law(np.random.default_rng(seed)), options)
    if options.rees46.is_file():
        shop = clickstream(options.rees46)
        report("REES46", lambda _: shop, options)
    else:
        print(f"\nREES46: no file {options.rees46}; not measured")


def power_law(random: np.random.Generator) -> Edges:
    """Edges drawn by how active users and how popular targets are, both with heavy tails."""
    activity = np.cumsum(random.pareto(USER_TAIL, USERS) + 1)
    popularity = np.cumsum(random.pareto(TARGET_TAIL, TARGETS) + 1)
    keys = np.empty(0, np.int64)
    while len(keys) < EDGES:
        drawn = np.searchsorted(activity, random.random(EDGES // 4) * activity[-1]) * TARGETS
        drawn += np.searchsorted(popularity, random.random(EDGES // 4) * popularity[-1])
        keys = np.union1d(keys, drawn)
    keys = random.permutation(keys)[:EDGES]
    return Edges(keys // TARGETS, keys % TARGETS)


def clickstream(file: Path) -> Edges:
    """Who viewed, carted or bought which product."""
    rows = pl.read_csv(file, columns=["user_id", "product_id"])
    codes = rows.select(pl.all().rank("dense").cast(pl.Int64) - 1)
    return Edges(codes["user_id"].to_numpy(), codes["product_id"].to_numpy())


def plant(honest: Edges, camouflage: str, density: float, random: np.random.Generator) -> Planted:
    """Add a ring: each of its users acts on each of its targets with probability ``density``."""
    user_count, target_count = int(honest.users.max()) + 1, int(honest.targets.max()) + 1
    if camouflage == "hijacked":
        users = random.choice(user_count, RING, replace=False)
    else:
        users = np.arange(user_count, user_count + RING)
    targets = random.choice(target_count, RING, replace=False)
    row, column = np.nonzero(random.random((RING, RING)) < density)
    ring = Edges(users[row], targets[column])
    edges = honest + ring
    if camouflage == "random":
        edges += Edges(ring.users, random.choice(target_count, len(row)))
    if camouflage == "biased":
        edges += Edges(ring.users, random.choice(honest.targets, len(row)))
    graph = BipartiteGraph.from_codes(
        edges.users, edges.targets, user_count=user_count + RING, target_count=target_count
    )
    return Planted(graph, users, targets)


def f1(found: Block, planted: Planted) -> tuple[float, float]:
    """Of users and targets together, and of users alone."""
    users = len(np.intersect1d(found.users, planted.users))
    targets = len(np.intersect1d(found.targets, planted.targets))
    both = len(found.users) + len(found.targets)
    return 2 * (users + targets) / (both + 2 * RING), 2 * users / (len(found.users) + RING)


def report(name: str, honest: Callable[[int], Edges], options: argparse.Namespace) -> None:
    """Print a line for each camouflage and density: the first block, and the most surprising."""
    graphs = [honest(seed) for seed in range(options.seeds)]
    print(f"\n{name}: {len(graphs[0].users):,} edges, {options.seeds} seeds")
    for camouflage in CAMOUFLAGES:
        for density in options.densities:
            scores = [
                scored(graph, camouflage, density, seed, options.blocks)
                for seed, graph in enumerate(graphs)
            ]
            print(f"{camouflage:10}{density:6}", *map(_spread, zip(*scores, strict=True)))


def scored(
    honest: Edges, camouflage: str, density: float, seed: int, blocks: int
) -> tuple[float, ...]:
    """F1 of the first block, of the chosen one, and of its users alone."""
    planted = plant(honest, camouflage, density, np.random.default_rng([seed, RING]))
    found = dense_blocks(planted.graph, blocks=blocks)
    chosen = max(found, key=lambda block: block.surprise)
    return f1(found[0], planted)[0], *f1(chosen, planted)


def _spread(values: tuple[float, ...]) -> str:
    return f"{statistics.median(values):8.3f} [{min(values):.3f}, {max(values):.3f}]"


if __name__ == "__main__":
    main()
