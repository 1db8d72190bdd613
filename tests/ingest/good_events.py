"""One good event of every type of the contract, with every field that it may have."""

from typing import Any, Final

from tests.events import clicked, event, viewed

TIME: Final = "2026-08-30T10:00:00.500000Z"
DAY: Final = "2026-08-30"
DECIDED: Final[dict[str, Any]] = {
    "decision_id": "d1",
    "case_id": "c1",
    "case_version": 1,
    "verdict": "confirmed",
    "kind": "givt",
    "reason_code": "bot",
    "reviewer_id": "rita",
    "subject_type": "ad_click",
    "subjects": ["a1", "a2"],
    "subject_dates": ["2026-08-29", DAY],
    "subject_timezone": "Asia/Shanghai",
}
LINES: Final[list[dict[str, Any]]] = [
    {"product_id": "p1", "brand_id": "b1", "quantity": 2, "unit_price_minor": 5},
    {"product_id": "p2", "quantity": 1, "unit_price_minor": 0, "sku_id": "s2", "note_id": "n1"},
]
CARD: Final[dict[str, Any]] = {"kind": "note", "item_id": "n1", "slot": "fresh", "position": 1}
CARDS: Final[list[dict[str, Any]]] = [
    {**CARD, "score": 4.5349788948065145e-12, "reason": "new"},
    {**CARD, "kind": "ad", "slot": "ad", "position": 2, "score": -3, "reason": "bid"},
]
ENTRIES: Final[list[dict[str, Any]]] = [
    {"account": "clearing:provider", "side": "debit", "amount_minor": 10},
    {"account": "merchant:h1", "side": "credit", "amount_minor": 10},
]
WHOLE: Final[dict[str, Any]] = {
    "actorid": "ann",
    "deviceid": "phone",
    "sessionid": "s1",
    "ip": "203.0.113.7",
    "useragent": "Mozilla/5.0 (草地)",
    "mends": "shop:1:1",
}
CNY: Final = {"currency": "CNY"}
PRICED: Final[dict[str, Any]] = {"price_minor": 7, **CNY}
PAID: Final[dict[str, Any]] = {"amount_minor": 10, **CNY}
CLICK: Final[dict[str, Any]] = {"click_id": "a1", "clicked_at": TIME, "campaign_id": "c1"}
NOTE: Final = {"note_id": "n1", "surface": "feed", "request_id": "r1"}
SHOWN: Final[dict[str, Any]] = {**NOTE, "product_id": "p1", "position": 3}
ORDER: Final = {"order_id": "o1"}
PARCEL: Final = {"order_id": "o1", "shipment_id": "h1"}
COUPON: Final = {"coupon_id": "k1", "offer_id": "f1"}


def _event(type_: str, *parts: dict[str, Any], **rest: Any) -> dict[str, Any]:
    fields = {name: value for part in (*parts, rest) for name, value in part.items()}
    return event(type_, "e", TIME, **fields)


_BEHAVIOUR = (
    _event("cards.served", request_id="r1", surface="feed", ranker="meadow/1", cards=CARDS),
    _event("note.impressed", note_id="n1", request_id="r1", surface="search", position=1),
    _event("note.read", NOTE, dwell_ms=0),
    _event("topic.viewed", topic="护肤"),
    _event("search.queried", request_id="r1", query="油皮 粉底", results=0),
    _event("product_card.impressed", SHOWN),
    _event("product_card.clicked", SHOWN),
    viewed("e", TIME, surface="shop", note_id="n1") | WHOLE,
    _event("brand_page.viewed", brand_id="b1", surface="link"),
    _event(
        "ad.impressed",
        request_id="r1",
        position=4,
        placement="feed",
        creative_id="v1",
        unit_id="u1",
        campaign_id="c1",
        brand_id="b1",
    ),
)
_ENGAGEMENT = (
    *(
        _event(f"note.{act}", NOTE, WHOLE)
        for act in ("liked", "unliked", "collected", "uncollected", "shared", "hidden", "unhidden")
    ),
    _event("note.reported", NOTE, reason="spam"),
    _event("note.commented", NOTE, comment_id="m1", text="好用！\n"),
    _event("note.uncommented", NOTE, comment_id="m1"),
    _event("creator.followed", creator_id="ann"),
    _event("creator.unfollowed", creator_id="ann"),
)
_COMMERCE = (
    _event(
        "cart.added",
        PRICED,
        product_id="p1",
        brand_id="b1",
        quantity=3,
        sku_id="s1",
        surface="note",
        note_id="n1",
    ),
    _event("cart.removed", product_id="p1", sku_id="s1"),
    _event(
        "order.placed",
        CNY,
        order_id="o1",
        lines=LINES,
        total_minor=10,
        shop_id="h1",
        discount_minor=0,
        coupon_id="k1",
        ship_to="Meadow Lane 1",
    ),
    _event("payment.requested", PAID, ORDER, payment_id="y1", instrument="card-4711"),
    _event("payment.refused", ORDER, payment_id="y1", reason="limit"),
    _event("order.paid", PAID, ORDER, placed_at=TIME, payment_id="y1", instrument="card-4711"),
    _event("order.shipped", PARCEL, carrier="swift", weight_grams=0),
    _event("parcel.scanned", PARCEL, place="Wuhan", status="in_transit"),
    _event("order.delivered", PARCEL),
    _event("order.cancelled", ORDER, reason="changed_mind"),
    _event("return.requested", ORDER, return_id="x1", reason="size"),
    _event("return.received", ORDER, return_id="x1"),
    _event(
        "order.refunded",
        PAID,
        ORDER,
        refund_id="q1",
        placed_at=TIME,
        reason="returned",
        return_id="x1",
    ),
    _event(
        "offer.changed",
        CNY,
        offer_id="f1",
        shop_id="h1",
        kind="full_reduction",
        threshold_minor=100,
        reduction_minor=10,
        starts_at=TIME,
        ends_at="2026-09-30T10:00:00.000000Z",
        limit=0,
    ),
    _event("coupon.claimed", COUPON),
    _event("coupon.redeemed", COUPON, ORDER, CNY, reduction_minor=10),
    _event("coupon.returned", COUPON, ORDER),
    _event(
        "review.posted",
        ORDER,
        review_id="w1",
        product_id="p1",
        stars=5,
        text="不错",
        is_verified=True,
    ),
    _event("review.removed", review_id="w1", product_id="p1", reason="spam"),
    _event(
        "ledger.posted", CNY, transaction_id="t1", kind="sale", reference_id="y1", entries=ENTRIES
    ),
)
_RUNNING: Final[dict[str, Any]] = {"status": "active", **CNY}
_ADS = (
    clicked("e", TIME, unit_id="u1", creative_id="v1", keyword_id="w1", request_id="r1") | WHOLE,
    _event("ad.charged", CLICK, PAID, charge_id="g1", unit_id="u1", brand_id="b1"),
    _event(
        "ad.credited",
        CLICK,
        PAID,
        credit_id="i1",
        charge_id="g1",
        brand_id="b1",
        reason="givt",
        case_id="c1",
    ),
    _event("ad.converted", CLICK, brand_id="b1", goal="install", order_id="o1"),
    _event("ad_account.changed", CNY, account_id="a1", brand_id="b1", balance_minor=0),
    _event(
        "campaign.changed",
        _RUNNING,
        campaign_id="c1",
        account_id="a1",
        brand_id="b1",
        name="summer",
        daily_budget_minor=100,
        starts_on=DAY,
        ends_on="2026-09-30",
    ),
    _event(
        "unit.changed",
        _RUNNING,
        unit_id="u1",
        campaign_id="c1",
        name="",
        placement="search",
        bid_minor=5,
        interests=["护肤"],
    ),
    _event(
        "creative.changed",
        creative_id="v1",
        unit_id="u1",
        note_id="n1",
        product_id="p1",
        status="paused",
    ),
    _event("keyword.changed", _RUNNING, keyword_id="w1", unit_id="u1", keyword="粉底", bid_minor=5),
)
_STATE = (
    _event(
        "user.changed",
        user_id="ann",
        status="active",
        registered_on=DAY,
        city="Wuhan",
        city_tier=1,
        gender="female",
        birth_year=1999,
        has_avatar=True,
        has_bio=False,
        interests=["护肤", "home"],
    ),
    _event("creator.changed", creator_id="ann", tier="nano", followers=0),
    _event("device.linked", user_id="ann", linked_device="phone", model="m1", os="o1"),
    _event("device.unlinked", user_id="ann", linked_device="phone"),
    _event("brand.changed", brand_id="b1", name="", status="certified", category="beauty"),
    _event("shop.changed", shop_id="h1", brand_id="b1", name="shop", status="open", level=1),
    _event(
        "product.changed",
        PRICED,
        product_id="p1",
        brand_id="b1",
        name="山茶",
        category=None,
        shop_id="h1",
        status="listed",
    ),
    _event("sku.changed", PRICED, sku_id="s1", product_id="p1", name="30 ml"),
    _event(
        "stock.moved",
        ORDER,
        move_id="v1",
        sku_id="s1",
        kind="reserved",
        quantity=-2,
        on_hand=5,
        reserved=2,
    ),
    _event(
        "note.changed",
        note_id="n1",
        creator_id="ann",
        status="published",
        title="夏天",
        text="第一行\n第二行 @山茶",
        topics=["护肤"],
        place="Wuhan",
        products=[{"product_id": "p1", "brand_id": "b1"}, {"product_id": "p2"}],
        mentions=["b1"],
        is_disclosed_ad=False,
    ),
)
_MODERATION = (
    _event(
        "moderation.case_opened",
        case_id="c1",
        detector="click_velocity",
        detector_version=1,
        subject_type="ad_click",
        subject_count=2,
    ),
    _event("moderation.decided", DECIDED, actorid="rita"),
    _event("moderation.appealed", appeal_id="a1", case_id="c1", case_version=1, text="no"),
    _event(
        "moderation.overturned",
        appeal_id="a1",
        case_id="c1",
        decision_id="d2",
        overturned_decision_id="d1",
    ),
    _event(
        "content.judged",
        judgement_id="j1",
        subject_type="review",
        subject_id="w1",
        judge="machine",
        verdict="passed",
        reason_code="clean",
        case_id="c1",
    ),
)
GOOD: Final = (*_BEHAVIOUR, *_ENGAGEMENT, *_COMMERCE, *_ADS, *_STATE, *_MODERATION)


def good_one(type_: str, **changes: Any) -> dict[str, Any]:
    """The good event of a type, but for the changes of its data."""
    good = next(good for good in GOOD if good["type"] == type_)
    return {**good, "data": {**good["data"], **changes}}
