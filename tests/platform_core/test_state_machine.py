"""The services under random calls, valid and not: books, stock, events and state stay true."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from platform_core import ads, brands, catalog, commerce, engagement, notes, reviews, users
from platform_core.commerce import EmbeddedProvider, Line
from platform_core.database import connect, reading
from platform_core.ledger import balances
from platform_core.outbox import Origin
from platform_core.tables.catalog import stock
from platform_core.tables.ledger import ledger_entries
from platform_core.tables.outbox import outbox
from platform_core.work import Refusal, Work, begin
from tests.platform_core.replayed import Replayed, differences

ADMIN = Origin()
FIRST_DAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
FAULTS = ("unreached", "timed_out", "refused", "called_back_twice")

places = st.integers(0, 5)
quantities = st.sampled_from([1, 2, 3, 0, -1])
words = st.sampled_from(["很好用", "加微信 abc12345 领红包", "", "so good"])


class Platform(RuleBasedStateMachine):
    """A small town hall: whatever is called in whatever order, what is promised holds."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "platform.db"
        shutil.copy(self.template, path)
        self.engine = connect(f"sqlite:///{path}")
        self.now = FIRST_DAY
        self.fault: str | None = None
        self.provider = EmbeddedProvider(faults=lambda _: [self.fault] if self.fault else [])
        self.replayed = Replayed()
        self.seen = 0
        self.users: list[str] = []
        self.notes: list[str] = []
        self.orders: list[str] = []
        self.made: dict[str, list[str]] = {}

    def teardown(self) -> None:
        self.engine.dispose()
        self.folder.cleanup()

    @initialize()
    def found_the_town(self) -> None:
        with begin(self.engine, now=self.now) as work:
            self.brand = brands.apply(work, name="Meadow", category="beauty", by=ADMIN)
            brands.verify(work, self.brand, by=ADMIN)
            brands.certify(work, self.brand, by=ADMIN)
            shop = brands.open_shop(work, self.brand, name="Meadow shop", level=2, by=ADMIN)
            self.products = [
                catalog.list_product(
                    work, shop, name=name, category="beauty", price_minor=price, by=ADMIN
                )
                for name, price in (("Cream", 9_900), ("Mask", 1_333))
            ]
            self.skus = [
                catalog.add_sku(work, product, name="1", price_minor=price, by=ADMIN)
                for product, price in zip(self.products, (9_900, 1_333), strict=True)
            ]
            for sku in self.skus:
                catalog.receive(work, sku, 6)
            ends_at = self.now + timedelta(days=30)
            self.offer = commerce.create_coupon_offer(
                work,
                shop,
                threshold_minor=2_000,
                reduction_minor=500,
                starts_at=self.now,
                ends_at=ends_at,
                limit=3,
                by=ADMIN,
            )
            self.users = [users.sign_up(work, by=Origin(device_id=f"d{n}")) for n in range(4)]
            self.creator = self.users[0]
            users.become_creator(work, self.creator, by=Origin(self.creator))
            account = ads.open_account(work, self.brand, by=ADMIN)
            self.account = account
            ads.top_up(work, account, 700, by=ADMIN)
            campaign = ads.create_campaign(
                work,
                account,
                name="Spring",
                daily_budget_minor=400,
                starts_on=date(2026, 3, 1),
                by=ADMIN,
            )
            unit = ads.create_unit(
                work, campaign, name="Feed", placement="feed", bid_minor=150, by=ADMIN
            )
            content = notes.Content(
                "春天的面霜", "用了很喜欢 @Meadow", ("护肤",), None, self.products
            )
            note = notes.draft(work, self.creator, content, by=Origin(self.creator))
            notes.publish(work, note, by=Origin(self.creator))
            self.notes.append(note)
            ads.create_creative(work, unit, note, by=ADMIN)

    def user(self, place: int) -> str:
        return [*self.users, "user_unknown"][place % (len(self.users) + 1)]

    def some(self, kind: str, place: int) -> str:
        known = [*self.made.get(kind, [])[-4:], f"{kind}_unknown"]
        return known[place % len(known)]

    def act(self, verb: Callable[[Work], Any], made: str | None = None) -> None:
        """Let the verb act, an hour later; a refusal undoes what it has done."""
        self.now += timedelta(hours=1)
        with begin(self.engine, now=self.now) as work:
            try:
                with work.attempt():
                    result = verb(work)
            except (Refusal, ValueError):
                return
        if made and result is not None:
            self.made.setdefault(made, []).append(result)

    @rule(place=places, city=st.sampled_from(["上海", "成都"]))
    def sign_up(self, place: int, city: str) -> None:
        if len(self.users) < 6:
            self.act(lambda work: self.users.append(users.sign_up(work, city=city, by=ADMIN)))

    @rule(place=places, suspended=st.booleans())
    def change_a_user(self, place: int, suspended: bool) -> None:
        user = self.user(place)
        if suspended:
            self.act(lambda work: users.suspend(work, user, reason="farm", by=ADMIN))
        else:
            self.act(lambda work: users.reinstate(work, user, by=ADMIN))

    @rule(place=places, device=st.sampled_from(["d0", "d9"]), gone=st.booleans())
    def change_a_device(self, place: int, device: str, gone: bool) -> None:
        user, by = self.user(place), Origin(self.user(place))
        if gone:
            self.act(lambda work: users.unlink_device(work, user, device, by=by))
        else:
            self.act(lambda work: users.link_device(work, user, users.Device(device), by=by))

    @rule(place=places, text=words)
    def write_a_note(self, place: int, text: str) -> None:
        def write(work: Work) -> None:
            content = notes.Content("标题", text, ("护肤",))
            by = Origin(self.user(place))
            note = notes.draft(work, self.user(place), content, by=by)
            notes.publish(work, note, by=by)
            self.notes.append(note)

        if len(self.notes) < 5:
            self.act(write)

    @rule(place=places, gone=st.booleans())
    def change_a_note(self, place: int, gone: bool) -> None:
        note = self.notes[place % len(self.notes)]
        by = Origin(self.creator)
        content = notes.Content("新的标题", "改过了", ("生活",))
        if gone:
            self.act(lambda work: notes.remove(work, note, by=by))
        else:
            self.act(lambda work: notes.edit(work, note, content, by=by))

    @rule(
        acts=st.lists(
            st.tuples(
                st.sampled_from(
                    "like unlike collect uncollect share hide unhide report comment".split()
                ),
                places,
                places,
            ),
            max_size=5,
        )
    )
    def engage(self, acts: list[tuple[str, int, int]]) -> None:
        batch = [
            engagement.Act(
                kind,  # type: ignore[arg-type]
                self.notes[note % len(self.notes)],
                Origin(self.user(user)),
                text="好" if kind == "comment" else None,
                reason="spam" if kind == "report" else None,
            )
            for kind, user, note in acts
        ]
        self.act(lambda work: engagement.engage(work, batch))

    @rule(place=places, followed=st.booleans())
    def follow(self, place: int, followed: bool) -> None:
        verb = engagement.follow if followed else engagement.unfollow
        self.act(lambda work: verb(work, self.creator, by=Origin(self.user(place))))

    @rule(sku=st.integers(0, 1), quantity=quantities)
    def receive(self, sku: int, quantity: int) -> None:
        self.act(lambda work: catalog.receive(work, self.skus[sku], quantity))

    @rule(sku=st.integers(0, 1), change=st.integers(-3, 3))
    def correct(self, sku: int, change: int) -> None:
        self.act(lambda work: catalog.correct(work, self.skus[sku], change))

    @rule(place=places, sku=st.integers(0, 1), quantity=quantities, added=st.booleans())
    def fill_the_cart(self, place: int, sku: int, quantity: int, added: bool) -> None:
        user, by = self.user(place), Origin(self.user(place))
        if added:
            self.act(lambda w: commerce.add_to_cart(w, user, self.skus[sku], quantity, by=by))
        else:
            self.act(lambda w: commerce.remove_from_cart(w, user, self.skus[sku], by=by))

    @rule(place=places)
    def claim_a_coupon(self, place: int) -> None:
        user = self.user(place)
        self.act(
            lambda work: commerce.claim_coupon(work, self.offer, user, by=Origin(user)), "coupon"
        )

    @rule(
        place=places,
        lines=st.lists(st.tuples(st.integers(0, 1), quantities), max_size=2),
        coupon=st.none() | places,
        key=st.none() | st.sampled_from(["k1", "k2"]),
    )
    def place_an_order(
        self, place: int, lines: list[tuple[int, int]], coupon: int | None, key: str | None
    ) -> None:
        user = self.user(place)
        wanted = [Line(self.skus[sku], quantity) for sku, quantity in lines]
        coupon_id = None if coupon is None else self.some("coupon", coupon)
        self.act(
            lambda work: (
                commerce.place_order(
                    work,
                    user,
                    wanted,
                    ship_to="上海 1 号",
                    coupon_id=coupon_id,
                    idempotency_key=key,
                    by=Origin(user),
                ).order_id
            ),
            "order",
        )

    @rule(place=places, fault=st.none() | st.sampled_from(FAULTS))
    def pay(self, place: int, fault: str | None) -> None:
        self.now += timedelta(hours=1)
        self.fault = fault
        order = self.some("order", place)
        try:
            commerce.pay(self.engine, order, "card_1", self.provider, now=self.now, by=ADMIN)
        except Refusal:
            return

    @rule(place=st.integers(0, 3), steps=st.integers(1, 5), sku=st.integers(0, 1))
    def buy(self, place: int, steps: int, sku: int) -> None:
        """An order as it should go, up to some step."""
        self.receive(sku, 2)
        self.claim_a_coupon(place)
        newest_coupon = len(self.made.get("coupon", [])[-4:]) - 1
        self.place_an_order(place, [(sku, 2)], newest_coupon if steps % 2 else None, key=None)
        newest = len(self.made.get("order", [])[-4:]) - 1
        if steps > 1 and newest >= 0:
            self.pay(newest, fault=None)
            for step in ("ship", "deliver")[: steps - 2]:
                self.move_an_order_on(newest, step)
            if steps == 5:
                self.send_back(newest)

    @precondition(lambda self: self.provider.callbacks)
    @rule()
    def hear_from_the_provider(self) -> None:
        outcome = self.provider.callbacks.popleft()
        self.act(lambda work: commerce.settle_payment(work, outcome))

    @rule(fault=st.none() | st.sampled_from(FAULTS))
    def reconcile(self, fault: str | None) -> None:
        self.fault = fault
        self.now += timedelta(hours=1)
        commerce.reconcile(self.engine, self.provider, now=self.now)

    @rule(place=places, step=st.sampled_from(["ship", "deliver", "cancel"]))
    def move_an_order_on(self, place: int, step: str) -> None:
        order = self.some("order", place)
        if step == "ship":
            self.act(
                lambda w: commerce.ship(w, order, carrier="SF", weight_grams=300, by=ADMIN),
                "shipment",
            )
        elif step == "deliver":
            self.act(lambda work: commerce.deliver(work, order))
        else:
            self.act(lambda work: commerce.cancel_order(work, order, reason="mind", by=ADMIN))

    @rule(place=places)
    def scan_a_parcel(self, place: int) -> None:
        shipment = self.some("shipment", place)
        self.act(lambda work: commerce.scan(work, shipment, place="上海", status="in_transit"))

    @rule(place=places, amount=st.none() | st.integers(-1, 3_000))
    def refund(self, place: int, amount: int | None) -> None:
        order = self.some("order", place)
        self.act(lambda w: commerce.refund(w, order, amount_minor=amount, reason="late", by=ADMIN))

    @rule(place=places)
    def send_back(self, place: int) -> None:
        order = self.some("order", place)
        self.act(lambda w: commerce.request_return(w, order, reason="size", by=ADMIN), "return")

    @rule(place=places)
    def take_back(self, place: int) -> None:
        return_id = self.some("return", place)
        self.act(lambda work: commerce.receive_return(work, return_id))

    @rule(place=places, order=st.none() | places, stars=st.integers(0, 6), text=words)
    def review(self, place: int, order: int | None, stars: int, text: str) -> None:
        user = self.user(place)
        order_id = None if order is None else self.some("order", order)
        product = self.products[place % 2]
        self.act(
            lambda work: reviews.post_review(
                work, user, product, stars=stars, text=text, order_id=order_id, by=Origin(user)
            ),
            "review",
        )

    @rule(place=places)
    def remove_a_review(self, place: int) -> None:
        review = self.some("review", place)
        self.act(lambda work: reviews.remove_review(work, review, reason="spam", by=ADMIN))

    @rule(place=places, clicks=st.integers(1, 4))
    def click_an_ad(self, place: int, clicks: int) -> None:
        book = ads.AuctionBook.load(self.engine, now=self.now, timezone="Asia/Shanghai")
        slots = pl.DataFrame(
            {
                "request_id": ["request_1"],
                "position": [4],
                "user_id": [self.user(place)],
                "placement": ["feed"],
                "topics": [["护肤"]],
                "query": [None],
            },
            schema_overrides={"query": pl.String},
        )
        for token in book.auction(slots, np.random.default_rng(place))["token"]:
            for _ in range(clicks):
                self.act(lambda w: ads.click(w, token, by=Origin(self.user(place))))  # noqa: B023

    @rule(place=places)
    def credit_a_click(self, place: int) -> None:
        charges = [*sorted(self.replayed.tables["ad_charges"]), "charge_unknown"]
        charge = charges[place % len(charges)]
        self.act(lambda work: ads.credit(work, charge, reason="repeat", by=ADMIN))

    @rule(amount=st.integers(-1, 300))
    def top_up(self, amount: int) -> None:
        self.act(lambda work: ads.top_up(work, self.account, amount, by=ADMIN))

    @invariant()
    def replaying_the_outbox_rebuilds_the_state(self) -> None:
        with reading(self.engine) as connection:
            for line in self.new_lines(connection):
                assert self.replayed.apply(line), f"tells of no change: {line}"
            assert differences(connection, self.replayed) == []

    def new_lines(self, connection: sa.Connection) -> list[str]:
        newer = outbox.c.position > self.seen
        rows = connection.execute(sa.select(outbox).where(newer).order_by(outbox.c.position)).all()
        self.seen = rows[-1].position if rows else self.seen
        return [row.line for row in rows]

    @invariant()
    def the_books_balance(self) -> None:
        entries = ledger_entries.c
        signed = sa.case(
            (entries.side == "debit", entries.amount_minor), else_=-entries.amount_minor
        )
        with reading(self.engine) as connection:
            by_transaction = (
                sa.select(entries.transaction_id)
                .group_by(entries.transaction_id)
                .having(sa.func.sum(signed) != 0)
            )
            assert connection.execute(by_transaction).all() == []
            assert sum(balances(connection).values()) == 0

    @invariant()
    def no_stock_is_negative(self) -> None:
        short = (stock.c.reserved < 0) | (stock.c.on_hand < stock.c.reserved)
        with reading(self.engine) as connection:
            assert connection.execute(sa.select(stock).where(short)).all() == []

    @invariant()
    def the_provider_charged_what_was_booked_or_is_still_unknown(self) -> None:
        payments = self.replayed.tables["payments"].values()
        booked = sum(p["amount_minor"] for p in payments if p["status"] == "charged")
        unknown = sum(p["amount_minor"] for p in payments if p["status"] == "requested")
        assert booked <= self.provider.charged_minor() <= booked + unknown


def keeps_its_promises(template: Path, *, examples: int, steps: int) -> None:
    Platform.template = template
    run_state_machine_as_test(
        Platform,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.reuse, Phase.generate],  # shrinking takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_is_called_the_platform_keeps_its_promises(sqlite_template: Path) -> None:
    keeps_its_promises(sqlite_template, examples=15, steps=40)


@pytest.mark.soak
def test_it_keeps_them_however_long_it_is_called(sqlite_template: Path) -> None:
    keeps_its_promises(sqlite_template, examples=200, steps=80)
