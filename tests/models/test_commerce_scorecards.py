"""Whom the scorecards of orders, reviews and notes flag, and whom they spare."""

from typing import Any

import pytest

from tests.models.test_conduct_scorecards import speaks

EMPTY = {"weight_ratio": 0.2, "weight_grams": 90} | {
    "product_light_28d": 12,
    "product_light_share": 0.5,
}
LIGHT_WARE = {**EMPTY, "weight_ratio": 0.9, "weight_grams": 120}
AS_TOLD = {
    **{"views_before": 1, "first_view_seconds": 150, "last_view_seconds": 150, "pieces": 1},
    **{"other_brands_1d": 3, "carts_before": 1, "review_stars": 5, "shop_light_before": 0},
    **{"buyer_orders_28d": 1, "buyer_shop_orders": 1, "buyer_product_orders": 1},
}
LOOKED_BEFORE = {"views_before": 4, "first_view_seconds": 200_000}
OWN_CARD = {"shop_instrument_buyers": 3, "shop_ship_to_buyers": 5, "account_age_days": 6}
STRANGER = {
    "bought_brand_60d": 0,
    "active_days_28d": 1,
    "account_age_days": 8,
    "is_verified": False,
}
CROWD = {**STRANGER, "unbought_active_days": 1.5, "unbought_15d": 12, "unbought_authors_share": 0.9}
COPIED = {"twin_accounts": 5, "exact_twins": 1, "brand_share": 1.0, "extreme_share": 1.0}
BRIEFED = {
    **{"stars": 5, "house_share": 0.45, "bought_brand_60d": 1, "letters": 30, "brand_share": 0.8},
    **{"peers_share": 0.2, "own_peers": 3, "exact_twins": 0, "twin_accounts": 1},
}
HIDDEN = {"is_disclosed_ad": False, "house_share": 0.5, "peers": 6}
TURNED = {"stars": 5, "bought_brand_60d": 0, "views_before": 0, "unseen_15d": 7} | {
    "brand_reviews_42d": 2
}


@pytest.mark.parametrize(
    ("card", "detector", "conduct", "flagged"),
    [
        ("order", "brushed_parcels", {**EMPTY, **AS_TOLD}, True),
        ("order", "brushed_parcels", {**EMPTY, **AS_TOLD, "pieces": 3, "carts_before": 0}, True),
        ("order", "brushed_parcels", EMPTY, False),
        ("order", "brushed_parcels", {**EMPTY, **AS_TOLD, "product_light_28d": 1}, False),
        ("order", "brushed_parcels", LIGHT_WARE, False),
        ("order", "brushed_parcels", {**LIGHT_WARE, **AS_TOLD, "shop_orders_1h": 3}, True),
        ("order", "brushed_parcels", {**LIGHT_WARE, **AS_TOLD, **LOOKED_BEFORE}, False),
        ("order", "self_purchase", {**OWN_CARD, "card_cancelled_share": 0, "card_pieces": 2}, True),
        (
            "order",
            "self_purchase",
            {**OWN_CARD, "card_cancelled_share": 0.4, "card_pieces": 1},
            False,
        ),
        (
            "order",
            "self_purchase",
            {"shop_ship_to_buyers": 2, "card_cancelled_share": 0, "card_pieces": 2}
            | {"shop_shared_28d": 40, "account_age_days": 6},
            False,
        ),
        (
            "order",
            "coupon_farm",
            {"shop_ship_to_buyers": 4, "shop_device_buyers": 4, "account_age_days": 1}
            | {"first_view_seconds": 15},
            True,
        ),
        (
            "order",
            "coupon_farm",
            {"shop_device_buyers": 3, "account_age_days": 40, "first_view_seconds": 15},
            False,
        ),
        ("review", "praise_without_purchase", {**CROWD, **COPIED, "stars": 5}, True),
        ("review", "praise_without_purchase", {**CROWD, **COPIED, "stars": 1}, False),
        (
            "review",
            "praise_without_purchase",
            {**CROWD, **COPIED, "stars": 5, "bought_brand_60d": 1, "address_reviewers": 7},
            False,
        ),
        (
            "review",
            "praise_without_purchase",
            {**CROWD, **COPIED, "stars": 5, "unbought_authors_share": 0.1, "account_age_days": 40},
            False,
        ),
        ("review", "attack", {**CROWD, "stars": 1, "house_share": 0.5}, True),
        ("review", "attack", {**CROWD, "stars": 5, "house_share": 0.5}, False),
        (
            "review",
            "attack",
            {"stars": 1, "active_days_28d": 9, "unbought_active_days": 8, "bought_brand_60d": 1},
            False,
        ),
        ("review", "praise_from_a_brief", {**BRIEFED, "peers": 15}, True),
        ("review", "praise_from_a_brief", {**BRIEFED, "peers": 15, "stars": 1}, False),
        ("review", "praise_from_a_brief", {**BRIEFED, "peers": 2}, False),
        ("review", "praise_from_a_brief", {**BRIEFED, "peers": 15, "own_peers": 1}, False),
        ("review", "praise_from_a_brief", {**BRIEFED, "peers": 15, **COPIED}, False),
        (
            "review",
            "praise_by_turned_accounts",
            {**TURNED, "account_age_days": 30, "house_share": 0},
            True,
        ),
        (
            "review",
            "praise_by_turned_accounts",
            {**TURNED, "account_age_days": 30, "house_share": 1},
            False,
        ),
        (
            "review",
            "praise_made_to_be_seen",
            {"stars": 5, "bought_brand_60d": 0, "account_age_days": 1, "profile_gaps": 2}
            | {"unbought_active_days": 0.3, "unbought_authors_share": 0.6},
            True,
        ),
        ("review", "praise_made_to_be_seen", {**CROWD, "stars": 5, "profile_gaps": 0}, False),
        ("note", "hidden_advertising", HIDDEN, True),
        ("note", "hidden_advertising", {**HIDDEN, "is_disclosed_ad": True}, False),
        ("note", "hidden_advertising", {**HIDDEN, "peers": 0, "house_share": 0.1}, False),
    ],
)
def test_fraud_is_flagged_and_its_honest_twin_is_spared(
    card: str, detector: str, conduct: dict[str, Any], flagged: bool
) -> None:
    assert speaks(card, detector, **conduct) is flagged


def test_a_brand_that_is_harmed_names_the_case_and_is_never_the_one_who_gains() -> None:
    victim = {**CROWD, "stars": 1, "house_share": 0.5, "harmed_id": "b1", "gains_id": None}
    assert speaks("review", "attack", **victim)
