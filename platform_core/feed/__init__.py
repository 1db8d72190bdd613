"""The feed: which cards a person is served, in which order, and why."""

from platform_core.feed.pages import feed, served_event, served_frame
from platform_core.feed.ranker import CARDS, RANKER, Ranker
from platform_core.feed.recommendations import Recommendations, published_recommendations
from platform_core.feed.seen import Seen

__all__ = [
    "CARDS",
    "RANKER",
    "Ranker",
    "Recommendations",
    "Seen",
    "feed",
    "published_recommendations",
    "served_event",
    "served_frame",
]
