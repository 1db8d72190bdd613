"""Which slot fills which position of a page. A slot is a reason to be shown, with its own order."""

from typing import Final, Literal

Slot = Literal["interest", "fresh", "quality", "recommended", "follow", "explore", "ad", "match"]

SLOTS: Final[tuple[Slot, ...]] = (
    "interest",
    "fresh",
    "quality",
    "recommended",
    "follow",
    "explore",
)
"""Slots that hold notes of the pool, by number. ``interest`` stands in for every other."""

FEED: Final[tuple[Slot, ...]] = (
    "interest",
    "recommended",
    "interest",
    "fresh",
    "interest",
    "quality",
    "follow",
    "interest",
    "recommended",
    "fresh",
)
"""Repeated down the page. A slot that has nothing for the reader goes to ``interest``."""

EXPLORED: Final = 0.1
"""Share of positions that show a note drawn at random, wherever they are: what is never shown is
never known, and only such cards tell what a position is worth by itself."""

AD_POSITIONS: Final[dict[str, tuple[int, ...]]] = {
    "feed": (4, 10),
    "topic": (4, 10),
    "search": (3,),
}
"""Positions of a page that are auctioned, by surface; who follows somebody sees no ads there."""

PRODUCT_POSITIONS: Final = (5, 9)
"""Positions of a page of search results that show a product, if one was found."""
