"""What people leave on notes and creators, and what it adds up to.

A reaction is a like, collect, hide or report; it stands once a user and note, and its row goes when
it is taken back. These tables are looked up by their whole keys: SQLite keeps no second copy.
"""

import sqlalchemy as sa

from platform_core.tables.notes import notes
from platform_core.tables.schema import Instant, metadata

reactions = sa.Table(
    "reactions",
    metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("note_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("reacted_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

comments = sa.Table(
    "comments",
    metadata,
    sa.Column("comment_id", sa.Text, primary_key=True),
    sa.Column("note_id", sa.Text, nullable=False, index=True),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("commented_at", Instant, nullable=False),
)

follows = sa.Table(
    "follows",
    metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("creator_id", sa.Text, primary_key=True, index=True),
    sa.Column("followed_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

COUNTS = ("likes", "collects", "comments", "shares", "hides", "reports")

note_counts = sa.Table(
    "note_counts",
    metadata,
    sa.Column("note_id", sa.ForeignKey(notes.c.note_id), primary_key=True),
    *(sa.Column(name, sa.BigInteger, nullable=False) for name in COUNTS),
    *(sa.CheckConstraint(f"{name} >= 0", name=f"ck_note_counts_{name}") for name in COUNTS),
)

user_topics = sa.Table(
    "user_topics",
    metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("topic", sa.Text, primary_key=True),
    sa.Column("weight", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
