"""What a platform has told, from its outbox."""

import json
from typing import Any

import sqlalchemy as sa

from platform_core.tables.outbox import outbox


def told(engine: sa.Engine) -> list[dict[str, Any]]:
    """The events in the order in which they were told."""
    lines = sa.select(outbox.c.line).order_by(outbox.c.position)
    with engine.connect() as connection:
        return [json.loads(line) for line in connection.execute(lines).scalars()]


def types(engine: sa.Engine) -> list[str]:
    """Their types."""
    return [event["type"] for event in told(engine)]
