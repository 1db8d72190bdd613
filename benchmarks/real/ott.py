"""Ott's hotel reviews: real and paid-for texts, told apart in hotels that were not learned from.

Five shuffles of the 20 hotels into five folds; each text is judged by a model of the other folds'
hotels. The text is all that is read: neither polarity nor source nor place in the file.
"""

import argparse
import time
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from sklearn.model_selection import GroupKFold

from features.text_style import text_style
from models.scores.booster import Booster
from models.scores.intervals import wilson
from models.scores.text_score import TextScore

SHUFFLES: Final = 5
FOLDS: Final = 5
AIM: Final = 0.905

Bools = npt.NDArray[np.bool_]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments.add_argument("--shuffles", type=int, default=SHUFFLES)
    arguments.add_argument("--style", action="store_true", help="also how far style alone goes")
    options = arguments.parse_args()
    reviews = read(options.data / "ott" / "deceptive-opinion.csv.gz")
    accuracies = []
    for shuffle in range(options.shuffles):
        started = time.monotonic()
        right = judged_by_other_hotels(reviews, shuffle) == reviews["is_deceptive"].to_numpy()
        accuracies.append(right.mean())
        low, high = wilson(int(right.sum()), len(right))
        took = time.monotonic() - started
        print(
            f"shuffle {shuffle}: accuracy {right.mean():.4f} "
            f"({low:.4f} to {high:.4f}), {took:.0f} s"
        )
    mean = np.mean(accuracies)
    print(
        f"mean of {len(accuracies)} shuffles: accuracy {mean:.4f}; "
        f"aim {AIM}: {'met' if mean >= AIM else 'missed'}"
    )
    if options.style:
        print(f"style alone, shuffle 0: accuracy {style_accuracy(reviews):.4f}")


def read(path: Path) -> pl.DataFrame:
    """A row a review: ``hotel``, ``text``, ``is_deceptive``."""
    return pl.read_csv(path).select(
        "hotel",
        pl.col("text").str.strip_chars(),
        (pl.col("deceptive") == "deceptive").alias("is_deceptive"),
    )


def judged_by_other_hotels(reviews: pl.DataFrame, shuffle: int) -> Bools:
    """The verdict on each review of a model that has not seen its hotel."""
    verdicts = np.zeros(reviews.height, dtype=np.bool_)
    for rest, held in hotel_folds(reviews, shuffle):
        model = TextScore(folds=0).fit(reviews["text"][rest], reviews["is_deceptive"][rest])
        verdicts[held] = model.predict(reviews["text"][held])
    return verdicts


def style_accuracy(reviews: pl.DataFrame) -> float:
    """How far one gets without a single word: by style only."""
    style, labels = text_style(reviews["text"]), reviews["is_deceptive"]
    verdicts = np.zeros(reviews.height, dtype=np.bool_)
    for rest, held in hotel_folds(reviews, shuffle=0):
        booster = Booster(max_iter=80, max_leaf_nodes=6)
        booster.fit(style[rest], labels[rest], reviews["hotel"][rest])
        verdicts[held] = booster.predict(style[held])
    return float((verdicts == labels.to_numpy()).mean())


def hotel_folds(
    reviews: pl.DataFrame, shuffle: int
) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Places of the other folds' rows and of each fold's."""
    folds = GroupKFold(FOLDS, shuffle=True, random_state=shuffle)
    return list(folds.split(reviews["text"], groups=reviews["hotel"].to_numpy()))


if __name__ == "__main__":
    main()
