"""What became of a metric's gross count: valid, pending, or removed and why."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from dashboards.brand.verdicts import Verdicts
from dashboards.formats import Language, percent, ratio, short

FATES: Final = ("settled", "pending", "givt", "sivt")
MEANINGS: Final = ("net", "pending", "removed", "removed")


def fates_frame(
    now: Verdicts, before: Verdicts | None, labels: Mapping[str, str], language: Language
) -> pl.DataFrame:
    """Rows: place, step, meaning (its ink), share (of gross), previous_share, text."""
    counts = _counts(now)
    shares = {fate: ratio(counts[fate], now.gross) for fate in FATES}
    earlier = _counts(before) if before else {}
    return pl.DataFrame(
        {
            "place": range(len(FATES)),
            "step": [labels[fate] for fate in FATES],
            "meaning": MEANINGS,
            "share": [shares[fate] for fate in FATES],
            "previous_share": [
                ratio(earlier[fate], before.gross) if before else None for fate in FATES
            ],
            "text": [
                f"{short(counts[fate], language)} · {percent(shares[fate])}" for fate in FATES
            ],
        },
        schema_overrides={"share": pl.Float64, "previous_share": pl.Float64},
    )


def _counts(verdicts: Verdicts) -> dict[str, int]:
    return {
        "settled": verdicts.net - verdicts.pending,
        "pending": verdicts.pending,
        "givt": verdicts.givt,
        "sivt": verdicts.sivt,
    }
