"""Brands and their shops."""

import sqlalchemy as sa

from platform_core.tables.schema import Instant, metadata

brands = sa.Table(
    "brands",
    metadata,
    sa.Column("brand_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
)

shops = sa.Table(
    "shops",
    metadata,
    sa.Column("shop_id", sa.Text, primary_key=True),
    sa.Column("brand_id", sa.ForeignKey(brands.c.brand_id), nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("level", sa.Integer, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
)
