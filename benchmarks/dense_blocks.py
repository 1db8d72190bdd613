"""Dense blocks of a large graph, beside the same peeling with Python's heapq on a sample.

Edges lie in a file; a measured process reads them, compresses the graph and peels it, so that its
peak memory is all that a night's job would take. The reference removes the same nodes in the same
order from one edge in twenty, or the benchmark fails. The most surprising block takes eight
peelings, the densest takes one. What numba takes to compile, once a machine, is told apart: it is
not in the seconds.
"""

import argparse
import heapq
import math
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from processes import CHILD, Measured, bench_folder, measure, tell

EDGES_A_USER: Final = 10
EDGES_A_TARGET: Final = 50
SAMPLED: Final = 20
"""One edge in so many is peeled by the reference, too."""

USER_TAIL, TARGET_TAIL = 1.5, 1.2
RING: Final = 200
UNIT: Final = 1 << 30
OFFSET: Final = 5.0
EDGES, SAMPLE = "edges.npy", "sample.npy"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--edges", type=int, default=10_000_000)
    arguments.add_argument("--sizes", default="", help="instead: millions of edges, as 1,10,50")
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument(CHILD, nargs="+", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.child:
        tell(_child(*options.child))
        return
    sizes = [int(float(size) * 1e6) for size in options.sizes.split(",") if size]
    for edges in sizes or [options.edges]:
        with tempfile.TemporaryDirectory(prefix="dense-blocks-", dir=bench_folder()) as home:
            compare(Path(home), edges, options.runs)


def _child(way: str, home: str, *arguments: str) -> Any:
    os.environ["NUMBA_CACHE_DIR"] = f"{home}/compiled"
    match way:
        case "make":
            return make(Path(home), int(arguments[0]))
        case "naive":
            return naive(Path(home) / arguments[0])
        case _:
            return ours(Path(home) / arguments[0], way)


def make(home: Path, edges: int) -> int:
    """Write a graph with heavy tails on both sides and one ring in it. Returns its edges."""
    random = np.random.default_rng(7)
    users, targets = edges // EDGES_A_USER, edges // EDGES_A_TARGET
    activity = np.cumsum(random.pareto(USER_TAIL, users) + 1)
    popularity = np.cumsum(random.pareto(TARGET_TAIL, targets) + 1)
    keys = _ring(random, users, targets)
    while len(keys) < edges:
        drawn = np.searchsorted(activity, random.random(edges) * activity[-1]) * targets
        drawn += np.searchsorted(popularity, random.random(edges) * popularity[-1])
        keys = pl.Series(np.append(keys, drawn)).unique(maintain_order=True).to_numpy()
    keys = random.permutation(keys[:edges])
    pairs = np.stack([keys // targets, keys % targets]).astype(np.int32)
    np.save(home / EDGES, pairs)
    np.save(home / SAMPLE, pairs[:, : edges // SAMPLED])
    return edges


def _ring(random: np.random.Generator, users: int, targets: int) -> npt.NDArray[np.int64]:
    members = random.choice(users, RING, replace=False)
    goals = random.choice(targets, RING, replace=False)
    pairs = np.add.outer(members * targets, goals).ravel()
    return np.asarray(pairs[random.random(RING * RING) < 0.5], np.int64)


def ours(file: Path, way: str) -> dict[str, Any]:
    """Seconds of compiling, compressing and peeling, and what was found."""
    started = time.perf_counter()
    from models.rings.dense_blocks import dense_blocks
    from models.rings.graph import BipartiteGraph
    from models.rings.surprising import surprising_blocks

    find = {"densest": dense_blocks, "surprising": surprising_blocks}[way]
    few = np.array([0, 1, 1], np.int32)
    find(BipartiteGraph.from_codes(few, few), blocks=1)
    users, targets = np.load(file)
    compiled, cpu = time.perf_counter(), time.process_time()
    graph = BipartiteGraph.from_codes(users, targets)
    compressed = time.perf_counter()
    [block] = find(graph, blocks=1)
    return {
        "compile": compiled - started,
        "compress": compressed - compiled,
        "peel": time.perf_counter() - compressed,
        "cpu": time.process_time() - cpu,
        "edges": graph.edge_count,
        "block": [block.users.tolist(), block.targets.tolist()],
        "density": block.density,
    }


def naive(file: Path) -> dict[str, Any]:
    """The same in plain Python: sets of neighbours, and a heap in which old entries stay."""
    users, targets = np.load(file)
    user_count, target_count = int(users.max()) + 1, int(targets.max()) + 1
    edges = list(zip(users.tolist(), targets.tolist(), strict=True))
    started, cpu = time.perf_counter(), time.process_time()
    neighbours: list[set[int]] = [set() for _ in range(user_count + target_count)]
    for user, target in edges:
        neighbours[user].add(user_count + target)
        neighbours[user_count + target].add(user)
    weights = [round(UNIT / math.log(OFFSET + len(n))) for n in neighbours[user_count:]]
    order, removed, density = _peeled(neighbours, [0] * user_count + weights, user_count)
    kept = sorted(order[removed:])
    return {
        "compress": 0.0,
        "peel": time.perf_counter() - started,
        "cpu": time.process_time() - cpu,
        "edges": sum(map(len, neighbours)) // 2,
        "block": [
            [node for node in kept if node < user_count],
            [node - user_count for node in kept if node >= user_count],
        ],
        "density": density,
    }


def _peeled(
    neighbours: list[set[int]], weights: list[int], user_count: int
) -> tuple[list[int], int, float]:
    held = [sum(weights[other] for other in others) for others in neighbours[:user_count]]
    held += [
        len(others) * weight
        for others, weight in zip(neighbours[user_count:], weights[user_count:], strict=True)
    ]
    heap = [(weight, node) for node, weight in enumerate(held)]
    heapq.heapify(heap)
    total, order, best, removed = sum(held[:user_count]), [], -1.0, 0
    while heap:
        weight, node = heapq.heappop(heap)
        if held[node] != weight:
            continue
        if (density := total / UNIT / (len(held) - len(order))) > best:
            best, removed = density, len(order)
        held[node] = -1
        order.append(node)
        total -= weight
        for other in neighbours[node]:
            if held[other] >= 0:
                held[other] -= weights[max(node, other)]
                heapq.heappush(heap, (held[other], other))
    return order, removed, best


def compare(home: Path, edges: int, runs: int) -> None:
    """Make a graph of a size, measure both ways in turn, and print."""
    measure(__file__, "make", home, str(edges))
    first = measure(__file__, "densest", home, SAMPLE).told
    print(f"\n{edges:,} edges; compiling took {first['compile']:.1f} s, once; {runs} runs")
    head = ("edges", "compress s", "peel s", "edges/s", "edges/CPU s", "peak MiB", "x reference")
    print(" " * 20 + "".join(h.rjust(13) for h in head))
    turns = [
        {
            "reference, sample": measure(__file__, "naive", home, SAMPLE),
            "densest, sample": measure(__file__, "densest", home, SAMPLE),
            "densest": measure(__file__, "densest", home, EDGES),
            "most surprising": measure(__file__, "surprising", home, EDGES),
        }
        for _ in range(runs)
    ]
    references = [turn["reference, sample"] for turn in turns]
    for way in turns[0]:
        _print(way, [turn[way] for turn in turns], [_speed(r) for r in references])
    ours_too = [turn["densest, sample"] for turn in turns]
    if any(r.told["block"] != o.told["block"] for r, o in zip(references, ours_too, strict=True)):
        raise SystemExit("the reference found another block")
    print("the reference found the same block in the sample")


def _print(way: str, runs: list[Measured], reference: list[float]) -> None:
    ratio = statistics.median(_speed(r) / slow for r, slow in zip(runs, reference, strict=True))
    print(
        f"{way:20}{runs[0].told['edges']:13,}"
        f"{statistics.median(r.told['compress'] for r in runs):13.2f}"
        f"{statistics.median(r.told['peel'] for r in runs):13.2f}"
        f"{statistics.median(map(_speed, runs)):13,.0f}"
        f"{statistics.median(r.told['edges'] / r.told['cpu'] for r in runs):13,.0f}"
        f"{max(r.peak_mebibytes for r in runs):13,.0f}{ratio:13.1f}"
    )


def _speed(run: Measured) -> float:
    """Edges a second, from loose edges to the block."""
    return float(run.told["edges"] / (run.told["compress"] + run.told["peel"]))


if __name__ == "__main__":
    main()
