"""Brands that a text names with @."""

import re
from typing import Final

import sqlalchemy as sa

from platform_core.brands import MAX_NAME_LENGTH
from platform_core.tables.brands import brands

AFTER_AT: Final = re.compile(rf"(?<![A-Za-z0-9])[@＠](?=([^@＠]{{1,{MAX_NAME_LENGTH + 1}}}))")
_NAMED: Final = sa.select(brands.c.name, brands.c.brand_id).where(
    brands.c.name.in_(sa.bindparam("names", expanding=True)), brands.c.status != "suspended"
)


def mentioned_brands(connection: sa.Connection, text: str) -> list[str]:
    """Ids of the brands, in the order of their first mention; the longest name that fits counts.

    Chinese writes no space after a name, so every beginning of what follows an @ may be one.
    """
    followers = AFTER_AT.findall(text)
    names = {name for follower in followers for name in _beginnings(follower)}
    if not names:
        return []
    ids = dict(connection.execute(_NAMED, {"names": sorted(names)}).all())
    found = (
        next((ids[name] for name in _beginnings(follower) if name in ids), None)
        for follower in followers
    )
    return list(dict.fromkeys(brand_id for brand_id in found if brand_id))


def _beginnings(text: str) -> list[str]:
    """What a name could be, the longest first; a word in Latin letters is never cut."""
    return [text[:end] for end in range(len(text), 0, -1) if not _cuts_a_word(text, end)]


def _cuts_a_word(text: str, end: int) -> bool:
    around = text[end - 1 : end + 1]
    return len(around) == 2 and around.isascii() and around.isalnum()
