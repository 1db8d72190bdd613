"""How much of each kind is found where its campaigns are weaker, stronger, bare, or covered."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from models.evaluation.formats import NOTHING, prose, table
from models.evaluation.measured import Judged

HEADS: Final = {
    "quarter": "a quarter as strong",
    "half": "half",
    "": "as packaged",
    "double": "twice",
    "bare": "without cover",
    "covered": "half of the bare part covered",
}
"""What each variant is called; the packaged campaigns are those of all sections above."""
ALL: Final = "mean of those varied in every way"


def lines(judged: Judged) -> Iterator[str]:
    if not judged.varied:
        yield from prose("Not measured: `--sweep 2` lets towns live in which campaigns are varied.")
        return
    yield from prose(
        "Recall of campaigns beside the packaged ones of their town. *Strong*: members and their",
        "errands, each by the square root. *Cover*: the ordinary life that planted accounts lead",
        "besides; people who live it anyway have none to vary. Few campaigns stand behind a cell,",
        "so there are no intervals. What an attacker pays and earns is not modelled: the packaged",
        "strength is not shown to be the weakest that would pay.",
    )
    found = {
        **{("", of.kind): of.subjects for of in judged.kinds},
        **judged.varied,
    }
    shares = {key: recall.value for key, recall in found.items() if recall.is_known}
    kinds = [of.kind for of in judged.kinds]
    rows = [(kind, *(_cell([shares.get((v, kind))]) for v in HEADS)) for kind in kinds]
    whole = [kind for kind in kinds if all((variant, kind) in shares for variant in HEADS)]
    means = (_cell([shares[variant, kind] for kind in whole]) for variant in HEADS)
    yield from table(("kind", *HEADS.values()), [*rows, (ALL, *means)])


def _cell(shares: Sequence[float | None]) -> str:
    known = [share for share in shares if share is not None]
    return f"{100 * np.mean(known):.0f} %" if known else NOTHING
