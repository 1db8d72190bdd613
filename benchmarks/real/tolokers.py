"""Tolokers: which crowd workers are banned, from whom they shared tasks with.

A worker is described by their own features, those of neighbours one to three hops away, the
divisions of the graph, and the cross-fitted labels of who stands near by. Labels are those of the
training part only; ``--part validation`` is for choosing, the test part for reporting.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from marks import DATA, METRICS, Array, over_runs, show

from features.communities import nearest_rates, spectral_coordinates
from features.cross_fitting import cross_fitted, grouped_folds
from features.neighbours import Ties, neighbour_aggregates, reached_means
from models.scores.booster import Booster

FILE: Final = "tolokers/tolokers.npz"
MASKS: Final = {"validation": "val_masks", "test": "test_masks"}
AIMS: Final = {"AUC": (0.862, 0.864), "AP": (0.615, 0.621)}
FOLDS: Final = 10
PARAMETERS: Final[dict[str, Any]] = {
    "folds": 2,
    "learning_rate": 0.05,
    "max_iter": 200,
    "max_features": 0.3,
}


@dataclass(frozen=True)
class Workers:
    """Who worked: own features, a row each, ties by id, and whether they were banned."""

    ids: pl.Series
    own: pl.DataFrame
    edges: pl.DataFrame
    banned: Array


def load(data: Path) -> tuple[Workers, dict[str, npt.NDArray[np.bool_]]]:
    """The workers, and for each part of the data a mask a split, shape (splits, workers)."""
    arrays = np.load(data / FILE)
    own = pl.from_numpy(arrays["node_features"].astype(float))
    edges = pl.from_numpy(arrays["edges"].astype(np.int64), schema=["one", "other"])
    banned = arrays["node_labels"].astype(float)
    ids = pl.Series("worker_id", np.arange(len(banned)))
    masks = {part: arrays[name] for part, name in MASKS.items()}
    return Workers(ids, own, edges, banned), {"training": arrays["train_masks"], **masks}


def described(workers: Workers) -> pl.DataFrame:
    """What needs no labels, a row a worker."""
    walk = Ties(workers.ids, workers.edges)
    own = workers.own.with_columns(neighbours_log=np.log1p(walk.neighbours))
    around = neighbour_aggregates(own, walk, hops=3)
    return pl.concat([own, around, spectral_coordinates(walk)], how="horizontal")


def scored(workers: Workers, told: pl.DataFrame, labels: Array, seeds: int) -> Array:
    """Log odds of each worker, the mean of several boosters.

    Args:
        told: from ``described``.
        labels: shape (workers,), NaN where hidden.
        seeds: how many boosters.
    """
    walk = Ties(workers.ids, workers.edges)
    near_by = nearest_rates(told.select(pl.col("^division_.*$")))

    def encode(seen: Array) -> Array:
        return np.column_stack([near_by(seen), reached_means(walk, seen, 2)[:, :2]])

    folds = grouped_folds(workers.ids, FOLDS, random_state=0)
    encoded = pl.from_numpy(cross_fitted(encode, labels, folds)).select(pl.all().name.prefix("e_"))
    frame = pl.concat([told, encoded.fill_nan(None)], how="horizontal")
    known = pl.Series(labels).fill_nan(None)
    boosters = [Booster(random_state=seed, **PARAMETERS).fit(frame, known) for seed in range(seeds)]
    return np.asarray(np.mean([b.decision_function(frame) for b in boosters], axis=0))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--data", type=Path, default=DATA)
    arguments.add_argument("--part", choices=MASKS, default="test")
    arguments.add_argument("--splits", type=int, default=10)
    arguments.add_argument("--seeds", type=int, default=3, help="boosters to average")
    options = arguments.parse_args()
    workers, masks = load(options.data)
    told = described(workers)
    reached: dict[str, list[float]] = {name: [] for name in METRICS}
    for split in range(options.splits):
        labels = np.where(masks["training"][split], workers.banned, np.nan)
        scores = scored(workers, told, labels, options.seeds)
        part = masks[options.part][split]
        for name, metric in METRICS.items():
            reached[name].append(metric(workers.banned[part], scores[part]))
        print(split, *(f"{name} {values[-1]:.4f}" for name, values in reached.items()), flush=True)
    marks = [
        over_runs(name, values, aim=AIMS[name][0], careful_try=AIMS[name][1])
        for name, values in reached.items()
    ]
    show(f"Tolokers, {options.part} part of {options.splits} official splits", marks)


if __name__ == "__main__":
    main()
