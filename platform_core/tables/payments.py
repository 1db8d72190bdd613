"""Payments, and the money that went back."""

import sqlalchemy as sa

from platform_core.tables.orders import orders
from platform_core.tables.schema import Instant, metadata

payments = sa.Table(
    "payments",
    metadata,
    sa.Column("payment_id", sa.Text, primary_key=True),
    sa.Column("order_id", sa.ForeignKey(orders.c.order_id), nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("instrument", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("requested_at", Instant, nullable=False),
    sa.Column("settled_at", Instant),
)

sa.Index(
    "ix_payments_unsettled",
    payments.c.requested_at,
    sqlite_where=payments.c.settled_at.is_(None),
    postgresql_where=payments.c.settled_at.is_(None),
)

refunds = sa.Table(
    "refunds",
    metadata,
    sa.Column("refund_id", sa.Text, primary_key=True),
    sa.Column("order_id", sa.ForeignKey(orders.c.order_id), nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("return_id", sa.Text),
    sa.Column("refunded_at", Instant, nullable=False),
)
