"""One metric with its verdicts: gross, what was removed, what is pending, and net."""

from dataclasses import dataclass

import polars as pl

from dashboards.formats import ratio

AD_METRICS = ("ad_clicks", "conversions")
PARTS = ("givt", "sivt", "pending")


@dataclass(frozen=True)
class Verdicts:
    """Counts of one metric; ``pending`` is still inside ``net``."""

    gross: int = 0
    givt: int = 0
    sivt: int = 0
    pending: int = 0

    @property
    def removed(self) -> int:
        return self.givt + self.sivt

    @property
    def net(self) -> int:
        return self.gross - self.removed

    @property
    def removed_share(self) -> float | None:
        return ratio(self.removed, self.gross)

    @property
    def pending_share(self) -> float | None:
        return ratio(self.pending, self.gross)


def columns(metric: str) -> list[str]:
    """The mart columns of a metric with verdicts, in the order of ``Verdicts``."""
    return [metric, *(f"{metric}_{part}" for part in PARTS)]


def totals(rows: pl.DataFrame, metric: str) -> Verdicts:
    """The metric summed over all rows; additive metrics only."""
    sums = rows.select(pl.col(columns(metric)).sum()).row(0)
    return Verdicts(*(int(value or 0) for value in sums))
