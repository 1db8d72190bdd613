"""The people funnel: who came this far, as a share of those one step before."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from dashboards.formats import MISSING, Language, percent, ratio, short

STEPS: Final = ("reached_view", "reached_cart", "reached_order", "reached_payment")

People = Mapping[str, int]


def people(rows: pl.DataFrame) -> People | None:
    """The one funnel row of a period; None when nobody was seen."""
    found = rows.select(STEPS).to_dicts()
    return found[0] if found and found[0][STEPS[0]] else None


def funnel_frame(
    now: People, before: People | None, labels: Mapping[str, str], language: Language
) -> pl.DataFrame:
    """Rows: place, step, meaning (its ink), share (of the step before), previous_share, text."""
    shares = _passed_on(now)
    earlier = _passed_on(before) if before else {}
    return pl.DataFrame(
        {
            "place": range(len(STEPS)),
            "step": [labels[step] for step in STEPS],
            "meaning": ["net"] * len(STEPS),
            "share": [shares[step] for step in STEPS],
            "previous_share": [earlier.get(step) for step in STEPS],
            "text": [_text(now, step, shares[step], language) for step in STEPS],
        },
        schema_overrides={"share": pl.Float64, "previous_share": pl.Float64},
    )


def _passed_on(counts: People) -> dict[str, float | None]:
    first, *rest = STEPS
    shares: dict[str, float | None] = {first: 1.0}
    for step, before in zip(rest, STEPS, strict=False):
        shares[step] = ratio(counts[step], counts[before])
    return shares


def _text(counts: People, step: str, share: float | None, language: Language) -> str:
    count = short(counts[step], language)
    if step == STEPS[0]:
        return count
    return f"{count} · {MISSING if share is None else percent(share)}"
