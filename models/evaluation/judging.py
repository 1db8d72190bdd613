"""All measurements of a pool of towns, in order."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from models.evaluation import accusations, calibration, controls, recall, rings
from models.evaluation.measured import PRECISION_AIM, STRICT_PRECISION, Judged, Ran
from models.evaluation.pool import Pool, conduct, pool, read, usual

ALIVE: Final = 0.05
"""Of the people of the busiest day, so many come on a day of life."""

Say = Callable[[str], None]


def judge(
    folders: Sequence[Path],
    threshold: float,
    command: str,
    *,
    days: int = 0,
    seed: int = 0,
    say: Say = print,
) -> tuple[Judged, Pool]:
    """Measure everything over the collected towns.

    Args:
        folders: what ``collecting.collect`` has written.
        threshold: from which probability on a live signal flags.
        command: what was typed, for the page.
    """
    judged = pool(folders, threshold)
    say("controls ...")
    alike = usual(folders)
    known = conduct(alike)
    forms = read(alike, "forms")
    tell, by_part = controls.tell(forms, seed), controls.tell_by_part(forms, seed)
    twins = list(controls.twins(known, judged.causes, seed))
    ceilings = list(controls.ceilings(known, seed))
    permuted = list(controls.permuted(known, seed))
    say("recall, accusations, rings ...")
    subjects, signals = judged.subjects, judged.signals
    found = Judged(
        ran=ran(judged, command, days),
        precision=accusations.precision(subjects),
        precision_by_town=accusations.precision(subjects, ["town"]),
        precision_of_sivt=accusations.precision(subjects.filter(~pl.col("is_only_givt"))),
        detectors=accusations.by_detector(signals),
        kinds=recall.by_kind(subjects),
        at_precision={
            least: recall.at_precision(subjects, least)
            for least in (PRECISION_AIM, STRICT_PRECISION)
        },
        varied=recall.by_variant(judged.varied),
        rings=rings.by_kind(subjects, signals),
        crowds=accusations.by_crowd(subjects),
        victims=accusations.victims(subjects),
        groups=accusations.by_group(subjects),
        brier=calibration.brier(subjects),
        reliability=calibration.reliability(subjects),
        base_rates=accusations.at_base_rates(subjects),
        capacity=accusations.at_capacity(signals),
        tell=tell,
        tell_by_part=by_part,
        twins=twins,
        idle=controls.idle(judged.idle),
        permuted=permuted,
        ceilings=ceilings,
    )
    return found, judged


def ran(judged: Pool, command: str, days: int) -> Ran:
    """What was run; days are counted where nobody says them."""
    subjects = judged.subjects
    return Ran(
        command=command,
        towns=sorted(subjects["town"].unique().to_list()),
        days=days or lived_days(subjects),
        people=subjects.select("town", "actor_id").drop_nulls().unique().height,
        subjects=subjects.height,
        frauds=int(subjects["is_fraud"].sum()),
        threshold=judged.threshold,
        night_by_night=judged.night_by_night,
    )


def lived_days(subjects: pl.DataFrame) -> int:
    """Days on which the towns were alive; before them people only sign up."""
    busy = subjects.filter(subject="user").group_by("event_date").len()["len"].to_numpy()
    return int((busy >= busy.max() * ALIVE).sum()) if busy.size else 0
