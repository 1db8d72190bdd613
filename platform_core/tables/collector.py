"""Who may send behaviour to the collector."""

import sqlalchemy as sa

from platform_core.tables.schema import Instant, metadata

collector_keys = sa.Table(
    "collector_keys",
    metadata,
    sa.Column("key_sha256", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False, index=True),
    sa.Column("issued_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
)
