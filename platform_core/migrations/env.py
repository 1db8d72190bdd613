"""What Alembic runs: the versions, within the transaction of whoever asks for them."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from platform_core.tables import metadata
from platform_core.tables.schema import Instant


def render_item(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Versions stand alone: they name plain types, not ours."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


connection: sa.Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    render_item=render_item,
)
context.run_migrations()
