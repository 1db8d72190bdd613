"""What was planted, as rows: labelled subjects of one town, and a town that is ready to judge."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from models.evaluation.forms import FORM
from models.evaluation.subjects import SUBJECTS

DAY = date(2026, 8, 1)
KIND = "brushed_one_order"


def subject(number: int, *, after: int = 0, **columns: Any) -> dict[str, Any]:
    """An ordinary order of person ``number``, so many days after the first."""
    return {
        "town": "one",
        "subject": "order",
        "subject_id": f"o{number}",
        "event_date": DAY + timedelta(days=after),
        "actor_id": f"u{number}",
        "cause": None,
        "kind": None,
        "is_fraud": False,
        "is_aimed": False,
        "is_idle": False,
        "is_victim": False,
        "money_minor": 100,
        "is_new": False,
        "city_tier": 1,
        "has_old_phone": False,
        "score": 0.0,
        "is_flagged": False,
        "is_only_givt": False,
        "flagged_on": None,
        "unit": "one/",
    } | columns


def fraud(number: int, kind: str = KIND, **columns: Any) -> dict[str, Any]:
    """An order of a campaign of ``kind``, made for what the campaign gains by."""
    of = {"cause": kind, "kind": kind, "is_fraud": True, "is_aimed": True, "unit": f"one/{kind}"}
    return subject(number, **{**of, **columns})


def crowd(number: int, kind: str = "flash_crowd", **columns: Any) -> dict[str, Any]:
    """An honest order of a crowd that looks like fraud."""
    return subject(number, **{"cause": kind, "kind": kind, "unit": f"one/{kind}", **columns})


def found(after: int = 0, score: float = 0.9) -> dict[str, Any]:
    """The columns of a subject that is flagged so many days after the first."""
    return {"score": score, "is_flagged": True, "flagged_on": DAY + timedelta(days=after)}


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    types = {"cause": pl.String, "kind": pl.String, "flagged_on": pl.Date}
    return pl.DataFrame(list(rows), schema_overrides=types)


def signalled(case_key: str, row: dict[str, Any], **columns: Any) -> dict[str, Any]:
    """A subject as a detector speaks of it, in a case."""
    said = {"detector": "d", "detector_version": 1, "probability": 0.9, "state": "live"}
    return row | said | {"case_key": case_key} | columns


def collected(folder: Path) -> Path:
    """Frames of a town of which nothing was flagged and no conduct is known."""
    folder.mkdir()
    rows = frame(fraud(1), crowd(2), subject(3), subject(3, subject="user"))
    rows.drop("town", "score", "is_flagged", "is_only_givt", "flagged_on", "unit").write_parquet(
        folder / "labels.parquet"
    )
    pl.DataFrame(
        {
            "cause": [KIND, "flash_crowd"],
            "kind": [KIND, "flash_crowd"],
            "is_fraud": [True, False],
            "is_idle": [False, False],
            "twin_of": [[], [KIND]],
        },
        schema_overrides={"twin_of": pl.List(pl.String)},
    ).write_parquet(folder / "causes.parquet")
    signals = pl.DataFrame(
        schema={
            **dict.fromkeys(("subject", "subject_id", "detector", "traffic"), pl.String),
            **dict.fromkeys(("case_key", "state"), pl.String),
            "event_date": pl.Date,
            "detector_version": pl.Int64,
            "probability": pl.Float64,
        }
    )
    signals.write_parquet(folder / "signals.parquet")
    form = {"type": pl.String, "hour": pl.String, "group": pl.Int64, "is_fraud": pl.Boolean}
    schema = {**form, **dict.fromkeys(FORM, pl.Float64)}
    pl.DataFrame(schema=schema).write_parquet(folder / "forms.parquet")
    for name in SUBJECTS:
        empty = pl.DataFrame(schema={"subject_id": pl.String, "event_date": pl.Date})
        empty.write_parquet(folder / f"conduct-{name}.parquet")
    return folder


def varied(folder: Path) -> Path:
    """The same town, whose campaign is half as strong."""
    for name in ("labels", "causes"):
        file = folder / f"{name}.parquet"
        cause = pl.when(pl.col("kind") == KIND).then(pl.lit(f"{KIND}_as_half")).otherwise("cause")
        pl.read_parquet(file).with_columns(cause=cause).write_parquet(file)
    return folder
