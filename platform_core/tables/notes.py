"""Notes, in their newest state."""

import sqlalchemy as sa

from platform_core.tables.schema import Instant, metadata
from platform_core.tables.users import creators

notes = sa.Table(
    "notes",
    metadata,
    sa.Column("note_id", sa.Text, primary_key=True),
    sa.Column("creator_id", sa.ForeignKey(creators.c.creator_id), nullable=False, index=True),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("topics", sa.JSON, nullable=False),
    sa.Column("place", sa.Text),
    sa.Column("products", sa.JSON, nullable=False),
    sa.Column("mentions", sa.JSON, nullable=False),
    sa.Column("is_disclosed_ad", sa.Boolean, nullable=False),
    sa.Column("published_at", Instant),
    sa.Column("changed_at", Instant, nullable=False, index=True),
)
