"""Products, the variants of them that can be bought, and how many there are of each."""

import sqlalchemy as sa

from platform_core.tables.brands import brands, shops
from platform_core.tables.schema import Instant, metadata

products = sa.Table(
    "products",
    metadata,
    sa.Column("product_id", sa.Text, primary_key=True),
    sa.Column("shop_id", sa.ForeignKey(shops.c.shop_id), nullable=False, index=True),
    sa.Column("brand_id", sa.ForeignKey(brands.c.brand_id), nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("price_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("changed_at", Instant, nullable=False, index=True),
)

skus = sa.Table(
    "skus",
    metadata,
    sa.Column("sku_id", sa.Text, primary_key=True),
    sa.Column("product_id", sa.ForeignKey(products.c.product_id), nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("price_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
)

stock = sa.Table(
    "stock",
    metadata,
    sa.Column("sku_id", sa.ForeignKey(skus.c.sku_id), primary_key=True),
    sa.Column("on_hand", sa.BigInteger, nullable=False),
    sa.Column("reserved", sa.BigInteger, nullable=False),
    sa.CheckConstraint("reserved >= 0", name="ck_stock_reserved"),
    sa.CheckConstraint("on_hand >= reserved", name="ck_stock_on_hand"),
)

stock_moves = sa.Table(
    "stock_moves",
    metadata,
    sa.Column("move_id", sa.Text, primary_key=True),
    sa.Column("sku_id", sa.ForeignKey(stock.c.sku_id), nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.Column("on_hand", sa.BigInteger, nullable=False),
    sa.Column("reserved", sa.BigInteger, nullable=False),
    sa.Column("order_id", sa.Text, index=True),
    sa.Column("moved_at", Instant, nullable=False),
)
