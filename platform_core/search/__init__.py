"""Search: notes and products by words, typos and needs, in Chinese and English."""

from platform_core.search.folder import Hit
from platform_core.search.index import SearchIndex

__all__ = ["Hit", "SearchIndex"]
