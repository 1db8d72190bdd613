"""The town while it lives: three hours at a time, everybody on the same path."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any, Final

import numpy as np
import polars as pl
import sqlalchemy as sa

from platform_core.simulation.acts.cast import Cast, Deed, deeds, first_use
from platform_core.simulation.acts.diary import Diary
from platform_core.simulation.acts.registry import Registry
from platform_core.simulation.acts.stamps import ids
from platform_core.simulation.acts.verbs import ENGAGING, VERBS, engage_all, put_on_agenda
from platform_core.simulation.itinerary import Itinerary
from platform_core.simulation.life.behaviour import told
from platform_core.simulation.life.pulls import pulled
from platform_core.simulation.life.serving import Serving
from platform_core.simulation.life.visiting import Lived, live, opened
from platform_core.simulation.people.origins import origins
from platform_core.simulation.plan import NOTES_SCHEMA, Plan
from platform_core.simulation.world.world import World
from platform_core.work import Ids, begin

BLOCK_HOURS: Final = (0, 3, 6, 9, 12, 15, 18, 24)
"""Where blocks of a UTC day begin and end: so long everybody sees the platform as it was when the
block began. The last is the night in Shanghai, from 2 to 8 o'clock, when hardly anybody comes."""

Visits = dict[int, dict[str, Any]]


@dataclass
class Town:
    """Everything that a run keeps from one block to the next."""

    world: World
    engine: sa.Engine
    ids: Ids
    registry: Registry
    serving: Serving
    cast: Cast
    diary: Diary
    notes: pl.DataFrame
    """Rows of NOTES, in the order of publication."""
    visits: int = 0
    app_events: int = 0
    _late: list[Deed] = field(default_factory=list)
    _linked: set[tuple[int, str]] = field(default_factory=set)

    @property
    def plan(self) -> Plan:
        return self.world.plan

    def live_day(self, day: int, planned: Itinerary) -> None:
        """Let one day happen; what the app tells of it is written at its end."""
        starts_at = self.plan.day_starts_at(day)
        self.cast.draw = Random(f"{self.plan.seed}/acts/{day}")
        self.cast.rng = self.plan.rng("acts", day)
        rng = self.plan.rng("life", day)
        self.serving.index()
        for first, end in pairwise(starts_at + timedelta(hours=hour) for hour in BLOCK_HOURS):
            self.sign_up(end)
            self._live_block(first, end, planned, rng)
        self.app_events += self.diary.write(starts_at, rng)

    def sign_up(self, until: datetime) -> None:
        """Let those sign up who join before ``until``, in the order of time."""
        joining = self.registry.joining(until)
        if not joining:
            return
        frame, rows = self.registry.people.frame, np.array(joining, np.int64)
        moments = frame["joins_at"].gather(rows).dt.replace_time_zone(None).to_numpy()
        rng = self.plan.rng(f"joining/{until.isoformat()}")
        came_from = origins(self.plan, frame, rows, moments, rng).with_columns(
            ids(rng, "session", len(joining)).alias("session_id")
        )
        with begin(self.engine, now=until, ids=self.ids) as work:
            for person, origin in zip(joining, came_from.iter_rows(named=True), strict=True):
                self._linked.add((person, origin["device_id"]))
                before = len(work.told)
                self.registry.sign_up(work, person, origin)
                self.cast.truth.told(work.told[before:], frame["cause"][person])
        self.cast.lore.users = self.registry.users

    def act(self, until: datetime, asked: Sequence[Deed]) -> None:
        """Do what is due before ``until`` through the services, in one transaction."""
        self._late += [deed for deed in asked if deed.verb in ENGAGING]
        due = sorted((d for d in self._late if d.at < until), key=lambda deed: deed.at)
        self._late = [deed for deed in self._late if deed.at >= until]
        for deed in asked:
            if deed.verb in VERBS:
                put_on_agenda(deed, self.cast)
        with begin(self.engine, now=until, ids=self.ids) as work:
            engage_all(work, due, self.cast)
            self.cast.agenda.run(work, until)
            work.told.sort(key=lambda outgoing: outgoing.occurred_at)
        self._learn()

    def _live_block(
        self, since: datetime, until: datetime, planned: Itinerary, rng: np.random.Generator
    ) -> None:
        """Let the visits happen that begin within a block, and do all that is due in it."""
        self.serving.refresh(since)
        self._take_up(since)
        there, steps = self._coming(since, until, planned, rng)
        lived = live(there, steps, self.serving, self.cast.lore, rng)
        self.diary.add(told(lived.happened, lived.cards, self.cast.lore, rng))
        visits = {row["visit"]: row for row in there.iter_rows(named=True)}
        self._link(visits)
        self._wish(lived, visits, rng)
        is_asked = pl.col("verb").is_in([*ENGAGING, *VERBS])
        self.act(until, deeds(lived.happened.filter(is_asked), lived.cards, visits))

    def _take_up(self, at: datetime) -> None:
        """What the moment brings: the festival's demand, and coupons that can be had."""
        demand, lore = self.world.rhythm.demand(at), self.cast.lore
        lore.carts, lore.orders = demand.carts, demand.orders
        coupons = {brand.brand_id: brand.coupons for brand in self.world.brands_at(at)}
        lore.products.offer(coupons)

    def _coming(
        self, since: datetime, until: datetime, planned: Itinerary, rng: np.random.Generator
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The visits of a block by those who have signed up, and their steps."""
        within = pl.col("started_at").is_between(since, until, closed="left")
        there = opened(planned.visits.filter(within), self.registry.users, rng)
        there = there.filter(pl.col("actor_id").is_not_null())
        self.visits += there.height
        steps = planned.steps.join(there, on="visit", how="semi", maintain_order="left")
        return there, steps

    def _link(self, visits: Visits) -> None:
        """Whoever comes with a device for the first time signs in on it."""
        for row in visits.values():
            link = row["person"], row["device_id"]
            if link not in self._linked:
                self._linked.add(link)
                put_on_agenda(first_use(row), self.cast)

    def _wish(self, lived: Lived, visits: Visits, rng: np.random.Generator) -> None:
        cast = self.cast
        deaf = [group.id for group in self.plan.groups if group.is_fraud]
        for wish in pulled(lived.happened, cast.lore, visits, deaf, cast.draw, rng):
            cast.wishes.add(wish)

    def _learn(self) -> None:
        """Notes that were published can be served and aimed at from now on."""
        if self.cast.published:
            published = pl.DataFrame(self.cast.published, NOTES_SCHEMA)
            self.cast.lore.notes.add(published, self.cast.lore.products)
            self.notes = pl.concat([self.notes, published])
            self.cast.published.clear()
