"""Events on their way out, and the segments that they leave in."""

import sqlalchemy as sa

from platform_core.tables.schema import Instant, Position, metadata

relay_segments = sa.Table(
    "relay_segments",
    metadata,
    sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("closed_on", sa.Date, nullable=False),
    sa.Column("confirmed_at", Instant),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("position", Position, primary_key=True),
    sa.Column("event_id", sa.Text, nullable=False, unique=True),
    sa.Column("line", sa.Text, nullable=False),
    sa.Column("sequence", sa.ForeignKey(relay_segments.c.sequence), index=True),
)
