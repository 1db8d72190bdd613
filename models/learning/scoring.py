"""The nightly scoring: subjects that the champion finds suspicious become signals."""

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from models.learning import LEARNERS, Learner
from pipelines.warehouse.engines.made import Tables
from pipelines.warehouse.lake import Window

if TYPE_CHECKING:
    from models.scores.booster import Booster
    from models.scores.store import Kept

VERSION: Final = 1
"""Of the way in which models become signals; the model's own version is the champion's."""
LEAST_PROBABILITY: Final = 0.5
"""Whoever is more likely honest is not flagged, however much time reviewers have."""
BY_NAME: Final = {learner.name: learner for learner in LEARNERS}
SCHEMA: Final[dict[str, pl.DataType]] = {
    "detector": pl.String(),
    "detector_version": pl.Int64(),
    "kind": pl.String(),
    "probability": pl.Float64(),
    "case_key": pl.String(),
    "reason_codes": pl.List(pl.String()),
    "state": pl.String(),
}


def click_signals(tables: Tables, window: Window | None) -> pl.DataFrame:
    return signals(BY_NAME["click"], tables, "SELECT $champion_click AS version")


def order_signals(tables: Tables, window: Window | None) -> pl.DataFrame:
    return signals(BY_NAME["order"], tables, "SELECT $champion_order AS version")


def review_signals(tables: Tables, window: Window | None) -> pl.DataFrame:
    return signals(BY_NAME["review"], tables, "SELECT $champion_review AS version")


def note_signals(tables: Tables, window: Window | None) -> pl.DataFrame:
    return signals(BY_NAME["note"], tables, "SELECT $champion_note AS version")


def user_signals(tables: Tables, window: Window | None) -> pl.DataFrame:
    return signals(BY_NAME["user"], tables, "SELECT $champion_user AS version")


def signals(learner: Learner, tables: Tables, champion: str) -> pl.DataFrame:
    """One row per subject at or above the champion's pending threshold; none without a champion.

    Raises:
        ModelUnreadable: the champion cannot be used; the message says why.
    """
    version = tables.sql(champion).item()
    if not version:
        return _empty(learner)
    from models.scores.store import ModelStore  # takes seconds to import

    kept = ModelStore(tables.home / "models").load(learner.detector, version)
    columns = ", ".join(kept.card.columns)
    scored = tables.sql(
        f"SELECT {learner.key}, event_date, {learner.entity} AS entity, {columns} "
        f"FROM {learner.conduct} WHERE event_date BETWEEN $from_date AND $to_date"
    )
    days = scored.partition_by("event_date", maintain_order=True)
    return pl.concat([_empty(learner), *(_of_day(learner, kept, day) for day in days)])


def _of_day(learner: Learner, kept: "Kept", day: pl.DataFrame) -> pl.DataFrame:
    from models.scores.reasons import Reasons  # takes seconds to import

    model: Booster = kept.model
    probability = model.probability(day)
    pending_from = (kept.card.operating_point or {}).get("pending_from")
    from_here_on = np.inf if pending_from is None else max(pending_from, LEAST_PROBABILITY)
    is_flagged = probability >= from_here_on
    flagged = day.filter(pl.Series(is_flagged))
    features = day.select(kept.card.columns)
    reasons = Reasons().fit(features, pl.Series(~is_flagged))
    return flagged.select(
        learner.key,
        "event_date",
        detector=pl.lit(learner.detector),
        detector_version=pl.lit(VERSION, pl.Int64),
        kind=pl.lit("sivt"),
        probability=pl.Series(probability[is_flagged]),
        case_key=pl.concat_str(
            pl.lit(learner.detector), pl.col("entity").fill_null(""), separator=":"
        ),
        reason_codes=reasons.codes(model, flagged.select(kept.card.columns), features),
        state=pl.lit("live"),
    )


def _empty(learner: Learner) -> pl.DataFrame:
    return pl.DataFrame(schema={learner.key: pl.String(), "event_date": pl.Date(), **SCHEMA})
