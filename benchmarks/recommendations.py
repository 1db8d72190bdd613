"""Recommendations of a town beside popularity: recall@20 and coverage on days not yet seen.

The lake's own queries make the recommendations from the days before a split; what people then read
for the first time is what they should have named. A person's recall is the share found of what is
to be found, of at most 20 notes. Prints means over people with 95 % intervals, by resampling
people, and the difference to popularity for the same people.
"""

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import polars as pl

from pipelines.defs.house import House
from pipelines.defs.town import live
from pipelines.warehouse.catalog import Model
from pipelines.warehouse.engines.connection import connect, create_view
from platform_core.settings import Settings

UNTIL: Final = datetime(2026, 11, 1)
SHOWN: Final = 20
RESAMPLES: Final = 2_000
AFFINITY, STATES, VERDICTS = (
    "features.note_affinity_daily",
    "silver.note_states",
    "risk.user_verdicts",
)
MADE: Final = (
    "silver.notes",
    "gold.reading_histories",
    "gold.note_neighbours",
    "gold.recommendations",
)
CANDIDATES: Final = """
SELECT users.user_id, notes.note_id, {score} AS score
FROM (SELECT DISTINCT user_id FROM gold.reading_histories) AS users
CROSS JOIN ({ranked}) AS notes
JOIN silver.notes AS n ON n.note_id = notes.note_id AND n.status = 'published'
ANTI JOIN features.note_affinity_daily AS met
  ON met.user_id = users.user_id AND met.note_id = notes.note_id
WHERE n.creator_id <> users.user_id
"""
POPULAR: Final = """
SELECT note_id, count(DISTINCT user_id) AS people FROM features.note_affinity_daily
WHERE points > 0
  AND event_date > (SELECT max(event_date) FROM features.note_affinity_daily) - {days}
GROUP BY note_id
"""
WAYS: Final = {
    "recommended": "SELECT user_id, note_id, score FROM gold.recommendations",
    "popular, 28 days": CANDIDATES.format(score="people", ranked=POPULAR.format(days=28)),
    "popular, 7 days": CANDIDATES.format(score="people", ranked=POPULAR.format(days=7)),
    "newest": CANDIDATES.format(
        score="epoch(n.changed_at)", ranked="SELECT note_id FROM silver.notes"
    ),
    "at random": CANDIDATES.format(
        score="hash(users.user_id, notes.note_id)", ranked="SELECT note_id FROM silver.notes"
    ),
}
REFERENCE: Final = "popular, 28 days"
LISTS: Final = f"""
SELECT user_id, note_id FROM ({{way}})
QUALIFY row_number() OVER (PARTITION BY user_id ORDER BY score DESC, note_id) <= {SHOWN}
"""
ASKED: Final = """
SELECT later.user_id, later.note_id, known.note_id IS NOT NULL AS is_known
FROM (SELECT DISTINCT user_id, note_id FROM later WHERE points > 0) AS later
SEMI JOIN gold.reading_histories AS h ON h.user_id = later.user_id
ANTI JOIN features.note_affinity_daily AS met
  ON met.user_id = later.user_id AND met.note_id = later.note_id
LEFT JOIN (SELECT note_id FROM silver.notes WHERE status = 'published') AS known
  ON known.note_id = later.note_id
"""


@dataclass(frozen=True)
class Found:
    """How a way of recommending did: each person's recall, and the share of notes it ever names."""

    way: str
    recalls: np.ndarray[tuple[int], np.dtype[np.float64]]
    coverage: float


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--home", type=Path, help="a home with a lake; else a new town")
    arguments.add_argument("--days", type=int, default=28)
    arguments.add_argument("--users", type=int, default=700)
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--test-days", type=int, default=7)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="meadow-recommendations-") as folder:
        house = House(Settings(home=options.home or Path(folder) / "var"))
        if options.home is None:
            for line in live(house, options.days, options.users, options.seed, UNTIL):
                print(line)
        for line in evaluate(house, options.test_days):
            print(line)


def evaluate(house: House, test_days: int) -> Iterator[str]:
    """Split the lake's days, recommend from the first part, and look at the second."""
    compute(house, [AFFINITY, STATES, VERDICTS])
    with connect(house.settings, house.lake.timezone) as connection:
        split = show_days(house, connection, test_days)
        for name in MADE:
            make(connection, house.catalog[name])
        asked = connection.sql(ASKED).pl()
        yield from described(connection, asked, split, test_days)
        for known_only in (False, True):
            of = asked.filter("is_known") if known_only else asked
            yield ""
            yield f"{'notes known at the split' if known_only else 'all notes'}:"
            yield from report(list(measured(connection, of)))


def compute(house: House, tables: list[str]) -> None:
    """Ingest what has landed, and bring up to date these tables and what they are made from."""
    house.relay(datetime.now().astimezone())
    house.ingest().all_sources()
    wanted, kept = list(tables), set()
    while wanted:
        name = wanted.pop()
        kept.add(name)
        wanted += [i for i in house.catalog[name].inputs if i not in kept]
    with house.begin_run("benchmark") as run:
        for model in house.catalog.computed:
            if model.name in kept:
                run.bring_up_to_date(model)


def show_days(house: House, connection: duckdb.DuckDBPyConnection, test_days: int) -> date:
    """Show the tables as of the split, and what people did ``later``; returns its first day."""
    pins = {name: house.lake.pin(name) for name in (AFFINITY, STATES, VERDICTS)}
    last = max(pins[AFFINITY].days()) - timedelta(days=1)  # the last local day may be half over
    split = last - timedelta(days=test_days - 1)
    for name, pin in pins.items():
        create_view(connection, name, pin, pin.files, f"event_date < DATE '{split}'")
    later = f"event_date BETWEEN DATE '{split}' AND DATE '{last}'"
    create_view(connection, "later", pins[AFFINITY], pins[AFFINITY].files, later)
    return split


def make(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    schema = model.name.partition(".")[0]
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    connection.execute(f"CREATE TABLE {model.name} AS {model.query(None)}")


def described(
    connection: duckdb.DuckDBPyConnection, asked: pl.DataFrame, split: date, test_days: int
) -> Iterator[str]:
    counts = "SELECT count(*), count(DISTINCT user_id) FROM gold.reading_histories"
    acts, people = connection.sql(counts).fetchall()[0]
    known = asked["is_known"].sum()
    yield (
        f"until {split}: {people:,} people with {acts:,} notes they care for; "
        f"{test_days} days from then: {asked['user_id'].n_unique():,} of them met "
        f"{len(asked):,} notes, {known / len(asked):.0%} of which were published before"
    )


def measured(connection: duckdb.DuckDBPyConnection, asked: pl.DataFrame) -> Iterator[Found]:
    """Each way's recall for every person who met a note, the people in one order."""
    sizes = asked.group_by("user_id").agg(pl.len().clip(upper_bound=SHOWN).alias("size"))
    catalogue = connection.sql("SELECT note_id FROM silver.notes WHERE status = 'published'").pl()
    for way, query in WAYS.items():
        lists = connection.sql(LISTS.format(way=query)).pl()
        hits = lists.join(asked, on=["user_id", "note_id"]).group_by("user_id").len("hits")
        people = sizes.join(hits, on="user_id", how="left").sort("user_id")
        recalls = people["hits"].fill_null(0).to_numpy() / people["size"].to_numpy()
        yield Found(way, recalls, lists["note_id"].n_unique() / len(catalogue))


def report(found: list[Found]) -> Iterator[str]:
    """A line a way, with its difference to the reference for the same people."""
    (reference,) = (f for f in found if f.way == REFERENCE)
    heads = f"{f'recall@{SHOWN}':>10}{'95 %':>18}{'beside popular':>17}{'95 %':>20}{'coverage':>11}"
    yield f"{'':20}{heads}"
    for f in found:
        gain = f.recalls - reference.recalls
        yield (
            f"{f.way:20}{f.recalls.mean():10.4f}{interval(f.recalls):>18}"
            f"{gain.mean():+17.4f}{interval(gain):>20}{f.coverage:11.1%}"
        )


def interval(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    """Percentiles of the mean when people are drawn again, with replacement."""
    rng = np.random.default_rng(0)
    drawn = rng.integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.percentile(values[drawn].mean(axis=1), [2.5, 97.5])
    return f"{low:.4f} to {high:.4f}"


if __name__ == "__main__":
    main()
