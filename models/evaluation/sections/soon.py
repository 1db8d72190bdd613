"""How soon a campaign is noticed, and what is lost before."""

from collections.abc import Iterator
from typing import Final

from models.evaluation.formats import number, percent, picture, prose, table
from models.evaluation.measured import Judged

BY_NIGHT: Final = (
    "Batches were run night by night: a subject counts as found from the first night that flags it."
)
ALL_AT_ONCE: Final = (
    "A subject counts as found on its own day, though the numbers behind a signal may look some"
    " days ahead: `--nights` runs the batch night by night, which takes long, and tells the first"
    " night that flags it."
)


def lines(judged: Judged) -> Iterator[str]:
    yield from prose(
        BY_NIGHT if judged.ran.night_by_night else ALL_AT_ONCE,
        "*Lost before*: the share of a campaign's money (of its subjects where no money moves) up",
        "to the night that first notices anything of it; campaigns that are never noticed count",
        "in full. Days are of the median campaign, from its first subject on.",
    )
    yield from table(
        ("kind", "campaigns never noticed", "lost before", "days to 50 %", "days to 90 %"),
        [
            (
                *(f.kind, f"{f.undetected} of {f.campaigns}", percent(f.lost_before)),
                *(number(f.days_to_half, 0), number(f.days_to_nearly_all, 0)),
            )
            for f in judged.kinds
        ],
    )
    yield from picture(judged.plots, "soon")
