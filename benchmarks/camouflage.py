"""Planted blocks and how well they are found through their camouflage (FRAUDAR's experiment).

A ring of 200 users and 200 targets is planted in a graph of honest people. Its users hide: not at
all, behind as many edges to random targets as they have in the ring, behind as many to popular
ones, or they are hijacked accounts of honest users. Targets of the ring exist and keep their
honest users. Prints F1 of users and targets, median and range over seeds, of the densest block
(plain FRAUDAR) and of the most surprising one; nothing but the F1 looks at who was planted.
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
from models.rings.surprising import surprising_blocks

RING: Final = 200
DENSITIES: Final = (0.05, 0.1, 0.2, 0.5, 1.0)
WAYS: Final = ("densest", "most surprising", "its users")
CAMOUFLAGES: Final = ("none", "random", "biased", "hijacked")
REES46: Final = Path(__file__).parents[2] / "shared/data/rees46/2019-Oct_sample.csv.gz"

USERS, TARGETS, EDGES = 100_000, 20_000, 560_000
USER_TAIL, TARGET_TAIL = 1.5, 1.2
"""Shapes of Pareto distributions: the numbers of edges then fall with exponents 2.5 and 2.2."""

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Edges:
    """Loose edges; repeated ones count once."""

    users: Codes
    targets: Codes

    def count(self) -> int:
        return BipartiteGraph.from_codes(self.users, self.targets).edge_count

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
    """Print a line for each camouflage and density."""
    graphs = [honest(seed) for seed in range(options.seeds)]
    print(f"\n{name}: {graphs[0].count():,} edges, {options.seeds} seeds, F1")
    print(f"{'camouflage':12}{'density':8}" + "".join(way.ljust(23) for way in WAYS))
    for camouflage in CAMOUFLAGES:
        for density in options.densities:
            scores = [
                scored(graph, camouflage, density, np.random.default_rng([seed, RING]))
                for seed, graph in enumerate(graphs)
            ]
            spreads = map(_spread, zip(*scores, strict=True))
            print(f"{camouflage:12}{density:<8}" + "".join(spreads), flush=True)


def scored(
    honest: Edges, camouflage: str, density: float, random: np.random.Generator
) -> tuple[float, ...]:
    """F1 of the densest block, of the most surprising one, and of the latter's users alone."""
    planted = plant(honest, camouflage, density, random)
    [densest] = dense_blocks(planted.graph, blocks=1)
    [surprising] = surprising_blocks(planted.graph, blocks=1)
    return f1(densest, planted)[0], *f1(surprising, planted)


def _spread(values: tuple[float, ...]) -> str:
    spread = f"{statistics.median(values):.3f} [{min(values):.3f}, {max(values):.3f}]"
    return spread.ljust(23)


if __name__ == "__main__":
    main()
