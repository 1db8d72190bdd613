"""What people say of products."""

import sqlalchemy as sa

from platform_core.tables.catalog import products
from platform_core.tables.orders import orders
from platform_core.tables.schema import Instant, metadata
from platform_core.tables.users import users

reviews = sa.Table(
    "reviews",
    metadata,
    sa.Column("review_id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.ForeignKey(users.c.user_id), nullable=False),
    sa.Column("product_id", sa.ForeignKey(products.c.product_id), nullable=False, index=True),
    sa.Column("order_id", sa.ForeignKey(orders.c.order_id)),
    sa.Column("stars", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("is_verified", sa.Boolean, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("posted_at", Instant, nullable=False),
    sa.UniqueConstraint("order_id", "product_id"),
    sa.Index("ix_reviews_user_id_product_id", "user_id", "product_id"),
)
