"""What can be seen of events without understanding them: their envelope's form and their place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import orjson
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from platform_core import landing as zone

IDS: Final = ("id", "actorid", "deviceid", "sessionid")
ATTRIBUTES: Final = (*IDS, "ip", "useragent")
ENDS: Final = 4
"""Characters of the random part of an id, from its ends, that are looked at as numbers."""

_OF_PLACE: Final = ("place_in_hour", "place_in_minute", "out_of_order", "place_parity", "place_ten")
_OF_TIME: Final = ("microsecond", "last_digit", "last_digits", "is_millisecond", "time_length")
_OF_IDS: Final = tuple(
    f"{name}_{of}" for name in IDS for of in ("length", "prefix", "digits", "head", "tail")
)
FORM: Final = (
    *_OF_PLACE,
    *_OF_TIME,
    "keys",
    "key_order",
    "given",
    "given_which",
    *(f"has_{name}" for name in ATTRIBUTES),
    *_OF_IDS,
)
"""The columns that a model may look at."""
OF_EVENT: Final = tuple(
    name for name in FORM if not name.startswith(("actorid_", "deviceid_", "sessionid_"))
)
"""Those that are new with every event, while accounts, devices and sessions come again."""


def events(landing: Path) -> pl.DataFrame:
    """One row per event of a landing zone: source, id, type, hour, group and ``FORM``.

    ``group`` is the same for all that accounts which share a device did: to know one of them again
    is not to know fraud by its form.
    """
    read = pl.concat([_read(segment) for segment in _segments(landing)])
    micro = pl.col("time").str.extract(r"\.(\d+)Z").cast(pl.Int64)
    in_hour, in_minute = ("segment", "hour"), ("segment", "minute")
    hour, minute = pl.col("time").str.head(13), pl.col("time").str.head(16)
    return read.with_columns(hour=hour, minute=minute).select(
        "source",
        "type",
        "hour",
        event_id="id",
        group=_linked(read),
        place_in_hour=pl.int_range(pl.len()).over(in_hour) / pl.len().over(in_hour),
        place_in_minute=pl.int_range(pl.len()).over(in_minute) / pl.len().over(in_minute),
        out_of_order=pl.col("place") - pl.col("time").rank("ordinal").over("segment"),
        place_parity=pl.col("place") % 2,
        place_ten=pl.col("place") % 10,
        microsecond=micro,
        last_digit=micro % 10,
        last_digits=micro % 1000,
        is_millisecond=micro % 1000 == 0,
        time_length=pl.col("time").str.len_chars(),
        keys=pl.col("key_order").str.count_matches(","),
        key_order=pl.col("key_order").rank("dense"),
        given=pl.col("given").str.count_matches(","),
        given_which=pl.col("given").rank("dense"),
        **{f"has_{name}": pl.col(name).is_not_null() for name in ATTRIBUTES},
        **{column: shape for name in IDS for column, shape in _of_id(name).items()},
    )


def _segments(landing: Path) -> Iterator[zone.Segment]:
    for source in zone.sources(landing):
        yield from zone.segments(landing, source)


def _read(segment: zone.Segment) -> pl.DataFrame:
    told = [orjson.loads(line) for line in segment.read().splitlines()]
    columns = ("source", "type", "time", *ATTRIBUTES)
    given = {name: [event.get(name) for event in told] for name in columns}
    frame = pl.DataFrame(given, schema=dict.fromkeys(columns, pl.String))
    return frame.with_columns(
        segment=pl.lit(str(segment.path)),
        place=pl.int_range(1, pl.len() + 1),
        given=pl.Series([",".join(sorted(event["data"])) for event in told], dtype=pl.String),
        key_order=pl.Series([",".join(event) for event in told], dtype=pl.String),
    )


def _linked(read: pl.DataFrame) -> pl.Series:
    """The number of the set of accounts and devices that each event belongs to."""
    known = read.with_columns(actor=pl.coalesce("actorid", "id"))
    ends = known.select("actor", device=pl.coalesce("deviceid", "actor"))
    nodes = pl.concat([ends["actor"], ends["device"]]).rank("dense").to_numpy().astype(int) - 1
    one, other = nodes[: read.height], nodes[read.height :]
    size = int(nodes.max()) + 1
    links = coo_array((np.ones(read.height), (one, other)), shape=(size, size))
    return pl.Series("group", connected_components(links, directed=False)[1][one])


def _of_id(name: str) -> dict[str, pl.Expr]:
    """The length of an id and its prefix, and its random part's digits and ends as numbers."""
    random = pl.col(name).str.extract(r"([^_]*)$")
    return {
        f"{name}_length": pl.col(name).str.len_chars(),
        f"{name}_prefix": pl.col(name).str.len_chars() - random.str.len_chars(),
        f"{name}_digits": random.str.count_matches(r"\d"),
        f"{name}_head": random.str.head(ENDS).str.to_integer(base=16, strict=False),
        f"{name}_tail": random.str.tail(ENDS).str.to_integer(base=16, strict=False),
    }
