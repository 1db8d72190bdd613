"""All measurements of a pool of towns, in order."""

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from models.evaluation import accusations, calibration, controls, recall, rings
from models.evaluation.document import PRECISION_AIM, STRICT_PRECISION, Judged, Ran
from models.evaluation.pool import Pool, conduct, pool, read

Say = Callable[[str], None]


def judge(
    folders: Sequence[Path],
    threshold: float,
    command: str,
    *,
    users: int = 0,
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
    known = conduct(folders)
    tell = controls.tell(read(folders, "forms"), seed)
    twins = list(controls.twins(known, judged.causes, seed))
    ceilings = list(controls.ceilings(known, seed))
    permuted = list(controls.permuted(known, seed))
    say("recall, accusations, rings ...")
    subjects, signals = judged.subjects, judged.signals
    found = Judged(
        ran=ran(judged, command, users, days),
        precision=accusations.precision(subjects),
        precision_by_town=accusations.precision(subjects, ["town"]),
        detectors=accusations.by_detector(signals),
        kinds=recall.by_kind(subjects),
        at_precision={
            least: recall.at_precision(subjects, least)
            for least in (PRECISION_AIM, STRICT_PRECISION)
        },
        rings=rings.by_kind(subjects, signals),
        crowds=accusations.by_crowd(subjects),
        victims=accusations.victims(subjects),
        groups=accusations.by_group(subjects),
        brier=calibration.brier(subjects),
        reliability=calibration.reliability(subjects),
        base_rates=accusations.at_base_rates(subjects),
        capacity=accusations.at_capacity(signals),
        tell=tell,
        twins=twins,
        idle=controls.idle(judged.idle),
        permuted=permuted,
        ceilings=ceilings,
    )
    return found, judged


def ran(judged: Pool, command: str, users: int, days: int) -> Ran:
    """What was run; days are counted where nobody says them."""
    subjects = judged.subjects
    counted = subjects.select(pl.col("event_date").n_unique()).item()
    return Ran(
        command=command,
        towns=sorted(subjects["town"].unique().to_list()),
        users=users,
        days=days or int(counted),
        people=subjects.select("town", "actor_id").drop_nulls().unique().height,
        subjects=subjects.height,
        frauds=int(subjects["is_fraud"].sum()),
        threshold=judged.threshold,
        night_by_night=judged.night_by_night,
    )
