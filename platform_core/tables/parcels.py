"""Parcels on their way to buyers and back."""

import sqlalchemy as sa

from platform_core.tables.orders import orders
from platform_core.tables.schema import Instant, Position, metadata

shipments = sa.Table(
    "shipments",
    metadata,
    sa.Column("shipment_id", sa.Text, primary_key=True),
    sa.Column("order_id", sa.ForeignKey(orders.c.order_id), nullable=False, unique=True),
    sa.Column("carrier", sa.Text, nullable=False),
    sa.Column("weight_grams", sa.BigInteger, nullable=False),
    sa.Column("shipped_at", Instant, nullable=False),
    sa.Column("delivered_at", Instant),
)

parcel_scans = sa.Table(
    "parcel_scans",
    metadata,
    sa.Column("position", Position, primary_key=True),
    sa.Column("shipment_id", sa.ForeignKey(shipments.c.shipment_id), nullable=False, index=True),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("scanned_at", Instant, nullable=False),
)

returns = sa.Table(
    "returns",
    metadata,
    sa.Column("return_id", sa.Text, primary_key=True),
    sa.Column("order_id", sa.ForeignKey(orders.c.order_id), nullable=False, unique=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("requested_at", Instant, nullable=False),
    sa.Column("received_at", Instant),
)
