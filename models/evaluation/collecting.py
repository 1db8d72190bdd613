"""What is needed of a town to judge the detectors on it, as a folder of frames.

- ``labels.parquet``: one row per subject, see ``labels.labels``
- ``signals.parquet``: what detectors say: subject, its key, and the columns of the signal tables
- ``causes.parquet``: what was planted
- ``conduct-<subject>.parquet``: numbers known of subjects with a cause, and of some without
- ``forms.parquet``: the form of a sample of events
"""

from contextlib import closing
from pathlib import Path
from typing import Final

import polars as pl
import polars.selectors as cs

from models.evaluation.forms import forms
from models.evaluation.labels import Query, caused_events, causes, labels
from models.evaluation.subjects import KEYS, SUBJECTS, conduct_table, signal_table
from pipelines.warehouse.reader import Reader
from pipelines.warehouse.release import Release
from platform_core.contract.events.moderation import SubjectType
from platform_core.settings import Settings

ORDINARY: Final = 6_000
"""Subjects without a cause of a town whose conduct is kept."""
SIGNAL_COLUMNS: Final = (
    *("subject", "subject_id", "event_date", "detector", "detector_version", "traffic"),
    *("probability", "case_key", "state"),
)
NO_SIGNALS: Final = pl.Schema(
    {
        **dict.fromkeys(SIGNAL_COLUMNS, pl.String),
        "event_date": pl.Date,
        "detector_version": pl.Int64,
        "probability": pl.Float64,
    }
)


class NothingToJudge(ValueError):
    """A home has no release, so that no detector has spoken."""


def collect(settings: Settings, folder: Path, person_key: str, release: Release | None) -> None:
    """Write the frames of the town in a home, as the tables of a release say.

    Raises:
        NothingToJudge: no batch has run in the home.
        NotSimulated: no town has lived in it.
    """
    home = settings.home.resolve()
    if release is None:
        raise NothingToJudge(f"{home}: there is no release yet; `meadow run` makes one")
    folder.mkdir(parents=True, exist_ok=True)
    reader = Reader(settings.lake, release, brand_id=None, using=settings)
    with closing(reader):
        planted = causes(home)
        planted.write_parquet(folder / "causes.parquet")
        labelled = labels(home, reader.query, person_key)
        labelled.write_parquet(folder / "labels.parquet")
        signals(reader.query, release).write_parquet(folder / "signals.parquet")
        for subject in SUBJECTS:
            known = conduct(reader.query, release, subject, folder)
            known.write_parquet(folder / f"conduct-{subject}.parquet")
        seen = forms(reader.query, str(folder), planted, caused_events(home))
        seen.write_parquet(folder / "forms.parquet")


def signals(query: Query, release: Release) -> pl.DataFrame:
    """What all detectors say of all subjects, live or not."""
    said = [NO_SIGNALS.to_frame()]
    for subject in SUBJECTS:
        if signal_table(subject) in release.tables:
            found = query(f"SELECT * FROM {signal_table(subject)}")
            found = found.rename({KEYS[subject]: "subject_id", "kind": "traffic"}).with_columns(
                subject=pl.lit(subject)
            )
            said.append(found.select(SIGNAL_COLUMNS).cast(NO_SIGNALS))
    return pl.concat(said).sort("subject", "event_date", "subject_id", "detector")


def conduct(query: Query, release: Release, subject: SubjectType, folder: Path) -> pl.DataFrame:
    """Numbers and flags of a conduct table, of subjects with a cause and a sample of the others.

    Empty, and without columns of its own, while there is no such table.
    """
    table = conduct_table(subject)
    nothing = pl.DataFrame(schema={"subject_id": pl.String, "event_date": pl.Date})
    if table not in release.tables:
        return nothing
    columns = query(f"SELECT * FROM {table} LIMIT 0")
    key = next(name for name in (KEYS[subject], "user_id") if name in columns.columns)
    numbers = columns.select(cs.numeric() | cs.boolean()).columns
    chosen = ", ".join(f'CAST(c."{name}" AS FLOAT) AS "{name}"' for name in numbers)
    labelled = str(folder / "labels.parquet").replace("'", "''")
    return query(
        f"""
        WITH known AS (
          SELECT subject_id, event_date, cause FROM read_parquet('{labelled}')
          WHERE subject = '{subject}'
        ),
        kept AS (
          (SELECT subject_id, event_date FROM known WHERE cause IS NOT NULL)
          UNION ALL
          (SELECT subject_id, event_date FROM known WHERE cause IS NULL
           ORDER BY hash(subject_id, event_date) LIMIT {ORDINARY})
        )
        SELECT c."{key}" AS subject_id, c.event_date, {chosen}
        FROM {table} AS c JOIN kept AS k ON k.subject_id = c."{key}" AND k.event_date = c.event_date
        """
    ).sort("event_date", "subject_id")
