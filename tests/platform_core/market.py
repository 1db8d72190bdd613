"""A small market for tests: a shop with things in stock, and people who buy there."""

import json
from collections import defaultdict
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa

from platform_core import brands, catalog, users
from platform_core.commerce import (
    Charged,
    Line,
    Order,
    deliver,
    place_order,
    request_payment,
    settle_payment,
    ship,
)
from platform_core.outbox import NOBODY, Origin
from platform_core.tables.outbox import outbox
from platform_core.work import Work, begin

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
HOME = "上海市长宁区 1 号"


def numbered_ids() -> Any:
    """``order_1``, ``order_2``, ``sku_1``: ids that can stand in a test."""
    numbers: defaultdict[str, count[int]] = defaultdict(lambda: count(1))
    return lambda kind: f"{kind}_{next(numbers[kind])}"


@dataclass
class Market:
    """A shop of level 1 that sells ``sku_1`` at 100.00 (skincare), ``sku_2`` at 30.00 (snacks).

    ``ann`` and ``bob`` are users.
    """

    engine: sa.Engine
    ids: Any = field(default_factory=numbered_ids)
    ann: Origin = NOBODY
    bob: Origin = NOBODY
    _told: int = 0

    def open(self, *, stock: int = 10) -> "Market":
        with self.work() as work:
            self.brand_id, self.shop_id = self.add_shop(work, "青屿记")
            self.add_sku(work, "skincare", 10_000, stock)
            self.add_sku(work, "snacks", 3_000, stock)
            self.ann, self.bob = self.add_user(work), self.add_user(work)
        self.events()
        return self

    def work(self, now: datetime = NOW) -> AbstractContextManager[Work]:
        return begin(self.engine, now=now, ids=self.ids)

    def add_shop(self, work: Work, name: str, level: int = 1) -> tuple[str, str]:
        brand_id = brands.apply(work, name=name, category="skincare", by=NOBODY)
        brands.verify(work, brand_id, by=NOBODY)
        return brand_id, brands.open_shop(work, brand_id, name=name, level=level, by=NOBODY)

    def add_sku(
        self, work: Work, category: str, price: int, stock: int, shop_id: str | None = None
    ) -> str:
        product_id = catalog.list_product(
            work,
            shop_id or self.shop_id,
            name=category,
            category=category,
            price_minor=price,
            by=NOBODY,
        )
        sku_id = catalog.add_sku(work, product_id, name="50ml", price_minor=price, by=NOBODY)
        if stock:
            catalog.receive(work, sku_id, stock)
        return sku_id

    def add_user(self, work: Work) -> Origin:
        return Origin(users.sign_up(work, by=NOBODY))

    def place(self, *lines: Line, now: datetime = NOW, **options: Any) -> Order:
        """An order by ann: one ``sku_1`` unless told otherwise."""
        by = options.pop("by", self.ann)
        wanted = lines or (Line("sku_1", 1),)
        options = {"ship_to": HOME, **options}
        with self.work(now) as work:
            return place_order(work, by.actor_id, wanted, by=by, **options)

    def paid(self, *lines: Line, now: datetime = NOW, **options: Any) -> Order:
        """The same, paid."""
        placed = self.place(*lines, now=now, **options)
        with self.work(now) as work:
            request = request_payment(work, placed.order_id, "card_1", by=self.ann)
            settle_payment(
                work, Charged(request.idempotency_key, request.amount_minor, request.currency)
            )
        return placed

    def delivered(self, *lines: Line, now: datetime = NOW, **options: Any) -> Order:
        """The same, paid, shipped and delivered."""
        placed = self.paid(*lines, now=now, **options)
        with self.work(now) as work:
            ship(work, placed.order_id, carrier="SF", weight_grams=200, by=NOBODY)
            deliver(work, placed.order_id)
        return placed

    def stock(self, sku_id: str = "sku_1") -> tuple[int, int]:
        """What is on hand, and how many of these are reserved."""
        found = catalog.stock_of(self.engine, sku_id)
        return found.on_hand, found.reserved

    def events(self) -> list[dict[str, Any]]:
        """The events told since the last look, oldest first: type, actor and data in one."""
        rows = sa.select(outbox.c.position, outbox.c.line).order_by(outbox.c.position)
        with self.engine.connect() as connection:
            new = connection.execute(rows.where(outbox.c.position > self._told)).all()
        self._told = new[-1].position if new else self._told
        lines = [json.loads(row.line) for row in new]
        return [{"type": e["type"], "actor": e.get("actorid")} | e["data"] for e in lines]

    def told(self) -> list[str]:
        """The types of the events told since the last look."""
        return [event["type"] for event in self.events()]
