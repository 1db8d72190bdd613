"""Which reviews people see: those posted, not removed, and not held by moderation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import sqlalchemy as sa

from platform_core.database import reading
from platform_core.tables.moderation import content_judgements
from platform_core.tables.reviews import reviews
from platform_core.work import Refusal

_OF_REVIEW: Final = (content_judgements.c.subject_id == reviews.c.review_id) & (
    content_judgements.c.subject_type == "review"
)
_STANDING: Final = (
    sa.select(content_judgements.c.verdict)
    .where(_OF_REVIEW)
    .order_by(content_judgements.c.judge == "machine", content_judgements.c.position.desc())
    .limit(1)
    .scalar_subquery()
)
_SHOWN: Final = (reviews.c.status == "posted") & (_STANDING == "passed")
_REVIEWS: Final = sa.select(reviews, _SHOWN.label("is_shown"))
_REVIEW: Final = _REVIEWS.where(reviews.c.review_id == sa.bindparam("of_review"))
_SHOWN_OF_PRODUCT: Final = (
    _REVIEWS.where(reviews.c.product_id == sa.bindparam("of_product"), _SHOWN)
    .order_by(reviews.c.posted_at.desc(), reviews.c.review_id)
    .limit(sa.bindparam("most"))
)


class ReviewUnknown(Refusal):
    """There is no review with this id."""


@dataclass(frozen=True)
class Review:
    """A review as it stands; ``is_verified``: the person bought and received the product here.

    ``is_shown`` is false once it was removed, and while moderation holds it.
    """

    review_id: str
    user_id: str
    product_id: str
    order_id: str | None
    stars: int
    text: str
    is_verified: bool
    status: Literal["posted", "removed"]
    posted_at: datetime
    is_shown: bool


def review(source: sa.Connection | sa.Engine, review_id: str) -> Review:
    """The review as it stands.

    Raises:
        ReviewUnknown: there is no such review.
    """
    if isinstance(source, sa.Engine):
        with reading(source) as connection:
            return review(connection, review_id)
    row = source.execute(_REVIEW, {"of_review": review_id}).mappings().one_or_none()
    if row is None:
        raise ReviewUnknown(f"there is no review {review_id!r}")
    return Review(**row)


def shown_reviews(connection: sa.Connection, product_id: str, limit: int = 50) -> list[Review]:
    """The reviews of a product that people see, the newest first."""
    wanted = {"of_product": product_id, "most": limit}
    return [Review(**row) for row in connection.execute(_SHOWN_OF_PRODUCT, wanted).mappings()]
