"""YelpChi: which reviews the platform filtered, without labels and with 40 % of them.

Without labels the priors of reviews and users are pooled by ``models.rings.suspicion``; its
interval resamples users. With labels boosters read what ``features`` says of each review and of
its neighbours; every seed draws another 40 %, and the interval is of the mean over seeds.
Dense blocks are shown with what is true of them and whom a second sign accuses.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from marks import DATA, METRICS, Array, Mark, over_runs, resampled, show

from features.cross_fitting import cross_fitted, group_rates, grouped_folds
from features.neighbours import Meetings, Route, neighbour_aggregates, reached_means
from models.rings.dense_blocks import Block, dense_blocks
from models.rings.named import NamedGraph
from models.rings.second_sign import with_second_sign
from models.rings.surprising import surprising_blocks
from models.rings.suspicion import suspicion
from models.scores.booster import Booster

FILE: Final = "yelpchi/reviews.csv.gz"
SHARE: Final = 0.4
FOLDS: Final = 10
BLOCKS: Final = 3
FINDERS: Final[dict[str, Callable[..., list[Block]]]] = {
    "densest": dense_blocks,
    "most surprising": surprising_blocks,
}
HELD: Final = {"split by user": "user_id", "split at random": "review_id"}
MARKS: Final[dict[str, dict[str, tuple[float | None, float | None]]]] = {
    "without labels": {"AUC": (0.76, 0.768), "AP": (0.30, 0.305)},
    "split by user": {"AUC": (None, None), "AP": (0.355, 0.362)},
    "split at random": {"AUC": (None, None), "AP": (0.51, 0.518)},
}
PARAMETERS: Final[dict[str, Any]] = {
    "folds": 2,
    "learning_rate": 0.04,
    "max_iter": 180,
    "max_leaf_nodes": 10,
    "min_samples_leaf": 50,
    "max_features": 0.3,
}


def load(data: Path) -> pl.DataFrame:
    """All reviews, one row each, with an id of their own."""
    return pl.read_csv(data / FILE).with_row_index("review_id")


def without_labels(reviews: pl.DataFrame) -> Array:
    """Log odds of each review, from priors and who reviewed what."""
    return suspicion(
        reviews,
        actor="user_id",
        target="product_id",
        act_prior="review_prior",
        actor_prior="user_prior",
    ).log_odds


def described(reviews: pl.DataFrame) -> pl.DataFrame:
    """What needs no labels: a review, its user, its product, and other reviews of both."""
    prior = pl.col("review_prior")
    own = reviews.select(
        prior,
        "user_prior",
        "product_prior",
        user_reviews_log=pl.len().over("user_id").log(),
        product_reviews_log=pl.len().over("product_id").log(),
        standing_at_product=prior.rank().over("product_id") / pl.len().over("product_id"),
        highest_of_user=prior.max().over("user_id"),
        lowest_of_user=prior.min().over("user_id"),
    ).with_columns(suspicion=without_labels(reviews))
    by_user, by_product = _meetings(reviews, "user_id"), _meetings(reviews, "product_id")
    elsewhere = own.select("review_prior", "product_prior", "product_reviews_log")
    company = own.select("review_prior", "user_prior", "user_reviews_log", "suspicion")
    return pl.concat(
        [
            own,
            neighbour_aggregates(elsewhere, by_user, hops=1, by="_of_user"),
            neighbour_aggregates(company, by_product, hops=1, by="_of_product"),
        ],
        how="horizontal",
    )


def encoded(reviews: pl.DataFrame, labels: Array, held: str, seed: int) -> pl.DataFrame:
    """What labels of other reviews say: the user's, the product's, and of the user's products."""
    by_user, by_product = _meetings(reviews, "user_id"), _meetings(reviews, "product_id")
    of_user_size = reviews.select(
        pl.concat_str("product_id", pl.len().over("user_id").clip(upper_bound=4), separator=" ")
    ).to_series()
    rates = [group_rates(reviews["product_id"], 20), group_rates(of_user_size, 20)]

    def encode(seen: Array) -> Array:
        reached = [reached_means(walk, seen, 1) for walk in (by_user, Route(by_user, by_product))]
        return np.column_stack([*reached, *(rate(seen) for rate in rates)])

    folds = grouped_folds(reviews[held], FOLDS, seed)
    return pl.from_numpy(cross_fitted(encode, labels, folds)).fill_nan(None)


def with_labels(
    reviews: pl.DataFrame,
    told: pl.DataFrame,
    labels: Array,
    held: str,
    *,
    boosters: int = 3,
    seed: int = 0,
) -> Array:
    """Log odds of all reviews, the mean of several boosters.

    Args:
        told: from ``described``.
        labels: shape (rows,), NaN where hidden.
        held: the column whose values are held out together in cross-fitting.
        boosters: how many, from ``seed`` on; it also deals the folds.
    """
    frame = pl.concat([told, encoded(reviews, labels, held, seed)], how="horizontal")
    known, groups = pl.Series(labels).fill_nan(None), reviews[held]
    fitted = [
        Booster(random_state=seed + i, **PARAMETERS).fit(frame, known, groups)
        for i in range(boosters)
    ]
    return np.asarray(np.mean([one.decision_function(frame) for one in fitted], axis=0))


def _meetings(reviews: pl.DataFrame, at: str) -> Meetings:
    return Meetings(reviews["review_id"], reviews.select("review_id", at))


def measured_without_labels(reviews: pl.DataFrame) -> list[Mark]:
    truth, scores = _truth(reviews), without_labels(reviews)
    return [
        resampled(name, METRICS[name], truth, scores, reviews["user_id"], aim=aim, careful_try=best)
        for name, (aim, best) in MARKS["without labels"].items()
    ]


def measured_with_labels(reviews: pl.DataFrame, protocol: str, seeds: range) -> list[Mark]:
    truth, told, held = _truth(reviews), described(reviews), HELD[protocol]
    reached: dict[str, list[float]] = {name: [] for name in METRICS}
    for seed in seeds:
        kept = _drawn(reviews[held], seed)
        scores = with_labels(reviews, told, np.where(kept, truth, np.nan), held)
        for name, metric in METRICS.items():
            reached[name].append(metric(truth[~kept], scores[~kept]))
        print(protocol, seed, *(f"{n} {v[-1]:.4f}" for n, v in reached.items()), flush=True)
    return [
        over_runs(name, reached[name], aim=aim, careful_try=best)
        for name, (aim, best) in MARKS[protocol].items()
    ]


def _drawn(groups: pl.Series, seed: int) -> Any:
    codes = groups.rank("dense").to_numpy().astype(np.int64) - 1
    return (np.random.default_rng(seed).random(codes.max() + 1) < SHARE)[codes]


def _truth(reviews: pl.DataFrame) -> Array:
    return reviews["is_filtered"].to_numpy().astype(float)


def show_blocks(reviews: pl.DataFrame) -> None:
    """Dense blocks: how many of their reviews are fake, and whom the second sign accuses.

    The sign is how suspicious a user's reviews are on average. ``user_prior`` is none: it counts
    reviews a day, and so speaks against half of the busiest honest people. The last row is what
    the sign says of everybody.
    """
    columns = ("users", "reviews", "fake", "accused", "fakers")
    print(f"\n{'block':20}{''.join(f'{name:>9}' for name in columns)}")
    graph = NamedGraph.from_frame(reviews, user="user_id", target="product_id")
    for name, find in FINDERS.items():
        for rank, block in enumerate(find(graph.graph, blocks=BLOCKS), start=1):
            within = graph.evidence(reviews, block)
            _show_block(f"{name} {rank}", graph.users_of(block), within, reviews)
    _show_block("everybody", reviews["user_id"].unique(), reviews, reviews)


def _show_block(name: str, users: pl.Series, within: pl.DataFrame, reviews: pl.DataFrame) -> None:
    signs = reviews.group_by("user_id").agg(pl.col("review_prior").mean())
    accused = with_second_sign(users, signs, key="user_id")["user_id"]
    fakers = reviews.filter(pl.col("is_filtered") == 1)["user_id"]
    rightly = accused.is_in(fakers.implode()).sum()
    fake = within["is_filtered"].mean()
    print(f"{name:20}{len(users):9,}{len(within):9,}{fake:9.1%}{len(accused):9,}{rightly:9,}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--data", type=Path, default=DATA)
    arguments.add_argument("--seeds", type=int, default=10)
    arguments.add_argument("--first-seed", type=int, default=0, help="100 and above: for choosing")
    options = arguments.parse_args()
    reviews = load(options.data)
    show_blocks(reviews)
    show("YelpChi without labels, all reviews", measured_without_labels(reviews))
    for protocol in HELD:
        seeds = range(options.first_seed, options.first_seed + options.seeds)
        marks = measured_with_labels(reviews, protocol, seeds)
        show(f"YelpChi, 40 % of labels, {protocol}, {len(seeds)} seeds", marks)


if __name__ == "__main__":
    main()
