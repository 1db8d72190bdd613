"""Shops order more of what runs low, once a day."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

import sqlalchemy as sa

from platform_core.catalog import receive
from platform_core.database import reading
from platform_core.simulation.acts.cast import Cast
from platform_core.tables.catalog import stock

LOW: Final = 8
DELIVERED: Final = (20, 60)
MORNING: Final = timedelta(hours=1, minutes=30)  # half past nine in Shanghai
UNPACKING_S: Final = 3_600.0
_LOW: Final = (
    sa.select(stock.c.sku_id)
    .where(stock.c.on_hand - stock.c.reserved < LOW)
    .order_by(stock.c.sku_id)
)


def restock(engine: sa.Engine, scene: Cast, day_starts_at: datetime) -> None:
    """Put on the agenda what arrives on a day, of what has run low before it."""
    with reading(engine) as connection:
        low = list(connection.scalars(_LOW))
    for sku_id in low:
        arrival = partial(receive, sku_id=sku_id, quantity=scene.draw.randint(*DELIVERED))
        at = scene.after(day_starts_at + MORNING, UNPACKING_S)
        scene.agenda.add(at, arrival, None)
