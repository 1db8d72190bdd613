"""Whether a case holds one ring, and all of it."""

from collections.abc import Iterator

from models.evaluation.formats import percent, prose, table
from models.evaluation.measured import Judged


def lines(judged: Judged) -> Iterator[str]:
    yield from prose(
        "*Whole*: of a campaign's accounts, the share that one case holds; *in cases*: that any",
        "case holds. *Pure*: of the subjects of a case, the share that belongs to the one campaign",
        "that most belong to.",
    )
    yield from table(
        ("kind", "campaigns", "whole", "in cases", "cases", "pure"),
        [
            (r.kind, r.campaigns, percent(r.best), percent(r.any_case), r.cases, percent(r.purity))
            for r in judged.rings
        ],
    )
