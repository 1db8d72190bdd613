"""Users, those of them who publish, and the devices they use."""

import sqlalchemy as sa

from platform_core.tables.schema import Instant, metadata

users = sa.Table(
    "users",
    metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("status_reason", sa.Text),
    sa.Column("registered_on", sa.Date, nullable=False),
    sa.Column("city", sa.Text),
    sa.Column("city_tier", sa.Integer),
    sa.Column("gender", sa.Text, nullable=False),
    sa.Column("birth_year", sa.Integer),
    sa.Column("has_avatar", sa.Boolean, nullable=False),
    sa.Column("has_bio", sa.Boolean, nullable=False),
    sa.Column("interests", sa.JSON, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
)

creators = sa.Table(
    "creators",
    metadata,
    sa.Column("creator_id", sa.ForeignKey(users.c.user_id), primary_key=True),
    sa.Column("tier", sa.Text, nullable=False),
    sa.Column("followers", sa.BigInteger, nullable=False),
    sa.CheckConstraint("followers >= 0", name="ck_creators_followers"),
)

device_links = sa.Table(
    "device_links",
    metadata,
    sa.Column("user_id", sa.ForeignKey(users.c.user_id), primary_key=True),
    sa.Column("device_id", sa.Text, primary_key=True, index=True),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("os", sa.Text, nullable=False),
    sa.Column("linked_at", Instant, nullable=False),
)
