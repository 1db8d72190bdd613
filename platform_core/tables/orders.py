"""Carts, orders and what is in them."""

import sqlalchemy as sa

from platform_core.tables.brands import brands, shops
from platform_core.tables.catalog import products, skus
from platform_core.tables.schema import Instant, metadata
from platform_core.tables.users import users

cart_lines = sa.Table(
    "cart_lines",
    metadata,
    sa.Column("user_id", sa.ForeignKey(users.c.user_id), primary_key=True),
    sa.Column("sku_id", sa.ForeignKey(skus.c.sku_id), primary_key=True),
    sa.Column("product_id", sa.ForeignKey(products.c.product_id), nullable=False),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.Column("note_id", sa.Text),
    sa.Column("surface", sa.Text),
    sa.Column("added_at", Instant, nullable=False),
    sa.CheckConstraint("quantity > 0", name="ck_cart_lines_quantity"),
)

orders = sa.Table(
    "orders",
    metadata,
    sa.Column("order_id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.ForeignKey(users.c.user_id), nullable=False),
    sa.Column("shop_id", sa.ForeignKey(shops.c.shop_id), nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("total_minor", sa.BigInteger, nullable=False),
    sa.Column("discount_minor", sa.BigInteger, nullable=False),
    sa.Column("commission_minor", sa.BigInteger, nullable=False),
    sa.Column("refunded_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("coupon_id", sa.Text),
    sa.Column("ship_to", sa.Text, nullable=False),
    sa.Column("payment_id", sa.Text),
    sa.Column("idempotency_key", sa.Text),
    sa.Column("placed_at", Instant, nullable=False),
    sa.Column("paid_at", Instant),
    sa.UniqueConstraint("user_id", "idempotency_key"),
    sa.CheckConstraint("refunded_minor BETWEEN 0 AND total_minor", name="ck_orders_refunded_minor"),
)
"""``payment_id`` is the payment that is under way or that paid the order."""

order_lines = sa.Table(
    "order_lines",
    metadata,
    sa.Column("order_id", sa.ForeignKey(orders.c.order_id), primary_key=True),
    sa.Column("sku_id", sa.ForeignKey(skus.c.sku_id), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("product_id", sa.ForeignKey(products.c.product_id), nullable=False),
    sa.Column("brand_id", sa.ForeignKey(brands.c.brand_id), nullable=False),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.Column("unit_price_minor", sa.BigInteger, nullable=False),
    sa.Column("note_id", sa.Text),
)
