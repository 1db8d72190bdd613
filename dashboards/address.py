"""A page's state in its address, as codes: a link means the same in every language.

Values that a page does not know fall back to its defaults; another brand's name is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboards.periods import COMPARISONS, DEFAULT_PERIOD_DAYS, PERIOD_DAYS, Comparison

Query = Mapping[str, Sequence[str]]


class BrandRefused(PermissionError):
    """The address names a brand that the account may not see."""


@dataclass(frozen=True)
class Filters:
    """What a brand's page shows; ``end`` None means its last day with data."""

    period_days: int = DEFAULT_PERIOD_DAYS
    comparison: Comparison = "previous"
    end: date | None = None

    def codes(self) -> dict[str, str]:
        """The query that leads back here, without what is the default anyway."""
        codes = {
            "period": str(self.period_days) if self.period_days != DEFAULT_PERIOD_DAYS else "",
            "compare": self.comparison if self.comparison != "previous" else "",
            "end": self.end.isoformat() if self.end else "",
        }
        return {name: code for name, code in codes.items() if code}


def filters(query: Query) -> Filters:
    """The filters that a query holds."""
    period, comparison = _last(query, "period"), _last(query, "compare")
    return Filters(
        int(period) if period in map(str, PERIOD_DAYS) else DEFAULT_PERIOD_DAYS,
        next((known for known in COMPARISONS if known == comparison), "previous"),
        _day(_last(query, "end")),
    )


def brand(query: Query, brand_ids: Sequence[str]) -> str | None:
    """The brand to show: the one named, else the account's first; None when it has none.

    Raises:
        BrandRefused: any parameter that is about a brand names one outside ``brand_ids``.
    """
    named = [value for name in query if "brand" in name.lower() for value in query[name]]
    if any(value not in brand_ids for value in named):
        raise BrandRefused
    asked = _last(query, "brand")
    return asked or (brand_ids[0] if brand_ids else None)


def _last(query: Query, name: str) -> str:
    values = query.get(name, ())
    return values[-1] if values else ""


def _day(code: str) -> date | None:
    try:
        return date.fromisoformat(code)
    except ValueError:
        return None
