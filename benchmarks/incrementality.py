"""Estimates of ads and notes beside what a town's people did because of them.

Lets towns live, computes the marts, and prints each estimate with its 95 percent interval beside
what the simulation wrote down: whom a note made search and buy. Whether an ad had opened the note
is in the events. Two lines show what goes wrong without care: the difference in searches that does
not take out who searches anyway, and counting every order within 7 days of a click.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.defs.house import House
from pipelines.defs.town import live
from pipelines.warehouse.catalog import Catalog, Model
from pipelines.warehouse.reader import Reader
from pipelines.warehouse.release import latest
from platform_core.settings import Settings

UNTIL = datetime(2026, 3, 2)
NOW = datetime(2026, 3, 2, tzinfo=UTC)
WINDOW_DAYS = 3
"""Short, so that small towns have many days on which a whole window follows and goes before."""
TABLES = ("gold.search_lift", "gold.attribution", "silver.ad_conversions")
MODELS = ("first", "last", "linear", "position", "decay")
Z = 1.96

ACTED = """
acted AS (
  SELECT
    o.order_id, o.actor_id, o.placed_at, o.paid_at, l.brand_id, e.note_id, e.query,
    e.read_at AT TIME ZONE 'UTC' AS read_at, local_date(e.read_at AT TIME ZONE 'UTC') AS read_on
  FROM read_parquet('{effects}') AS e
  JOIN silver.orders AS o ON o.order_id = concat('platform:', e.order_id)
  JOIN (SELECT DISTINCT order_id, brand_id FROM silver.order_lines) AS l ON l.order_id = o.order_id
)"""

LIFT = """
WITH exposures AS (
  SELECT
    event_date,
    sum(exposed)                                        AS people,
    sum(exposed * (rate_exposed - rate_unexposed))      AS difference,
    sum(exposed * (prior_rate_exposed - prior_rate_unexposed)) AS prior_difference,
    sum(power(exposed * (lift_high - lift_low) / (2 * {z}), 2)) AS variance
  FROM gold.search_lift
  WHERE exposure = 'read' AND exposed > 0
    AND event_date BETWEEN DATE '{first}' + {days} AND DATE '{last}' - {days}
  GROUP BY event_date
),
apart AS (
  -- the windows of days that lie so far apart do not overlap
  SELECT
    sum(people) AS people, sum(difference) AS difference, sum(prior_difference) AS prior_difference,
    power(sum(variance), 0.5) AS deviation
  FROM exposures
  GROUP BY date_diff('day', DATE '{first}', event_date) % (2 * {days} + 1)
)
SELECT
  sum(people), sum(difference) / sum(people), sum(prior_difference) / sum(people),
  sum(deviation) / sum(people)
FROM apart
"""

CAUSED_SEARCHERS = """
WITH {acted},
caused AS (
  SELECT a.actor_id, a.brand_id, a.read_on, s.search_id
  FROM acted AS a
  JOIN silver.searches AS s
    ON s.actor_id = a.actor_id
    AND s.term = lower(trim(a.query))
    AND s.occurred_at BETWEEN a.placed_at - INTERVAL 1 HOUR AND a.placed_at
    AND s.event_date > a.read_on AND s.event_date <= a.read_on + {days}
  WHERE a.read_on BETWEEN DATE '{first}' + {days} AND DATE '{last}' - {days}
),
names AS (
  SELECT DISTINCT brand_id, lower(name) AS name FROM silver.brand_states
)
SELECT count(DISTINCT concat(c.actor_id, c.brand_id, c.read_on))
FROM caused AS c
WHERE NOT EXISTS (
  SELECT 1
  FROM silver.searches AS s
  JOIN names AS n ON n.brand_id = c.brand_id AND contains(s.term, n.name)
  WHERE s.actor_id = c.actor_id
    AND s.event_date > c.read_on AND s.event_date <= c.read_on + {days}
    AND s.search_id NOT IN (SELECT search_id FROM caused)
)
"""

AD_NOTES = """
ad_notes AS (
  SELECT c.actor_id, c.session_id, c.request_id, c.brand_id, c.occurred_at, v.note_id
  FROM silver.ad_clicks AS c
  JOIN (SELECT DISTINCT creative_id, note_id FROM silver.creative_states) AS v USING (creative_id)
)"""

CAUSED_ORDERS = """
WITH {acted},
{ad_notes}
SELECT DISTINCT a.order_id
FROM acted AS a
JOIN silver.note_reads AS r
  ON r.actor_id = a.actor_id
  AND r.note_id = a.note_id
  AND r.occurred_at BETWEEN a.read_at - INTERVAL 1 SECOND AND a.read_at + INTERVAL 1 SECOND
JOIN ad_notes AS c
  ON c.actor_id = a.actor_id
  AND c.request_id = r.request_id
  AND c.note_id = a.note_id
  AND c.brand_id = a.brand_id
WHERE a.paid_at IS NOT NULL
"""

ORDERS_AT_ONCE = """
WITH {ad_notes}
SELECT DISTINCT o.order_id
FROM silver.orders AS o
JOIN silver.order_lines AS l ON l.order_id = o.order_id
JOIN ad_notes AS c
  ON c.actor_id = o.actor_id
  AND c.session_id = o.session_id
  AND c.note_id = l.note_id
  AND c.brand_id = l.brand_id
WHERE o.paid_at IS NOT NULL AND c.occurred_at <= o.placed_at
"""

CREDITED = """
SELECT model, sum(credited_orders) FROM gold.attribution
WHERE channel IN ('feed_ad', 'search_ad') GROUP BY model ORDER BY model
"""

CONVERTED = "SELECT count(DISTINCT order_id) FROM silver.ad_conversions"

Rows = Callable[[str], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Estimate:
    """What the warehouse says, and what was written down."""

    what: str
    value: float
    low: float
    high: float
    recorded: float

    @property
    def holds(self) -> bool:
        return self.low <= self.recorded <= self.high


@dataclass(frozen=True)
class Town:
    """A town that has lived and whose marts are computed."""

    house: House
    days: int

    @property
    def effects(self) -> Path:
        return self.house.settings.home.resolve() / "truth" / "effects.parquet"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--days", type=int, default=35)
    arguments.add_argument("--users", type=int, default=500)
    arguments.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    options = arguments.parse_args()
    print(f"{'':8}{'':44}{'estimate':>10}{'low':>10}{'high':>10}{'recorded':>10}")
    for seed in options.seeds:
        with tempfile.TemporaryDirectory(prefix="meadow-incrementality-") as home:
            for estimate in estimates(lived(Path(home), options.days, options.users, seed)):
                print(f"seed {seed:<3}{line(estimate)}")


def line(estimate: Estimate) -> str:
    e = estimate
    numbers = "".join(f"{value:10.4f}" for value in (e.value, e.low, e.high, e.recorded))
    return f"{e.what:<44}{numbers}{'' if e.holds else '   outside'}"


def lived(home: Path, days: int, users: int, seed: int) -> Town:
    """Let a town live and compute the marts that the estimates come from."""
    chosen = {"search_lift_days": WINDOW_DAYS, "audience_floor": 1}
    house = House(Settings(home=home, parameters=chosen, max_quarantine_rate=1.0, _env_file=None))
    vars(house)["catalog"] = narrowed(house.catalog, TABLES)
    list(live(house, days, users, seed, UNTIL))
    house.ingest().all_sources()
    with house.begin_run("incrementality") as run:
        for model in house.catalog.computed:
            run.bring_up_to_date(model)
        run.release(NOW)
    return Town(house, days)


def narrowed(catalog: Catalog, tables: Iterable[str]) -> Catalog:
    """The tables of these names, all that they are made from, and those that Python makes."""
    wanted = [model.name for model in catalog if not model.sql] + list(tables)
    kept: dict[str, Model] = {}
    while wanted:
        model = catalog[wanted.pop()]
        kept[model.name] = model
        wanted += [name for name in model.inputs if name not in kept]
    return Catalog(kept)


def estimates(town: Town) -> Iterator[Estimate]:
    """Each estimate beside what was recorded."""
    settings = town.house.settings
    release = latest(settings.lake)
    assert release is not None
    with closing(Reader(settings.lake, release, brand_id=None, using=settings)) as reader:

        def rows(sql: str) -> list[tuple[Any, ...]]:
            return reader.query(sql).rows()

        first, last = rows("SELECT min(event_date), max(event_date) FROM silver.note_reads")[0]
        parts = {"acted": ACTED.format(effects=town.effects), "ad_notes": AD_NOTES}
        yield from _lift(rows, parts | {"first": first, "last": last, "days": WINDOW_DAYS, "z": Z})
        yield from _conversions(rows, parts)


def _lift(rows: Rows, asked: Mapping[str, Any]) -> Iterator[Estimate]:
    """The mean lift of a day's readers, all days that overlap taken as wholly dependent."""
    ((people, difference, prior, deviation),) = rows(LIFT.format(**asked))
    ((searchers,),) = rows(CAUSED_SEARCHERS.format(**asked))
    for what, value in (("lift", difference - prior), ("difference, unadjusted", difference)):
        low, high = value - Z * deviation, value + Z * deviation
        yield Estimate(f"search {what}", value, low, high, searchers / float(people))


def _conversions(rows: Rows, asked: Mapping[str, Any]) -> Iterator[Estimate]:
    """Orders credited to ads as Poisson counts, beside those that ads made people place."""
    at_once = {order for (order,) in rows(ORDERS_AT_ONCE.format(**asked))}
    later = {order for (order,) in rows(CAUSED_ORDERS.format(**asked))}
    credited = dict.fromkeys(MODELS, 0.0) | dict(rows(CREDITED))
    credited["any within 7 days of a click"] = rows(CONVERTED)[0][0]
    for model, orders in credited.items():
        yield _counted(f"orders by ads, {model}", orders, len(at_once | later))
    yield _counted("orders at once after an ad, last", credited["last"], len(at_once))


def _counted(what: str, count: float, recorded: int) -> Estimate:
    margin = Z * max(count, 1.0) ** 0.5
    return Estimate(what, count, max(count - margin, 0.0), count + margin, recorded)


if __name__ == "__main__":
    main()
