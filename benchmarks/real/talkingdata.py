"""TalkingData's ad clicks in time order: which will install, learned from the days before.

The first 80 % of the clicks teach, the rest tests, cut at an instant. A click that never installs
is only a hint of fraud; flagged are those whose probability of an install is far below the usual.
Nothing reads ids as numbers, the order of rows, or what happened after a click.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import fisher_exact

from features.click_timing import trailing_counts
from models.scores.booster import Booster
from models.scores.intervals import clopper_pearson
from models.scores.label_encoding import LabelEncoding, encoded_name
from models.scores.ranking import RESAMPLES, Ranked, interval, resampled_weights

TRAINING_SHARE: Final = 0.8
AIM, LOWER_AIM = 0.98, 0.97
FLAGGED_BELOW: Final = 0.1  # of the training's install rate
CROWDED_FROM: Final = 5  # clicks of one address, device and system within a day
ENCODED: Final = (("app",), ("channel",), ("device",), ("os",))
COUNTED: Final = (
    ("ip",),
    ("ip", "device", "os"),
    ("app",),
    ("channel",),
    ("device",),
    ("os",),
    ("ip", "app"),
)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Foretold:
    """The later clicks and their probability of an install."""

    clicks: pl.DataFrame
    probability: Floats
    usual_rate: float


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments.add_argument("--resamples", type=int, default=RESAMPLES)
    options = arguments.parse_args()
    clicks = read(options.data / "talkingdata" / "train_sample.csv.gz")
    for line in report(foretell(clicks), options.resamples):
        print(line)


def read(path: Path) -> pl.DataFrame:
    """A row a click: ``clicked_at``, ``ip``, ``app``, ``device``, ``os``, ``channel``, and
    ``is_installed``."""
    return pl.read_csv(path, try_parse_dates=True).select(
        pl.col("click_time").alias("clicked_at"),
        "ip",
        "app",
        "device",
        "os",
        "channel",
        (pl.col("is_attributed") == 1).alias("is_installed"),
    )


def foretell(clicks: pl.DataFrame) -> Foretold:
    """Learn from clicks before the cut, and score those from it on."""
    counts = trailing_counts(clicks, COUNTED)
    hour = clicks.select(pl.col("clicked_at").dt.hour().alias("hour"))
    rows = pl.concat([clicks, counts, hour], how="horizontal")
    cut = clicks["clicked_at"].sort()[int(TRAINING_SHARE * clicks.height)]
    before, after = (
        rows.filter(pl.col("clicked_at") < cut),
        rows.filter(pl.col("clicked_at") >= cut),
    )
    label = before["is_installed"]
    encoding = LabelEncoding(ENCODED, strength=10)
    plain = [*counts.columns, *hour.columns]
    learned = encoding.fit_transform(before, label, before["ip"]).hstack(before.select(plain))
    booster = Booster(
        {encoded_name(key): 1 for key in ENCODED},
        learning_rate=0.08,
        max_iter=120,
        max_leaf_nodes=3,
        min_samples_leaf=50,
        l2_regularization=10,
    ).fit(learned, label, before["ip"])
    probability = booster.probability(encoding.transform(after).hstack(after.select(plain)))
    return Foretold(after, probability, float(label.to_numpy().mean()))


def area(foretold: Foretold, resamples: int) -> tuple[float, float, float]:
    """Area under the curve with its interval, by resampling addresses."""
    ranked = Ranked(foretold.probability, foretold.clicks["is_installed"].to_numpy())
    groups, rng = foretold.clicks["ip"].to_numpy(), np.random.default_rng(0)
    drawn = [ranked.area(resampled_weights(groups, rng)) for _ in range(resamples)]
    return ranked.area(), *interval(np.array(drawn))


def report(foretold: Foretold, resamples: int) -> Iterator[str]:
    clicks, installed = foretold.clicks.height, foretold.clicks["is_installed"].sum()
    yield f"{clicks:,} later clicks, {installed} installs"
    found, low, high = area(foretold, resamples)
    met = "met" if found >= AIM and low >= LOWER_AIM else "missed"
    yield (
        f"AUC {found:.4f} ({low:.4f} to {high:.4f}, {resamples:,} draws of addresses); "
        f"aims {AIM} and {LOWER_AIM}: {met}"
    )
    unlikely = foretold.probability < FLAGGED_BELOW * foretold.usual_rate
    yield from rates(f"probability below {FLAGGED_BELOW} of the usual", foretold, unlikely)
    crowded = foretold.clicks["ip_device_os_clicks_1d"].to_numpy() >= CROWDED_FROM
    yield from rates(f"without labels: {CROWDED_FROM} clicks of one user a day", foretold, crowded)


def rates(name: str, foretold: Foretold, flagged: npt.NDArray[Any]) -> Iterator[str]:
    """Install rates of flagged and other clicks with exact intervals, and their odds ratio."""
    installed = foretold.clicks["is_installed"].to_numpy()
    yield f"{name}:"
    table = []
    for what, rows in (("flagged", flagged), ("others", ~flagged)):
        hits, of = int(installed[rows].sum()), int(rows.sum())
        low, high = clopper_pearson(hits, of)
        share = hits / of if of else 0
        yield f"  {what:8} {hits:4} of {of:7,} install: {share:.4%} ({low:.4%} to {high:.4%})"
        table.append((hits, of - hits))
    odds, chance = fisher_exact(table)
    yield f"  odds ratio {odds:.3f}, exact p {chance:.2g}"


if __name__ == "__main__":
    main()
