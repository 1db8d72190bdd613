"""Several towns as one population, and what the detectors flag of it at one threshold."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from models.evaluation.subjects import AS, KEY, SUBJECTS

VARIANT: Final = pl.col("cause").str.extract(f"{AS}([a-z]+)$")
"""How the campaign of a cause was varied; null if it was not."""


@dataclass(frozen=True)
class Pool:
    """What was judged.

    ``subjects``: the labels of all towns with ``score`` (of the surest live detector, 0 if none
    speaks), ``is_flagged``, ``is_only_givt`` and ``flagged_on``, the day of the first night that
    flags it; ``unit`` is the campaign or crowd that it belongs to, else its town. ``signals``:
    what detectors say beside the labels, with ``state`` live, shadow, or waiting below the
    threshold.
    """

    threshold: float
    subjects: pl.DataFrame
    signals: pl.DataFrame
    causes: pl.DataFrame
    idle: pl.DataFrame
    """Subjects of accounts that were planted and do nothing, and the rest of their towns."""

    varied: pl.DataFrame
    """Subjects of campaigns that are varied, with ``variant``; the rest of their towns is left."""

    night_by_night: bool = False

    @property
    def towns(self) -> int:
        return self.subjects["town"].n_unique()


def pool(folders: Sequence[Path], threshold: float) -> Pool:
    """Judge collected towns together; a signal counts when live and at or above the threshold."""
    labels = read(folders, "labels")
    planted = read(folders, "causes")
    said = with_nights(read(folders, "signals"), folders, threshold)
    subjects = flagged(labels, said, threshold)
    in_idle_town = _in_town_of(planted, pl.col("is_idle"))
    in_varied_town = _in_town_of(planted, VARIANT.is_not_null())
    in_any = in_idle_town | in_varied_town
    judged = subjects.filter(~in_any)
    accuses = (pl.col("probability") >= threshold) | (pl.col("state") != "live")
    speaking = said.with_columns(state=pl.when(accuses).then("state").otherwise(pl.lit("waiting")))
    return Pool(
        threshold=threshold,
        subjects=judged,
        signals=speaking.join(judged.drop("is_flagged", "score"), on=KEY, how="inner"),
        causes=planted.filter(~in_any),
        idle=subjects.filter(in_idle_town),
        varied=subjects.with_columns(variant=VARIANT).filter(pl.col("variant").is_not_null()),
        night_by_night=any((folder / "nights.parquet").exists() for folder in folders),
    )


def usual(folders: Sequence[Path]) -> list[Path]:
    """Folders of towns in which no campaign is varied."""
    varied = read(folders, "causes").filter(VARIANT.is_not_null())["town"].unique().to_list()
    return [folder for folder in folders if folder.name not in varied]


def _in_town_of(causes: pl.DataFrame, chosen: pl.Expr) -> pl.Expr:
    """Whether a row is of a town in which such a cause was planted."""
    return pl.col("town").is_in(causes.filter(chosen)["town"].unique().to_list())


def read(folders: Sequence[Path], name: str) -> pl.DataFrame:
    """One frame of all towns; ``town`` is the name of a town's folder."""
    frames = [
        pl.read_parquet(folder / f"{name}.parquet").with_columns(town=pl.lit(folder.name))
        for folder in folders
    ]
    return pl.concat(frames, how="diagonal_relaxed")


def conduct(folders: Sequence[Path]) -> dict[str, pl.DataFrame]:
    """What is known of some subjects of each sort, beside what they are; empty while nothing is.

    ``group`` is the person: what stays together when a model is judged on what it has not seen.
    """
    wanted = ["is_fraud", "is_aimed", "kind", "cause"]
    labels = read(folders, "labels").filter(~pl.col("is_idle"))
    described = labels.select(
        *KEY, *wanted, unit=unit_of(), group=pl.concat_str("town", pl.col("actor_id").fill_null(""))
    )
    return {
        subject: read(folders, f"conduct-{subject}").join(
            described.filter(subject=subject).drop("subject"),
            on=[name for name in KEY if name != "subject"],
            how="inner",
            maintain_order="left",
        )
        for subject in SUBJECTS
    }


def unit_of() -> pl.Expr:
    """The campaign or crowd of a subject, within its town."""
    return pl.concat_str("town", pl.coalesce("cause", pl.lit("")), separator="/")


def with_nights(signals: pl.DataFrame, folders: Sequence[Path], threshold: float) -> pl.DataFrame:
    """The signals with ``flagged_on``: the first night that was as sure as the threshold, where
    nights were run one by one, else the subject's own day."""
    ran = [folder for folder in folders if (folder / "nights.parquet").exists()]
    if not ran:
        return signals.with_columns(flagged_on=pl.col("event_date"))
    on = [*KEY, "detector"]
    sure = read(ran, "nights").filter(pl.col("probability") >= threshold)
    first = sure.group_by(on).agg(pl.col("flagged_on").min())
    known = signals.join(first, on=on, how="left", maintain_order="left")
    return known.with_columns(flagged_on=pl.max_horizontal("flagged_on", "event_date"))


def flagged(labels: pl.DataFrame, signals: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """The labels with what the live detectors make of each subject; see ``Pool.subjects``."""
    live = signals.filter(state="live")
    speaks = pl.col("probability") >= threshold
    of_subject = live.group_by(KEY).agg(
        score=pl.col("probability").max(),
        is_flagged=speaks.any(),
        is_only_givt=(pl.col("traffic") == "givt").filter(speaks).all() & speaks.any(),
        flagged_on=pl.col("flagged_on").filter(speaks).min(),
    )
    joined = labels.join(of_subject, on=KEY, how="left", maintain_order="left")
    return joined.with_columns(
        score=pl.col("score").fill_null(0.0),
        is_flagged=pl.col("is_flagged").fill_null(False),
        is_only_givt=pl.col("is_only_givt").fill_null(False),
        unit=unit_of(),
    )
