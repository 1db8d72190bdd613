"""Models learned from decisions: trained when there are enough, used once they beat the points."""

from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from models.learning import LEARNERS
from models.learning.champions import champions
from models.learning.labels import labelled
from models.learning.scoring import signals
from models.learning.training import Trained, train
from models.scores.store import ModelStore

REVIEWS = next(one for one in LEARNERS if one.name == "review")
COLUMNS = ["twins", "age_days"]
FIRST = date(2026, 8, 1)
CHAMPION = "SELECT $champion AS version"


def decided(count: int, known: float = 0.5) -> pl.DataFrame:
    """So many reviews, ten a day; those with many twins were confirmed, but for a few mistakes."""
    rng = np.random.default_rng(3)
    twins = rng.integers(0, 10, count)
    mistaken = rng.random(count) < 0.05
    return pl.DataFrame(
        {
            "label": (twins > 5) ^ mistaken,
            "case_id": [f"case_{n // 3}" for n in range(count)],
            "reviewer_id": [f"reviewer_{n % 2}" for n in range(count)],
            "selected_by": ["random" if n % 5 == 0 else "detector" for n in range(count)],
            "subject_id": [f"r{n}" for n in range(count)],
            "event_date": [FIRST + timedelta(days=n // 10) for n in range(count)],
            "known_probability": np.full(count, known),
            "twins": twins,
            "age_days": rng.integers(0, 900, count),
        }
    )


def trained(folder: Path, rows: pl.DataFrame) -> Trained:
    return train(REVIEWS, rows, COLUMNS, ModelStore(folder / "models"))


class Literal:
    """A day's conduct of reviews, at a home."""

    def __init__(self, home: Path, twins: list[int]) -> None:
        self.home = home
        self._champion = champions(home / "models").get(REVIEWS.parameter, "")
        self._connection = duckdb.connect()
        conduct = pl.DataFrame(
            {"review_id": [f"r{n}" for n in range(len(twins))], "twins": twins}
        ).with_columns(event_date=pl.lit(FIRST), actor_id=pl.lit("u1"), age_days=pl.lit(400))
        self._connection.register("rows", conduct.to_arrow())
        self._connection.execute("CREATE SCHEMA features")
        self._connection.execute("CREATE VIEW features.review_conduct AS SELECT * FROM rows")

    def sql(self, query: str) -> pl.DataFrame:
        day = f"DATE '{FIRST}'"
        filled = query.replace("$from_date", day).replace("$to_date", day)
        return self._connection.sql(filled.replace("$champion", f"'{self._champion}'")).pl()


def test_too_few_decisions_train_nothing_and_say_so(tmp_path: Path) -> None:
    found = trained(tmp_path, decided(20))
    assert found.version == ""
    assert found.statement.startswith("not trained: ")
    assert "30 of each are needed" in found.statement


def test_a_model_that_beats_the_points_on_later_days_is_used(tmp_path: Path) -> None:
    found = trained(tmp_path, decided(400))
    assert found.is_champion
    assert champions(tmp_path / "models") == {"champion_review": found.version}
    kept = ModelStore(tmp_path / "models").champion("learned_review")
    assert kept is not None
    assert kept.card.trained_to < FIRST + timedelta(days=30)
    assert kept.card.labels.selected_by == {"random": 56, "detector": 224}


def test_a_model_that_is_no_better_than_the_champion_is_kept_and_not_used(tmp_path: Path) -> None:
    first = trained(tmp_path, decided(400))
    second = train(REVIEWS, decided(400), ["age_days"], ModelStore(tmp_path / "models"))
    assert (second.version != "", second.is_champion) == (True, False)
    assert champions(tmp_path / "models") == {"champion_review": first.version}


def test_the_champion_flags_with_reasons_that_carry_its_score(tmp_path: Path) -> None:
    trained(tmp_path, decided(400))
    found = signals(REVIEWS, Literal(tmp_path, [0, 1, 2, 9]), CHAMPION)  # type: ignore[arg-type]
    assert found.select("review_id", "detector", "case_key", "state").rows() == [
        ("r3", "learned_review", "learned_review:u1", "live")
    ]
    assert found["reason_codes"].to_list()[0][0].startswith("twins=9@")


def test_without_a_champion_there_are_no_signals(tmp_path: Path) -> None:
    assert signals(REVIEWS, Literal(tmp_path, [9, 9]), CHAMPION).is_empty()  # type: ignore[arg-type]


def test_the_newest_decision_that_has_matured_is_the_label() -> None:
    connection = duckdb.connect()
    for statement in (
        "CREATE SCHEMA silver; CREATE SCHEMA features; CREATE SCHEMA risk",
        "CREATE TABLE silver.moderation_cases AS SELECT * FROM (VALUES ('c1', 'bought'), "
        "('c2', 'random_sample')) AS t(case_id, detector)",
        "CREATE TABLE silver.moderation_verdicts AS SELECT *, 1 AS case_version, 'eve' AS "
        "reviewer_id, 'review' AS subject_type, ['2026-08-01'] AS subject_dates, "
        "CAST(event_date AS TIMESTAMP) AS decided_at FROM (VALUES "
        "('r1', 'c1', 'confirmed', DATE '2026-08-02'), "
        "('r1', 'c1', 'dismissed', DATE '2026-08-04'), "
        "('r2', 'c2', 'dismissed', DATE '2026-08-03'), "
        "('r3', 'c1', 'confirmed', DATE '2026-08-20')"
        ") AS t(subject_id, case_id, verdict, event_date)",
        "CREATE TABLE features.review_conduct AS SELECT *, DATE '2026-08-01' AS event_date, "
        "7 AS twins FROM (VALUES ('r1'), ('r2'), ('r3')) AS t(review_id)",
        "CREATE TABLE risk.review_scores AS SELECT 'r1' AS review_id, DATE '2026-08-01' AS "
        "event_date, 0.7e0 AS probability",
    ):
        connection.execute(statement)
    found = labelled(
        connection, REVIEWS, ["twins"], as_of=date(2026, 8, 21), maturity_days=7
    ).select("subject_id", "label", "selected_by", "known_probability", "twins")
    assert found.rows() == [("r1", False, "detector", 0.7, 7), ("r2", False, "random", 0.0, 7)]
