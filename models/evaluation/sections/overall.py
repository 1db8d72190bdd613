"""Precision of all that is flagged, and recall of the worst kind at a wanted precision."""

from collections.abc import Iterator

from models.evaluation.formats import NOTHING, at_least, percent, prose, table
from models.evaluation.measured import PRECISION_AIM, RECALL_AIM, STRICT_RECALL_AIM, Judged


def lines(judged: Judged) -> Iterator[str]:
    rows = (*_precision(judged), *_recall_of_the_worst(judged))
    yield from table(("", "measured", "aim", ""), rows)
    yield ""
    yield from prose(
        "Thresholds of a wanted precision are chosen on these very towns, which flatters them a",
        "little, and never below where detectors speak at all. Rules of general invalid traffic",
        "flag machines and impossible repeats, not intent: what only they flag counts as wrong",
        "here unless it was planted as fraud, and the third line leaves it out.",
    )


def _precision(judged: Judged) -> Iterator[tuple[str, ...]]:
    for units, found in (
        ("campaigns and crowds", judged.precision),
        ("towns", judged.precision_by_town),
        ("campaigns and crowds, without general invalid traffic", judged.precision_of_sivt),
    ):
        aim = f"at least {PRECISION_AIM:.0%}"
        yield f"precision, by {units}", percent(found), aim, at_least(found, PRECISION_AIM)


def _recall_of_the_worst(judged: Judged) -> Iterator[tuple[str, ...]]:
    for least, found in judged.at_precision.items():
        aim = RECALL_AIM if least == PRECISION_AIM else STRICT_RECALL_AIM
        measured, is_met = _worst(*found, aim) if found else (NOTHING, "not reached")
        yield (
            f"recall of the worst kind where precision is {least:.0%}",
            *(measured, f"at least {aim:.0%}", is_met),
        )


def _worst(score: float, recall: dict[str, float], aim: float) -> tuple[str, str]:
    """The kind of which least is found at a score, in words, and whether that meets the aim."""
    if not recall:
        return NOTHING, "nothing to find"
    kind = min(recall, key=lambda kind: recall[kind])
    worst = recall[kind]
    return f"{worst:.0%} ({kind}), at {score:.3f}", "met" if worst >= aim else "**missed**"
