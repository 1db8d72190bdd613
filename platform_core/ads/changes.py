"""Changing what was set up: pause and resume, bid and budget. What has ended stays ended."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import sqlalchemy as sa

from platform_core.contract.events.ads import (
    CampaignChanged,
    CreativeChanged,
    KeywordChanged,
    Running,
    UnitChanged,
)
from platform_core.outbox import Origin
from platform_core.tables.ads import campaigns, creatives, keywords, units
from platform_core.work import Refusal, Work

Level = Literal["campaign", "unit", "creative", "keyword"]
BidLevel = Literal["unit", "keyword"]


class NotSetUp(Refusal):
    """There is nothing of this level with this id."""


class HasEnded(Refusal):
    """What has ended does not change any more."""


@dataclass(frozen=True)
class _Kind:
    table: sa.Table
    event: type[CampaignChanged | UnitChanged | CreativeChanged | KeywordChanged]


KINDS: Final[dict[Level, _Kind]] = {
    "campaign": _Kind(campaigns, CampaignChanged),
    "unit": _Kind(units, UnitChanged),
    "creative": _Kind(creatives, CreativeChanged),
    "keyword": _Kind(keywords, KeywordChanged),
}


def set_status(work: Work, level: Level, level_id: str, status: Running, *, by: Origin) -> None:
    """Let it run, pause it or end it for good; the status that it has already changes nothing.

    Raises:
        NotSetUp: there is no such campaign, unit, creative or keyword.
        HasEnded: it has ended.
    """
    _change(work, level, level_id, {"status": status}, by)


def set_bid(work: Work, level: BidLevel, level_id: str, bid_minor: int, *, by: Origin) -> None:
    """From now on a click may cost at most this.

    Raises:
        NotSetUp: there is no such unit or keyword.
        HasEnded: it has ended.
        ValueError: the bid is negative.
    """
    _change(work, level, level_id, {"bid_minor": bid_minor}, by)


def set_daily_budget(work: Work, campaign_id: str, daily_budget_minor: int, *, by: Origin) -> None:
    """From now on, today included, a day may cost at most this; what is spent stays spent.

    Raises:
        NotSetUp: there is no such campaign.
        HasEnded: it has ended.
        ValueError: the budget is negative.
    """
    _change(work, "campaign", campaign_id, {"daily_budget_minor": daily_budget_minor}, by)


def _change(
    work: Work, level: Level, level_id: str, changes: dict[str, str | int], by: Origin
) -> None:
    kind = KINDS[level]
    this = next(iter(kind.table.primary_key.columns)) == level_id
    standing = sa.select(kind.table).where(this).with_for_update()
    row = work.connection.execute(standing).mappings().one_or_none()
    if row is None:
        raise NotSetUp(f"there is no {level} {level_id!r}")
    if row.items() >= changes.items():
        return
    if row["status"] == "ended":
        raise HasEnded(f"{level} {level_id!r} has ended: set up a new one")
    event = kind.event(**{name: _told(value) for name, value in (dict(row) | changes).items()})
    work.connection.execute(sa.update(kind.table).where(this).values(changes))
    work.tell(event, by)


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
