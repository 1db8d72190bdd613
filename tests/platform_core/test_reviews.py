"""Reviews: who may say what of which product, and who sees it."""

from typing import Any

import pytest
import sqlalchemy as sa

from platform_core.catalog import ProductUnknown
from platform_core.commerce import Line
from platform_core.database import reading
from platform_core.moderation.judgements import judge
from platform_core.outbox import NOBODY
from platform_core.reviews import (
    AlreadyReviewed,
    OrderNotReviewable,
    Review,
    ReviewUnknown,
    post_review,
    remove_review,
    review,
    shown_reviews,
)
from tests.platform_core.market import LATER, NOW, Market

HELD = "加微信 abc123 领返现"


@pytest.fixture
def market(engine: sa.Engine) -> Market:
    return Market(engine).open()


def post(market: Market, product_id: str = "product_1", **changes: Any) -> str:
    facts = {"stars": 5, "text": "很水润", "by": market.ann, **changes}
    with market.work() as work:
        return post_review(work, str(facts["by"].actor_id), product_id, **facts)


def shown(market: Market) -> list[str]:
    with reading(market.engine) as connection:
        return [found.review_id for found in shown_reviews(connection, "product_1")]


def test_a_review_of_a_delivered_order_is_verified_and_told(market: Market) -> None:
    market.delivered()
    market.events()
    assert post(market, order_id="order_1", stars=4) == "review_1"
    facts = ("review_1", "user_1", "product_1", "order_1", 4, "很水润", True)
    assert review(market.engine, "review_1") == Review(*facts, "posted", NOW, True)
    posted, judged = market.events()
    assert posted == {
        "type": "review.posted",
        "actor": "user_1",
        "review_id": "review_1",
        "product_id": "product_1",
        "stars": 4,
        "text": "很水润",
        "is_verified": True,
        "order_id": "order_1",
    }
    assert (judged["type"], judged["verdict"]) == ("content.judged", "passed")


def test_without_an_order_a_review_is_not_verified(market: Market) -> None:
    post(market)
    assert not review(market.engine, "review_1").is_verified


def test_the_order_is_theirs_delivered_and_holds_the_product(market: Market) -> None:
    market.delivered(Line("sku_1", 1))
    market.paid(Line("sku_1", 1))
    for changes in (
        {"order_id": "order_1", "by": market.bob},
        {"order_id": "order_1", "product_id": "product_2"},
        {"order_id": "order_2"},
        {"order_id": "order_9"},
    ):
        with pytest.raises(OrderNotReviewable, match="not received"):
            post(market, **changes)


def test_there_is_one_review_an_order_and_one_without(market: Market) -> None:
    market.delivered()
    market.delivered()
    for order_id in ("order_1", "order_2", None):
        post(market, order_id=order_id)
        with pytest.raises(AlreadyReviewed):
            post(market, order_id=order_id)
    post(market, by=market.bob)
    post(market, "product_2")


def test_a_removed_review_stays_removed_and_is_not_replaced(market: Market) -> None:
    post(market)
    market.events()
    for _ in range(2):
        with market.work() as work:
            remove_review(work, "review_1", reason="template_text", by=NOBODY)
    assert market.events() == [
        {
            "type": "review.removed",
            "actor": None,
            "review_id": "review_1",
            "product_id": "product_1",
            "reason": "template_text",
        }
    ]
    found = review(market.engine, "review_1")
    assert (found.status, found.is_shown) == ("removed", False)
    assert shown(market) == []
    with pytest.raises(AlreadyReviewed):
        post(market)


def test_what_the_machine_holds_is_shown_once_a_person_has_passed_it(market: Market) -> None:
    post(market, text=HELD)
    post(market, by=market.bob)
    assert shown(market) == ["review_2"]
    with market.work(LATER) as work:
        judge(work, "review", "review_1", "passed", "no_violation", judge="person", by=NOBODY)
    assert shown(market) == ["review_1", "review_2"]
    assert review(market.engine, "review_1").is_shown


def test_nonsense_is_no_review(market: Market) -> None:
    for stars in (0, 6):
        with pytest.raises(ValueError, match="stars"):
            post(market, stars=stars)
    with pytest.raises(ValueError, match="user_2"), market.work() as work:
        post_review(work, "user_1", "product_1", stars=5, text="好", by=market.bob)
    with pytest.raises(ProductUnknown):
        post(market, "product_9")
    with pytest.raises(ReviewUnknown, match="review_9"), market.work() as work:
        remove_review(work, "review_9", reason="r", by=NOBODY)
