"""What the platform keeps of a sale, by product category and shop level."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import yaml

RATES: Final = Path(__file__).with_name("commission.yaml")
BASIS_POINTS: Final = 10_000


def rate(category: str, shop_level: int) -> int:
    """Basis points of what the buyer pays; a level above the table's last pays its last rate."""
    by_level = _rates().get(category, _rates()["default"])
    return by_level[min(shop_level, len(by_level)) - 1]


def commission(parts: Iterable[tuple[int, str]], shop_level: int, total_minor: int) -> int:
    """Commission on ``total_minor``, in whole minor units, rounded down in the shop's favour.

    ``parts`` are (amount before discounts, category); a discount lowers all of them alike.
    """
    gross = weighted = 0
    for amount_minor, category in parts:
        gross += amount_minor
        weighted += amount_minor * rate(category, shop_level)
    return weighted * total_minor // (gross * BASIS_POINTS) if gross else 0


@cache
def _rates() -> dict[str, list[int]]:
    rates: dict[str, list[int]] = yaml.safe_load(RATES.read_text("utf-8"))
    return rates
