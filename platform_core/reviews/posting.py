"""Reviews are posted, screened by the machine as they are, and removed."""

from typing import Final

import sqlalchemy as sa

from platform_core.catalog import product
from platform_core.commerce.buyers import as_buyer
from platform_core.contract.events.commerce import ReviewPosted, ReviewRemoved
from platform_core.database import one_at_a_time
from platform_core.moderation.content import screen
from platform_core.outbox import Origin
from platform_core.reviews.shown import ReviewUnknown
from platform_core.tables.orders import order_lines, orders
from platform_core.tables.parcels import shipments
from platform_core.tables.reviews import reviews
from platform_core.users import active_user
from platform_core.work import Refusal, Work

_THEIRS: Final = (reviews.c.user_id == sa.bindparam("of_user")) & (
    reviews.c.product_id == sa.bindparam("of_product")
)
_EARLIER: Final = sa.select(reviews.c.review_id, reviews.c.order_id).where(_THEIRS)
_RECEIVED: Final = (
    sa.select(orders.c.order_id)
    .join(order_lines, order_lines.c.order_id == orders.c.order_id)
    .join(shipments, shipments.c.order_id == orders.c.order_id)
    .where(orders.c.order_id == sa.bindparam("of_order"))
    .where(orders.c.user_id == sa.bindparam("of_user"))
    .where(order_lines.c.product_id == sa.bindparam("of_product"))
    .where(shipments.c.delivered_at.is_not(None))
)
_ADD: Final = sa.insert(reviews)
_REMOVE: Final = (
    sa.update(reviews)
    .where(reviews.c.review_id == sa.bindparam("of_review"), reviews.c.status == "posted")
    .values(status="removed")
)
_PRODUCT_OF: Final = sa.select(reviews.c.product_id).where(
    reviews.c.review_id == sa.bindparam("of_review")
)


class OrderNotReviewable(Refusal):
    """The order is not the person's, not delivered, or without the product."""


class AlreadyReviewed(Refusal):
    """The person has reviewed the product: for this order, or without one."""


def post_review(
    work: Work,
    user_id: str,
    product_id: str,
    *,
    stars: int,
    text: str,
    order_id: str | None = None,
    by: Origin,
) -> str:
    """Say something of a product; verified if an order is named. Returns the review's id.

    There is one review an order and product, and one without an order a person and product;
    a removed one counts. What the machine holds is not shown until a person has passed it.

    Raises:
        OrderNotReviewable: the order named is not theirs, not delivered, or without the product.
        AlreadyReviewed: they have.
        ProductUnknown: there is no such product.
        UserUnknown, UserSuspended: nobody posts under this id.
        ValueError: there are not 1 to 5 stars, the text is too long, or somebody else acts.
    """
    by = as_buyer(by, user_id)
    active_user(work, user_id)
    product(work.connection, product_id)
    _check(work, user_id, product_id, order_id)
    event = ReviewPosted(
        review_id=work.ids("review"),
        product_id=product_id,
        stars=stars,
        text=text,
        is_verified=order_id is not None,
        order_id=order_id,
    )
    facts = {"user_id": user_id, "status": "posted", "posted_at": work.now}
    work.connection.execute(_ADD, event.model_dump() | facts)
    work.tell(event, by)
    screen(work, "review", event.review_id, text=text)
    return event.review_id


def remove_review(work: Work, review_id: str, *, reason: str, by: Origin) -> None:
    """Nobody sees the review any more; a removed one stays removed.

    Raises:
        ReviewUnknown: there is no such review.
    """
    product_id = work.connection.scalar(_PRODUCT_OF, {"of_review": review_id})
    if product_id is None:
        raise ReviewUnknown(f"there is no review {review_id!r}")
    if work.connection.execute(_REMOVE, {"of_review": review_id}).rowcount:
        event = ReviewRemoved(review_id=review_id, product_id=product_id, reason=reason)
        work.tell(event, by)


def _check(work: Work, user_id: str, product_id: str, order_id: str | None) -> None:
    one_at_a_time(work.connection, f"reviews of {user_id}")
    keys = {"of_user": user_id, "of_product": product_id}
    if order_id and not work.connection.scalar(_RECEIVED, keys | {"of_order": order_id}):
        raise OrderNotReviewable(
            f"user {user_id!r} has not received product {product_id!r} with order {order_id!r}: "
            "wait for the delivery, or review it without an order"
        )
    for earlier in work.connection.execute(_EARLIER, keys):
        if earlier.order_id == order_id:
            raise AlreadyReviewed(
                f"user {user_id!r} has reviewed product {product_id!r} in {earlier.review_id!r}"
            )
