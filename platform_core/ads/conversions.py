"""Conversions: an order belongs to the buyer's last click on an ad of its brand."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from platform_core.contract.events.ads import AdConverted
from platform_core.contract.fields import instant_text
from platform_core.outbox import Origin
from platform_core.tables.ads import ad_clicks, ad_conversions
from platform_core.work import Work

WINDOW: Final = timedelta(days=7)
"""How long after the click an order counts."""

_CLICKS: Final = (
    sa.select(*ad_clicks.c["click_id", "clicked_at", "campaign_id", "brand_id"])
    .where(
        ad_clicks.c.user_id == sa.bindparam("user"),
        ad_clicks.c.brand_id.in_(sa.bindparam("brands", expanding=True)),
        ad_clicks.c.clicked_at >= sa.bindparam("since"),
        ad_clicks.c.clicked_at <= sa.bindparam("until"),
    )
    .order_by(ad_clicks.c.clicked_at, ad_clicks.c.click_id)
)


def convert(work: Work, *, user_id: str, brand_ids: Sequence[str], order_id: str) -> None:
    """Tell which click each brand of a paid order is owed to, if any of the last 7 days.

    An order converts once a brand, however often it is called.
    """
    asked = {"user": user_id, "brands": list(set(brand_ids)), "since": work.now - WINDOW}
    clicks = work.connection.execute(_CLICKS, asked | {"until": work.now})
    last = {row.brand_id: row for row in clicks}
    if not last:
        return
    converted = sa.select(ad_conversions.c.brand_id).where(ad_conversions.c.order_id == order_id)
    done = set(work.connection.scalars(converted))
    for brand_id in sorted(last.keys() - done):
        _convert(work, last[brand_id], order_id, Origin(actor_id=user_id))


def _convert(work: Work, click: sa.Row[Any], order_id: str, by: Origin) -> None:
    event = AdConverted(
        click_id=click.click_id,
        clicked_at=instant_text(click.clicked_at),
        campaign_id=click.campaign_id,
        brand_id=click.brand_id,
        goal="order",
        order_id=order_id,
    )
    row = event.model_dump(include={"order_id", "brand_id", "click_id"})
    work.connection.execute(sa.insert(ad_conversions), row | {"converted_at": work.now})
    work.tell(event, by)
