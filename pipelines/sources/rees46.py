"""The clickstream of the REES46 multi-category store: one row a view, cart or purchase."""

from pipelines.sources.mapping import (
    Event,
    Source,
    identifier,
    instant,
    minor_units,
    one_of,
    optional_identifier,
    present,
    readable,
)
from platform_core.contract.events.behaviour import ProductViewed
from platform_core.contract.events.commerce import CartAdded, OrderPaid, OrderPlaced
from platform_core.contract.events.state import BrandChanged, ProductChanged

PRODUCT = {
    "product_id": "product_id",
    "brand_id": "brand_id",
    "price_minor": "price_minor",
    "currency": "'USD'",
}
ORDER_LINE = """{
    'product_id': product_id, 'brand_id': brand_id, 'quantity': 1, 'unit_price_minor': price_minor
}"""

SOURCE = Source(
    name="rees46",
    columns=(
        "event_time",
        "event_type",
        "product_id",
        "category_code",
        "brand",
        "price",
        "user_id",
        "user_session",
    ),
    optional=("user_session",),
    fields={
        "occurred_at": instant("event_time", "%Y-%m-%d %H:%M:%S UTC"),
        "price_minor": minor_units("price"),
        "brand_id": present("brand"),
        "category": present("category_code"),
        "session_id": present("user_session"),
        "product_name": """
            coalesce(replace(split_part(category, '.', -1), '_', ' '), 'product')
            || ' ' || product_id
        """,
    },
    checks=(
        readable("event_time", as_field="occurred_at", like="a time like 2019-10-01 00:00:00 UTC"),
        one_of("event_type", "view", "cart", "purchase"),
        identifier("product_id"),
        identifier("user_id"),
        optional_identifier("brand"),
        optional_identifier("category_code"),
        optional_identifier("user_session"),
        readable("price", as_field="price_minor", like="an amount with at most two decimals"),
    ),
    events=(
        Event(
            BrandChanged,
            suffix="brand",
            state_of="brand_id",
            when="brand_id IS NOT NULL",
            data={"brand_id": "brand_id", "name": "brand_id"},
        ),
        Event(
            ProductChanged,
            suffix="product",
            state_of="product_id",
            data=PRODUCT | {"name": "product_name", "category": "category"},
        ),
        Event(
            ProductViewed,
            suffix="viewed",
            when="event_type = 'view'",
            actor="user_id",
            session="session_id",
            data=PRODUCT,
        ),
        Event(
            CartAdded,
            suffix="carted",
            when="event_type = 'cart'",
            actor="user_id",
            session="session_id",
            data=PRODUCT | {"quantity": "1"},
        ),
        Event(
            OrderPlaced,
            suffix="placed",
            when="event_type = 'purchase'",
            actor="user_id",
            session="session_id",
            data={
                "order_id": "row_id",
                "lines": f"[{ORDER_LINE}]",
                "total_minor": "price_minor",
                "currency": "'USD'",
            },
        ),
        Event(
            OrderPaid,
            suffix="paid",
            when="event_type = 'purchase'",
            actor="user_id",
            session="session_id",
            data={
                "order_id": "row_id",
                "placed_at": "occurred_at",
                "amount_minor": "price_minor",
                "currency": "'USD'",
            },
        ),
    ),
)
