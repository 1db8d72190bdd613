"""The town's statistics, read from what has landed, beside ranges that others have published."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl
import yaml

from platform_core.landing import segments

RANGES: Final = Path(__file__).parent / "ranges.yaml"
SHANGHAI: Final = "Asia/Shanghai"
NIGHT: Final = 6
"""The night is what comes before this local hour."""
ENGAGEMENTS: Final = ("note.liked", "note.collected", "note.commented", "note.shared")
DATA: Final = pl.Struct(
    {
        "surface": pl.String,
        "position": pl.Int64,
        "request_id": pl.String,
        "note_id": pl.String,
        "order_id": pl.String,
        "product_id": pl.String,
        "stars": pl.Int64,
    }
)
_ENVELOPE: Final = dict.fromkeys(
    ("source", "id", "type", "time", "actorid", "sessionid"), pl.String()
)
EVENT: Final = pl.Schema([*_ENVELOPE.items(), ("data", DATA)])


@dataclass(frozen=True)
class Figure:
    """One statistic; ``low`` and ``high`` are what is published.

    ``value`` is that of the town without fraud, ``gross`` that of all that landed; without data
    they are None.
    """

    name: str
    en: str
    zh: str
    value: float | None
    gross: float | None
    low: float
    high: float
    source: str

    @property
    def is_within(self) -> bool:
        """Whether the town is as others have found."""
        return self.value is not None and self.low <= self.value <= self.high


def figures(home: Path) -> list[Figure]:
    """Every statistic of ``ranges.yaml`` of a town, from what has landed and why it happened."""
    events = read(home)
    gross, values = _values(events), _values(without_fraud(events, home))
    published = yaml.safe_load(RANGES.read_text(encoding="utf-8"))
    names = [known["name"] for known in published]
    return [
        Figure(**known, value=values[name], gross=gross[name])
        for name, known in zip(names, published, strict=True)
    ]


def read(home: Path) -> pl.DataFrame:
    """The events of a town with the fields that statistics need, one row each."""
    landing = home / "landing"
    files = [s.path for source in ("app", "platform") for s in segments(landing, source)]
    if not files:
        return EVENT.to_frame().unnest("data")
    unneeded = ("cards.served", "product_card.impressed", "parcel.scanned", "stock.moved")
    rows = pl.scan_ndjson(files, schema=EVENT).filter(~pl.col("type").is_in(unneeded))
    return rows.collect().unnest("data")


def without_fraud(events: pl.DataFrame, home: Path) -> pl.DataFrame:
    """The events that no fraud has caused."""
    truth = home / "truth"
    causes = json.loads((truth / "causes.json").read_text(encoding="utf-8"))
    fraud = [cause["id"] for cause in causes if cause["is_fraud"]]
    caused = pl.read_parquet(truth / "events.parquet").filter(pl.col("cause").is_in(fraud))
    return events.join(
        caused,
        left_on=["source", "id"],
        right_on=["source", "event_id"],
        how="anti",
        maintain_order="left",
    )


def ctr_by_position(events: pl.DataFrame) -> pl.DataFrame:
    """Surface, position, cards seen and notes read of them, over the first ten positions."""
    keys = ["request_id", "note_id"]
    seen = _of(events, "note.impressed").filter(pl.col("position") <= 10)
    read = _of(events, "note.read").select(*keys, is_read=pl.lit(True)).unique()
    rows = seen.join(read, on=keys, how="left", maintain_order="left")
    return (
        rows.group_by("surface", "position")
        .agg(seen=pl.len(), read=pl.col("is_read").fill_null(False).sum())
        .with_columns(ctr=pl.col("read") / pl.col("seen"))
        .sort("surface", "position")
    )


def traffic_by_hour(events: pl.DataFrame) -> pl.DataFrame:
    """The share of sessions that begin in each local hour."""
    begun = _session_times(events).with_columns(
        hour=pl.col("begins_at").dt.convert_time_zone(SHANGHAI).dt.hour()
    )
    hours = pl.DataFrame({"hour": range(24)}, {"hour": pl.Int8})
    counted = begun.group_by("hour").len("sessions")
    together = hours.join(counted, on="hour", how="left", maintain_order="left")
    count = pl.col("sessions").fill_null(0)
    return together.with_columns(count, share=count / count.sum())


def _values(events: pl.DataFrame) -> dict[str, float | None]:
    return {**_cards(events), **_shop(events), **_sessions(events), **_stars(events)}


def _cards(events: pl.DataFrame) -> dict[str, float | None]:
    curve = ctr_by_position(events)
    feed = curve.filter(pl.col("surface") == "feed")
    search = curve.filter(pl.col("surface") == "search")
    first, tenth = (_share(search.filter(pl.col("position") == place)) for place in (1, 10))
    reads = _count(events, "note.read")
    engaged = events["type"].is_in(ENGAGEMENTS).sum()
    return {
        "feed_ctr": _share(feed),
        "ad_ctr": _ratio(_count(events, "ad.clicked"), _count(events, "ad.impressed")),
        "search_ctr_first": first,
        "search_ctr_tenth_to_first": _ratio(tenth, first),
        "engagement_rate": _ratio(engaged, reads),
    }


def _shop(events: pl.DataFrame) -> dict[str, float | None]:
    paid = _of(events, "order.paid")
    keys = ["sessionid", "product_id"]
    carts = _of(events, "cart.added").select(keys).unique()
    placed = _of(events, "order.placed").select("sessionid").unique()
    ordered = carts.join(placed, on="sessionid", how="semi").height
    return {
        "conversion_rate": _ratio(
            paid["sessionid"].n_unique(), _of(events, "product.viewed")["sessionid"].n_unique()
        ),
        "cart_abandonment": _ratio(carts.height - ordered, carts.height),
        "orders_per_buyer": _ratio(paid["order_id"].n_unique(), paid["actorid"].n_unique()),
    }


def _sessions(events: pl.DataFrame) -> dict[str, float | None]:
    lasted = _session_times(events).select(
        (pl.col("ends_at") - pl.col("begins_at")).dt.total_milliseconds() / 1000
    )
    hours = traffic_by_hour(events)
    night = hours.filter(pl.col("hour") < NIGHT)["share"].sum() if hours["sessions"].sum() else None
    return {
        "session_seconds": _number(lasted.to_series().mean()),
        "night_share": _number(night),
        "busiest_hour_share": _number(hours["share"].fill_nan(None).max()),
    }


def _stars(events: pl.DataFrame) -> dict[str, float | None]:
    stars = _of(events, "review.posted")["stars"]
    ones, twos, fives = ((stars == given).sum() for given in (1, 2, 5))
    return {"five_star_share": _ratio(fives, len(stars)), "one_to_two_stars": _ratio(ones, twos)}


def _session_times(events: pl.DataFrame) -> pl.DataFrame:
    """When each session of the app began and ended."""
    at = pl.col("time").str.to_datetime("%Y-%m-%dT%H:%M:%S%.6fZ", time_zone="UTC")
    in_app = events.filter(pl.col("sessionid").is_not_null() & (pl.col("type") != "user.changed"))
    return in_app.group_by("sessionid").agg(begins_at=at.min(), ends_at=at.max())


def _of(events: pl.DataFrame, event_type: str) -> pl.DataFrame:
    return events.filter(pl.col("type") == event_type)


def _count(events: pl.DataFrame, event_type: str) -> int:
    return _of(events, event_type).height


def _share(curve: pl.DataFrame) -> float | None:
    return _ratio(curve["read"].sum(), curve["seen"].sum())


def _ratio(part: Any, whole: Any) -> float | None:
    return float(part / whole) if whole and part is not None else None


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
