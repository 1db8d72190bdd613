"""People, notes and brands that advertise, made through the services: what tests of pages need."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from platform_core import ads, brands, engagement, notes, users
from platform_core.engagement import Act
from platform_core.ledger import balances
from platform_core.notes import Content
from platform_core.outbox import NOBODY, Origin
from platform_core.work import Work, begin
from tests.platform_core.told import told

NOW = datetime(2026, 1, 5, 4, tzinfo=UTC)  # noon in Shanghai: half the day is over
TIMEZONE = "Asia/Shanghai"
STARTED_ON = date(2026, 1, 1)


class Press:
    """``engine`` with people who write, read and advertise on it."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.author = self.person()
        with begin(engine, now=NOW) as work:
            users.become_creator(work, self.author, by=Origin(self.author))

    def person(self, *interests: str) -> str:
        with begin(self.engine, now=NOW) as work:
            return users.sign_up(work, interests=interests, by=NOBODY)

    def creator(self) -> str:
        person = self.person()
        with begin(self.engine, now=NOW) as work:
            users.become_creator(work, person, by=Origin(person))
        return person

    def note(
        self,
        title: str = "标题",
        text: str = "正文",
        *,
        topics: Sequence[str] = (),
        by: str | None = None,
        hours_ago: float = 48,
    ) -> str:
        creator = by or self.author
        with begin(self.engine, now=NOW - timedelta(hours=hours_ago)) as work:
            content = Content(title, text, topics=topics)
            note_id = notes.draft(work, creator, content, by=Origin(creator))
            assert notes.publish(work, note_id, by=Origin(creator)) == "published"
        return note_id

    def act(self, kind: str, target_id: str, *people: str) -> None:
        acts = [Act(kind, target_id, Origin(person), reason="spam") for person in people]  # type: ignore[arg-type]
        with begin(self.engine, now=NOW) as work:
            assert all(engagement.engage(work, acts))

    def brand(self, name: str) -> str:
        with begin(self.engine, now=NOW) as work:
            brand_id = brands.apply(work, name=name, category="美妆", by=NOBODY)
            brands.verify(work, brand_id, by=NOBODY)
        return brand_id

    def campaign(
        self, brand_id: str, *, balance_minor: int = 1_000_000, budget_minor: int = 1_000_000
    ) -> str:
        with begin(self.engine, now=NOW) as work:
            account_id = ads.open_account(work, brand_id, by=NOBODY)
            if balance_minor:
                ads.top_up(work, account_id, balance_minor, by=NOBODY)
            return ads.create_campaign(
                work,
                account_id,
                name="春季",
                daily_budget_minor=budget_minor,
                starts_on=STARTED_ON,
                by=NOBODY,
            )

    def unit(
        self,
        campaign_id: str,
        *,
        bid_minor: int,
        note_id: str | None = None,
        interests: Sequence[str] = (),
        keywords: dict[str, int] | None = None,
    ) -> str:
        """A running unit with one creative; in search if it has keywords, else in the feed."""
        note_id = note_id or self.note("广告", "正文")
        with begin(self.engine, now=NOW) as work:
            unit_id = self._unit(work, campaign_id, bid_minor, interests, keywords or {})
            ads.create_creative(work, unit_id, note_id, by=NOBODY)
        return unit_id

    def told(self, *types: str) -> list[dict[str, Any]]:
        """The events of these types, in their order."""
        return [event for event in told(self.engine) if event["type"] in types]

    def balance(self, brand_id: str) -> int:
        """What the brand's account holds; the ledger says the same, and balances."""
        with begin(self.engine, now=NOW) as work:
            account_id = ads.open_account(work, brand_id, by=NOBODY)
            books = balances(work.connection)
            standing = ads.account(work.connection, account_id).balance_minor
        assert books.get(f"advertiser:{brand_id}", 0) == -standing
        assert sum(books.values()) == 0
        return standing

    def _unit(
        self,
        work: Work,
        campaign_id: str,
        bid_minor: int,
        interests: Sequence[str],
        keywords: dict[str, int],
    ) -> str:
        unit_id = ads.create_unit(
            work,
            campaign_id,
            name="信息流",
            placement="search" if keywords else "feed",
            bid_minor=bid_minor,
            interests=interests,
            by=NOBODY,
        )
        for keyword, bid in keywords.items():
            ads.create_keyword(work, unit_id, keyword, bid_minor=bid, by=NOBODY)
        return unit_id
