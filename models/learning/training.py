"""The weekly training: a challenger from earlier days, judged on later ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from models.learning import Learner
from models.scores.booster import Booster, Untrainable
from models.scores.card import Card, Labels, Metric, data_sha256
from models.scores.operating_point import operating_point
from models.scores.promotion import Comparison, challenge, compare
from models.scores.store import ModelStore

LEAST_OF_A_CLASS: Final = 30
"""Confirmed and dismissed labels below which nothing is learned."""
LATER_SHARE: Final = 0.3
"""Of labels, the newest: the challenger does not see their days, and is judged on them."""
CAPACITY_PER_DAY: Final = 50
"""Cases of one subject that reviewers can decide a day."""
PURPOSE: Final = (
    "Probability that people would confirm this subject as fraud. It ranks a queue and makes "
    "subjects pending; it is no ground to act against anybody without a person's decision."
)


@dataclass(frozen=True)
class Trained:
    """What became of a subject's training; ``version`` is empty if nothing was learned."""

    learner: Learner
    statement: str
    version: str = ""
    is_champion: bool = False


def train(learner: Learner, rows: pl.DataFrame, columns: list[str], store: ModelStore) -> Trained:
    """Learn from the earlier labels, and crown the model if it beats the champion on later ones.

    Without a champion, what it has to beat is the scorecard.

    Args:
        rows: as ``labelled`` returns them.
        columns: of the conduct, those to learn from.
    """
    counts = {kind: rows.filter(pl.col("label") == kind).height for kind in (True, False)}
    if min(counts.values()) < LEAST_OF_A_CLASS:
        return Trained(
            learner,
            f"not trained: {counts[True]:,} confirmed and {counts[False]:,} dismissed matured "
            f"labels; {LEAST_OF_A_CLASS} of each are needed",
        )
    earlier, later = _split(rows)
    try:
        model = Booster().fit(earlier.select(columns), earlier["label"], earlier["case_id"])
    except Untrainable as error:
        return Trained(learner, f"not trained: {error}")
    kept = store.keep(model, _card(learner, model, earlier, later))
    comparison = _judged(learner, model, kept.version, later, store)
    return Trained(learner, comparison.statement, kept.version, comparison.is_better)


def _split(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    border: date = rows["event_date"].sort()[int(rows.height * (1 - LATER_SHARE))]
    return rows.filter(pl.col("event_date") < border), rows.filter(pl.col("event_date") >= border)


def _judged(
    learner: Learner, model: Booster, version: str, later: pl.DataFrame, store: ModelStore
) -> Comparison:
    kept = store.load(learner.detector, version)
    if store.champion(learner.detector):
        return challenge(store, kept, later, later["label"], later["event_date"], later["case_id"])
    comparison = compare(
        later["label"].to_numpy(),
        later["known_probability"].to_numpy(),
        model.probability(later),
        later["case_id"].to_numpy(),
    )
    if comparison.is_better:
        store.crown(learner.detector, version)
    return comparison


def _card(learner: Learner, model: Booster, earlier: pl.DataFrame, later: pl.DataFrame) -> Card:
    scored = later.with_columns(score=pl.Series(model.probability(later)))
    point = operating_point(
        scored.select("score", "label"),
        scored.select("score", "event_date"),
        capacity_per_day=CAPACITY_PER_DAY,
    )
    card = Card(
        detector=learner.detector,
        purpose=PURPOSE,
        columns=model.columns_,
        trained_from=_day(earlier["event_date"].min()),
        trained_to=_day(earlier["event_date"].max()),
        labels=Labels(
            confirmed=int(earlier["label"].sum()),
            dismissed=int((~earlier["label"]).sum()),
            decided_by=dict(_counts(earlier, "reviewer_id")),
            selected_by=dict(_counts(earlier, "selected_by")),
        ),
        metrics=_metrics(scored),
        data_sha256=data_sha256(earlier),
        notes=model.notes_,
    )
    return card.at(point)


def _metrics(scored: pl.DataFrame) -> dict[str, Metric]:
    """How far probabilities are from what people said, on later days (Brier, 1950)."""
    errors = (scored["score"].to_numpy() - scored["label"].cast(pl.Float64).to_numpy()) ** 2
    spread = 1.96 * float(np.std(errors)) / max(len(errors), 1) ** 0.5
    value = float(errors.mean())
    days = f"{_day(scored['event_date'].min())} to {_day(scored['event_date'].max())}"
    brier = Metric(value=value, low=value - spread, high=value + spread, measured_on=days)
    return {"brier": brier}


def _counts(rows: pl.DataFrame, column: str) -> Iterator[tuple[str, int]]:
    for name, count in rows[column].value_counts(sort=True).iter_rows():
        yield str(name), int(count)


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value
