"""Scores of real data are told by conduct: neither the order of rows nor the ids say anything."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import polars as pl
import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks" / "real"


@pytest.fixture
def yelpchi(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(FOLDER)
    module = import_module("yelpchi")
    monkeypatch.setattr(module, "PARAMETERS", module.PARAMETERS | {"max_iter": 20})
    return module


@pytest.fixture
def tolokers(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(FOLDER)
    module = import_module("tolokers")
    monkeypatch.setattr(module, "PARAMETERS", module.PARAMETERS | {"max_iter": 20})
    return module


def reviews() -> pl.DataFrame:
    rng = np.random.default_rng(0)
    users, products = rng.integers(0, 300, 600), rng.integers(0, 12, 600)
    return pl.DataFrame(
        {
            "review_id": [f"r{i}" for i in range(600)],
            "user_id": [f"u{u}" for u in users],
            "product_id": [f"p{p}" for p in products],
            "review_prior": rng.uniform(0.01, 0.9, 600),
            "user_prior": rng.uniform(0.1, 0.6, 300)[users],
            "product_prior": rng.uniform(0.2, 0.6, 12)[products],
            "is_filtered": (rng.random(300) < 0.3).astype(int)[users],
        }
    )


def with_labels(
    yelpchi: ModuleType, frame: pl.DataFrame, known: np.ndarray, seed: int = 0
) -> np.ndarray:
    labels = np.where(known, frame["is_filtered"].to_numpy(), np.nan)
    told = yelpchi.described(frame)
    return yelpchi.with_labels(frame, told, labels, "user_id", boosters=1, seed=seed)


def rekeyed(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    return frame.with_columns(pl.col(column).hash(seed=9).cast(pl.String) for column in columns)


def test_reviews_in_another_order_under_other_ids_are_as_suspicious(yelpchi: ModuleType) -> None:
    frame, order = reviews(), np.random.default_rng(1).permutation(600)
    other = rekeyed(frame[order], "review_id", "user_id", "product_id")
    before = yelpchi.without_labels(frame)
    assert yelpchi.without_labels(other) == pytest.approx(before[order])


def test_reviews_in_another_order_score_the_same(yelpchi: ModuleType) -> None:
    frame, order = reviews(), np.random.default_rng(1).permutation(600)
    known = np.random.default_rng(2).random(600) < 0.5
    before, after = (
        with_labels(yelpchi, f, k) for f, k in ((frame, known), (frame[order], known[order]))
    )
    assert np.corrcoef(after, before[order])[0, 1] > 0.99


def test_other_ids_change_scores_no_more_than_another_seed_does(yelpchi: ModuleType) -> None:
    frame = reviews()
    known = np.random.default_rng(2).random(600) < 0.5
    renamed = rekeyed(frame, "review_id", "user_id", "product_id")
    before, after = (with_labels(yelpchi, f, known) for f in (frame, renamed))
    seeded = with_labels(yelpchi, frame, known, seed=1)
    assert np.abs(after - before).mean() < 1.5 * np.abs(seeded - before).mean()


def test_workers_in_another_order_score_the_same(tolokers: ModuleType) -> None:
    rng = np.random.default_rng(0)
    ids = rng.permutation(5000)[:200]
    own = pl.DataFrame({"approved": rng.random(200), "skipped": rng.random(200)})
    edges = pl.DataFrame(rng.choice(ids, (1500, 2)), schema=["one", "other"])
    banned = (own["approved"].to_numpy() + rng.normal(size=200) / 3 > 0.7).astype(float)
    known, order = rng.random(200) < 0.6, rng.permutation(200)

    def scores(order: np.ndarray, ties: pl.DataFrame) -> np.ndarray:
        workers = tolokers.Workers(pl.Series(ids[order]), own[order], ties, banned[order])
        labels = np.where(known[order], banned[order], np.nan)
        return tolokers.scored(workers, tolokers.described(workers), labels, seeds=1)

    before = scores(np.arange(200), edges)
    after = scores(order, edges.sample(fraction=1, shuffle=True, seed=1))
    assert np.corrcoef(after, before[order])[0, 1] > 0.99
