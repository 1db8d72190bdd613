"""Several towns as one: what their signals flag, and which towns are judged for what."""

from datetime import timedelta
from pathlib import Path

import polars as pl

from models.evaluation.pool import flagged, pool, usual, with_nights
from tests.models.evaluation.literal_subjects import DAY, KIND, collected, frame, subject, varied


def test_a_signal_flags_when_live_and_at_the_threshold() -> None:
    told = pl.DataFrame(
        {
            "town": ["one"] * 4,
            "subject": ["order"] * 4,
            "subject_id": ["o1", "o1", "o2", "o3"],
            "event_date": [DAY] * 4,
            "detector": ["d", "e", "d", "d"],
            "traffic": ["givt", "sivt", "givt", "givt"],
            "probability": [0.9, 0.4, 0.9, 0.4],
            "state": ["live", "live", "shadow", "live"],
        }
    )
    known = frame(subject(1), subject(2), subject(3)).drop(
        "score", "is_flagged", "is_only_givt", "flagged_on", "unit"
    )
    judged = flagged(known, with_nights(told, [], 0.5), 0.5)
    assert judged["is_flagged"].to_list() == [True, False, False]
    assert judged["score"].to_list() == [0.9, 0.0, 0.4]
    assert judged["is_only_givt"].to_list() == [True, False, False]


def test_towns_of_idle_accounts_are_judged_for_nothing_else(tmp_path: Path) -> None:
    folder = collected(tmp_path / "idle")
    for name in ("labels", "causes"):
        file = folder / f"{name}.parquet"
        is_planted = pl.col("kind") == KIND
        pl.read_parquet(file).with_columns(is_idle=is_planted.fill_null(False)).write_parquet(file)
    judged = pool([folder, collected(tmp_path / "other")], 0.5)
    assert judged.subjects["town"].unique().to_list() == ["other"]
    assert judged.idle["town"].unique().to_list() == ["idle"]


def test_towns_with_varied_campaigns_are_judged_for_these_alone(tmp_path: Path) -> None:
    folder, other = varied(collected(tmp_path / "swept")), collected(tmp_path / "other")
    judged = pool([folder, other], 0.5)
    assert judged.subjects["town"].unique().to_list() == ["other"]
    assert judged.varied.select("town", "variant", "kind").rows() == [("swept", "half", KIND)]
    assert usual([folder, other]) == [other]


def test_a_night_that_only_waits_has_not_flagged_yet(tmp_path: Path) -> None:
    said = {"town": "one", "subject": "order", "subject_id": "o1", "event_date": DAY}
    said |= {"detector": "d"}
    (tmp_path / "one").mkdir()
    nights = [(0.5, DAY + timedelta(days=1)), (0.6, DAY + timedelta(days=3))]
    of_town = {name: value for name, value in said.items() if name != "town"}
    rows = [of_town | {"probability": sure, "flagged_on": night} for sure, night in nights]
    pl.DataFrame(rows).write_parquet(tmp_path / "one" / "nights.parquet")
    (row,) = with_nights(pl.DataFrame([said]), [tmp_path / "one"], 0.6).to_dicts()
    assert row["flagged_on"] == DAY + timedelta(days=3)
