"""What shops offer, and the coupons that people took."""

import sqlalchemy as sa

from platform_core.tables.brands import shops
from platform_core.tables.schema import Instant, metadata
from platform_core.tables.users import users

offers = sa.Table(
    "offers",
    metadata,
    sa.Column("offer_id", sa.Text, primary_key=True),
    sa.Column("shop_id", sa.ForeignKey(shops.c.shop_id), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("threshold_minor", sa.BigInteger, nullable=False),
    sa.Column("reduction_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("starts_at", Instant, nullable=False),
    sa.Column("ends_at", Instant, nullable=False),
    sa.Column("claim_limit", sa.BigInteger, nullable=False),
    sa.Column("claimed", sa.BigInteger, nullable=False),
    sa.Index("ix_offers_shop_id_kind_ends_at", "shop_id", "kind", "ends_at"),
    sa.CheckConstraint("claim_limit = 0 OR claimed <= claim_limit", name="ck_offers_claimed"),
)

coupons = sa.Table(
    "coupons",
    metadata,
    sa.Column("coupon_id", sa.Text, primary_key=True),
    sa.Column("offer_id", sa.ForeignKey(offers.c.offer_id), nullable=False),
    sa.Column("user_id", sa.ForeignKey(users.c.user_id), nullable=False, index=True),
    sa.Column("order_id", sa.Text),
    sa.Column("claimed_at", Instant, nullable=False),
    sa.UniqueConstraint("offer_id", "user_id"),
)
"""``order_id`` is the order that the coupon reduced; none while it can be used."""
