"""Is it the detectors that are good, or the simulator that is easy? Four controls.

- tell: the form of events tells nothing of fraud
- twin: no single number tells a campaign from the honest crowd that looks like it
- zero: permuted labels are not found, and planted accounts that do nothing are flagged no more
  often than anybody
- ceiling: what a model could find that knew what was planted
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from models.evaluation.forms import FORM, PARTS
from models.evaluation.intervals import UNKNOWN, Interval, bootstrap, wilson
from models.evaluation.separation import (
    Flags,
    Floats,
    Rows,
    auc,
    fitted,
    telling,
    unseen_scores,
    within_folds,
)
from models.evaluation.subjects import KEY, aimed_at

WITHIN: Final = ("town", "type", "hour")
FEWEST: Final = 20
"""Subjects of either side below which nothing is said of them."""
WRONGLY: Final = 0.0005
"""Of the honest that a ceiling's model may flag: the aim for ordinary people."""
NOT_FEATURES: Final = {*KEY, "group", "unit", "cause", "kind", "is_fraud", "is_aimed"}


@dataclass(frozen=True)
class Twin:
    """A kind beside one of its honest crowds: the number that tells them apart best."""

    kind: str
    crowd: str
    frauds: int
    honest: int
    feature: str
    area: Interval
    """At least 0.5: either side may have the higher values."""


@dataclass(frozen=True)
class Ceiling:
    """What a model finds of a kind that was trained on what was planted of it in other towns."""

    kind: str
    area: float
    recall: Interval
    left_out: Interval
    """Recall where this kind was not shown to a model of all others."""


def tell(forms: pl.DataFrame, seed: int = 0, columns: Sequence[str] = FORM) -> Interval:
    """How well the form of events tells fraud within a town's event type and hour."""
    if forms.is_empty():
        return UNKNOWN
    apart = forms.with_columns(group=pl.struct("town", "group").rank("dense"))
    return telling(apart, columns, WITHIN, seed)


def tell_by_part(forms: pl.DataFrame, seed: int = 0) -> list[tuple[str, Interval]]:
    """The same of each part of the form alone: what it is that tells."""
    return [(part, tell(forms, seed, columns)) for part, columns in PARTS.items()]


def twins(
    conduct: Mapping[str, pl.DataFrame], causes: pl.DataFrame, seed: int = 0
) -> Iterator[Twin]:
    """Each kind beside each crowd that is its twin, over the conduct of what it acts through."""
    pairs = causes.filter(~pl.col("is_fraud")).select("kind", "twin_of").explode("twin_of")
    for crowd, kind in sorted(set(pairs.drop_nulls().iter_rows())):
        known = conduct[aimed_at().get(kind, "user")]
        frauds = known.filter(pl.col("is_aimed") & (pl.col("kind") == kind))
        honest = known.filter(~pl.col("is_fraud") & (pl.col("kind") == crowd))
        if min(frauds.height, honest.height) >= FEWEST:
            feature, area = best_feature(pl.concat([frauds, honest]), seed)
            yield Twin(kind, crowd, frauds.height, honest.height, feature, area)


def best_feature(rows: pl.DataFrame, seed: int = 0) -> tuple[str, Interval]:
    """The number that tells ``is_fraud`` best, whichever way, and an interval by whole accounts.

    The best of many looks better than it is; the interval does not mend that.
    """
    is_fraud = rows["is_fraud"].to_numpy()
    areas = {name: _either(auc(_column(rows, name), is_fraud)) for name in features(rows)}
    if not areas:
        return "", UNKNOWN
    name = max(areas, key=lambda column: areas[column])
    rng = np.random.default_rng(seed)
    unit = rows["group"].rank("dense").to_numpy().astype(np.int64) - 1
    members = [np.flatnonzero(unit == n) for n in range(int(unit.max()) + 1)]
    values = _column(rows, name)
    drawn = []
    for _ in range(200):
        chosen = np.concatenate([members[n] for n in rng.integers(0, len(members), len(members))])
        drawn.append(_either(auc(values[chosen], is_fraud[chosen])))
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return name, Interval(areas[name], float(low), float(high), len(members))


def ceilings(conduct: Mapping[str, pl.DataFrame], seed: int = 0) -> Iterator[Ceiling]:
    """For each kind the best that these numbers allow, judged on towns that were not trained on.

    With a single town, on accounts that were not trained on.
    """
    for subject, known in conduct.items():
        if not features(known):
            continue
        kinds = known.filter("is_aimed")["kind"].value_counts()
        for kind, count in sorted(kinds.iter_rows()):
            if count >= FEWEST and aimed_at().get(kind, "user") == subject:
                yield _ceiling(known, kind, seed)


def _ceiling(known: pl.DataFrame, kind: str, seed: int) -> Ceiling:
    is_kind = pl.col("is_aimed") & (pl.col("kind") == kind)
    rows = known.filter(is_kind | ~pl.col("is_fraud"))
    is_fraud = rows.select(is_kind.fill_null(False)).to_series().to_numpy()
    fold, scores = unseen_scores(_matrix(rows), is_fraud, _groups(rows), seed)
    return Ceiling(
        kind=kind,
        area=within_folds(scores, is_fraud, fold),
        recall=recall_at(scores, is_fraud, fold, rows["unit"]),
        left_out=left_out(known, kind, seed),
    )


def left_out(known: pl.DataFrame, kind: str, seed: int) -> Interval:
    """Recall of a kind by a model of all other kinds, trained on one half of the towns and judged
    on the other, where it may flag few of the honest."""
    is_kind = (pl.col("kind") == kind).fill_null(False)
    second = pl.Series(_groups(known) % 2 == 1)
    others = known.filter(~is_kind & ~second)
    honest = known.filter(~pl.col("is_fraud") & second)
    wanted = known.filter(is_kind & pl.col("is_aimed") & second)
    frauds = others["is_fraud"].to_numpy()
    if not FEWEST <= frauds.sum() < frauds.size or not wanted.height:
        return UNKNOWN
    scored = fitted(_matrix(others), frauds, seed)
    threshold = least_score(scored(_matrix(honest)))
    return _by_unit(wanted["unit"], scored(_matrix(wanted)) > threshold)


def permuted(conduct: Mapping[str, pl.DataFrame], seed: int = 0) -> Iterator[tuple[str, Interval]]:
    """For each subject, how well a model finds labels that were dealt out anew: not at all."""
    rng = np.random.default_rng(seed)
    for subject, known in conduct.items():
        frauds = int(known["is_fraud"].sum())
        if features(known) and FEWEST <= frauds <= known.height - FEWEST:
            mixed = rng.permutation(known["is_fraud"].to_numpy())
            fold, scores = unseen_scores(_matrix(known), mixed, _groups(known), seed)
            area = within_folds(scores, mixed, fold)
            yield subject, _area_interval(area, frauds, known.height - frauds)


def recall_at(scores: Floats, is_fraud: Flags, fold: Rows, unit: pl.Series) -> Interval:
    """The share of fraud above the score that few of the honest of its fold exceed."""
    found = np.zeros(is_fraud.size, np.bool_)
    for within in (fold == number for number in np.unique(fold)):
        found |= within & (scores > least_score(scores[within & ~is_fraud]))
    return _by_unit(unit.filter(pl.Series(is_fraud)), found[is_fraud])


def least_score(honest: Floats) -> float:
    """The score that only so few of the honest exceed as is aimed at."""
    known = honest[~np.isnan(honest)]
    return float(np.quantile(known, 1 - WRONGLY, method="higher")) if known.size else np.inf


def idle(idle_towns: pl.DataFrame) -> tuple[Interval, Interval]:
    """Shares flagged of planted accounts that do nothing, and of ordinary people beside them."""
    planted = idle_towns.filter("is_idle")
    ordinary = idle_towns.filter(pl.col("cause").is_null())
    return _flagged(planted), _flagged(ordinary)


def _flagged(rows: pl.DataFrame) -> Interval:
    return wilson(int(rows["is_flagged"].sum()), rows.height) if rows.height else UNKNOWN


def features(known: pl.DataFrame) -> list[str]:
    """The numbers that are known of subjects: what is no key and no label."""
    return [
        name
        for name, kind in known.schema.items()
        if name not in NOT_FEATURES and kind.is_numeric()
    ]


def _column(rows: pl.DataFrame, name: str) -> Floats:
    return np.asarray(rows[name].cast(pl.Float64).fill_null(np.nan).to_numpy(), np.float64)


def _matrix(rows: pl.DataFrame) -> Floats:
    numbers = rows.select(pl.col(features(rows)).cast(pl.Float64).fill_null(np.nan))
    return np.asarray(numbers.to_numpy(), np.float64)


def _groups(rows: pl.DataFrame) -> Rows:
    """What stays together when a model is judged on what it has not seen."""
    column = "town" if rows["town"].n_unique() > 1 else "group"
    return np.asarray(rows[column].rank("dense").to_numpy().astype(np.int64) - 1)


def _either(area: float) -> float:
    return max(area, 1 - area)


def _by_unit(unit: pl.Series, hits: Flags) -> Interval:
    rows = pl.DataFrame({"unit": unit, "hit": hits})
    return bootstrap(
        rows.group_by("unit", maintain_order=True).agg(
            hits=pl.col("hit").sum().cast(pl.Float64), of=pl.len().cast(pl.Float64)
        )
    )


def _area_interval(area: float, frauds: int, others: int) -> Interval:
    """The area with the ends that Hanley and McNeil (1982) give it."""
    if np.isnan(area):
        return UNKNOWN
    one, two = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (frauds - 1) * (one - area**2) + (others - 1) * (two - area**2)
    half = 1.96 * float(np.sqrt(spread / (frauds * others)))
    return Interval(area, area - half, area + half, frauds)
