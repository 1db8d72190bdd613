"""Secret keys."""

import sqlalchemy as sa

from platform_core.tables.schema import metadata

secret_keys = sa.Table(
    "secret_keys",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
)
