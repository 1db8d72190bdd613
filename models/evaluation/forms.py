"""What can be seen of an event without understanding it: its ids, its instant's digits, its place.

Nothing of this may tell fraud: a detector that learned it would know the simulator, not fraud.
"""

from typing import Final

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from models.evaluation.labels import Query

EACH: Final = 4
"""Events of one type of each person: the busy do not outweigh the others."""
PEOPLE: Final = 1500
"""People without a cause whose events are looked at."""

PARTS: Final = {
    "places in files": ("place_in_minute", "line_parity", "line_ten"),
    "digits of time": ("microsecond", "last_digit", "last_digits", "is_millisecond"),
    "ids": ("id_length", "id_digits", "id_head", "id_tail"),
    "optional fields": ("keys", "given"),
    "nulls of the envelope": ("has_device", "has_session", "has_address", "has_user_agent"),
}
FORM: Final = tuple(column for columns in PARTS.values() for column in columns)
"""The columns that a model may look at."""

EVENTS: Final = """
WITH told AS (
  SELECT
    source, segment, line, event_id, type, actor_id, date_trunc('hour', occurred_at) AS hour,
    percent_rank() OVER (
      PARTITION BY source, segment, date_trunc('minute', occurred_at) ORDER BY line
    ) AS place_in_minute
  FROM bronze.events WHERE actor_id IS NOT NULL AND NOT is_duplicate
),
chosen AS (
  SELECT * FROM told WHERE actor_id IN (SELECT actor_id FROM people)
  QUALIFY row_number() OVER (PARTITION BY actor_id, type ORDER BY hash(event_id)) <= $each
)
SELECT
  c.source, c.event_id, c.type, c.hour, c.actor_id, e.device_id,
  c.place_in_minute,
  c.line % 2 AS line_parity,
  c.line % 10 AS line_ten,
  epoch_us(e.occurred_at) % 1000000 AS microsecond,
  epoch_us(e.occurred_at) % 10 AS last_digit,
  epoch_us(e.occurred_at) % 1000 AS last_digits,
  CAST(epoch_us(e.occurred_at) % 1000 = 0 AS BIGINT) AS is_millisecond,
  length(c.event_id) AS id_length,
  length(regexp_replace(c.event_id, '[^0-9]', '', 'g')) AS id_digits,
  try_cast('0x' || regexp_extract(c.event_id, '_([0-9a-f]{4})[0-9a-f]*$', 1) AS BIGINT) AS id_head,
  try_cast('0x' || right(c.event_id, 4) AS BIGINT) AS id_tail,
  len(json_keys(e.data)) AS keys,
  hash(array_to_string(list_sort(json_keys(e.data)), ',')) % 1024 AS given,
  CAST(e.device_id IS NOT NULL AS BIGINT) AS has_device,
  CAST(e.session_id IS NOT NULL AS BIGINT) AS has_session,
  CAST(e.address IS NOT NULL AS BIGINT) AS has_address,
  CAST(e.user_agent IS NOT NULL AS BIGINT) AS has_user_agent
FROM chosen AS c
JOIN bronze.events AS e USING (source, segment, line)
"""
"""Places are found of narrow rows: those of all events with their data would not fit in memory.

They are places within a minute: in an hour's file a place is the minute, and when in an hour people
act, as where a shift begins, is conduct.
"""

CHOSEN: Final = """
people AS (
  (SELECT actor_id FROM read_parquet('{folder}/labels.parquet') WHERE cause IS NOT NULL GROUP BY 1)
  UNION
  (SELECT actor_id FROM read_parquet('{folder}/labels.parquet') WHERE cause IS NULL
   GROUP BY 1 ORDER BY hash(actor_id) LIMIT {people})
)
"""


def forms(query: Query, folder: str, causes: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """A sample of events with their form, hour, ``group`` and ``is_fraud``.

    ``group`` is one for all that accounts which share a device did: to know one of them again is
    not to know fraud by its form.

    Args:
        folder: where the town's labels have been written.
        events: source, event_id and cause of the events that have one.
    """
    chosen = CHOSEN.format(folder=folder.replace("'", "''"), people=PEOPLE)
    sample = query(f"WITH {chosen}, {EVENTS.strip()[5:]}", each=EACH).sort("source", "event_id")
    fraud = causes.filter("is_fraud", ~pl.col("is_idle"))["cause"].to_list()
    labelled = sample.join(events, on=["source", "event_id"], how="left", maintain_order="left")
    return labelled.with_columns(
        group=_linked(labelled), is_fraud=pl.col("cause").is_in(fraud).fill_null(False)
    ).drop("source", "event_id", "actor_id", "device_id", "cause")


def _linked(read: pl.DataFrame) -> pl.Series:
    """The number of the set of accounts and devices that each event belongs to."""
    ends = read.select("actor_id", device=pl.coalesce("device_id", "actor_id"))
    nodes = pl.concat([ends["actor_id"], ends["device"]]).rank("dense").to_numpy().astype(int) - 1
    one, other = nodes[: read.height], nodes[read.height :]
    size = int(nodes.max()) + 1 if nodes.size else 0
    if not size:
        return pl.Series("group", [], pl.Int64)
    links = coo_array((np.ones(read.height), (one, other)), shape=(size, size))
    return pl.Series("group", connected_components(links, directed=False)[1][one])
