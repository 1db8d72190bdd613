"""Reviews: what people say of products, bought here or not.

A review is shown while it stands and moderation's standing judgement on it is ``passed``: who
judges has nothing to tell this package.
"""

from platform_core.reviews.posting import (
    AlreadyReviewed,
    OrderNotReviewable,
    post_review,
    remove_review,
)
from platform_core.reviews.shown import Review, ReviewUnknown, review, shown_reviews

__all__ = [
    "AlreadyReviewed",
    "OrderNotReviewable",
    "Review",
    "ReviewUnknown",
    "post_review",
    "remove_review",
    "review",
    "shown_reviews",
]
