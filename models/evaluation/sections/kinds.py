"""Of each kind of fraud how much is found, beside what a model could find that was shown it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from models.evaluation.controls import Ceiling
from models.evaluation.formats import NOTHING, at_least, percent, picture, prose, ratio, table
from models.evaluation.intervals import UNKNOWN
from models.evaluation.measured import LEFT_OUT_AIM, RECALL_AIM, Judged
from models.evaluation.recall import Found

NOT_MEASURED: Final = Ceiling("", float("nan"), UNKNOWN, UNKNOWN)


def lines(judged: Judged) -> Iterator[str]:
    yield from prose(
        "Of what a kind gains by (its orders, say, while it runs and for the brand it is for),",
        "not of what its accounts do besides as cover. *Ceiling*: a model trained on what was",
        "planted of that kind in other towns, where it may flag 0.05 % of the honest. Few examples",
        "teach it little: where recall is above it, people knew more than it could learn. *Left",
        "out*: the same of a model that was trained on all kinds but this one.",
    )
    tops = {c.kind: c for c in judged.ceilings}
    at = {least: found[1] if found else {} for least, found in judged.at_precision.items()}
    yield from table(
        (
            *("kind", "of", "campaigns", "subjects", f"recall (aim: {RECALL_AIM:.0%})", ""),
            *("in money", "accounts", "ceiling", "recall / ceiling"),
            f"left out (aim: {LEFT_OUT_AIM:.0%})",
            *(f"recall at precision {least:.0%}" for least in at),
        ),
        [_row(f, tops.get(f.kind, NOT_MEASURED), list(at.values())) for f in judged.kinds],
    )
    yield from picture(judged.plots, "recall")


def _row(found: Found, top: Ceiling, at: Sequence[Mapping[str, float]]) -> tuple[object, ...]:
    return (
        *(found.kind, found.subject, found.campaigns, f"{found.count:,}"),
        *(percent(found.subjects), at_least(found.subjects, RECALL_AIM)),
        *(percent(found.money), percent(found.accounts)),
        *(percent(top.recall), ratio(found.subjects, top.recall), percent(top.left_out)),
        *(f"{recall[found.kind]:.0%}" if found.kind in recall else NOTHING for recall in at),
    )
