"""Accounts that share devices, cards or parcels, day by day, and whose they may be."""

from datetime import date, timedelta
from typing import Final

import polars as pl

from features.companies import COMPANY, companies
from pipelines.warehouse.engines.made import Tables
from pipelines.warehouse.lake import Window

DAYS: Final = 28
MOST_USERS: Final = 12
"""A device, card or delivery address of more people belongs to nobody in particular."""

USES: Final = f"""
WITH days AS (
  SELECT cast(unnest(generate_series($from_date, $to_date, INTERVAL 1 DAY)) AS DATE) AS day
),
bought AS (
  SELECT DISTINCT order_id, actor_id FROM silver.orders WHERE actor_id IS NOT NULL
),
uses AS (
  SELECT actor_id AS user_id, 'device' AS kind, device_id AS thing, event_date, acts
  FROM silver.identity_days
  UNION ALL
  SELECT actor_id, 'address', address, event_date, acts FROM silver.identity_days
  UNION ALL
  SELECT b.actor_id, 'card', p.instrument, p.event_date, 1
  FROM silver.payments AS p JOIN bought AS b USING (order_id)
  UNION ALL
  SELECT actor_id, 'parcel', ship_to, event_date, 1 FROM silver.orders WHERE actor_id IS NOT NULL
),
used AS (
  SELECT d.day AS event_date, u.user_id, u.kind, u.thing, cast(sum(u.acts) AS BIGINT) AS acts
  FROM days AS d
  JOIN uses AS u ON u.event_date BETWEEN d.day - {DAYS - 1} AND d.day
  WHERE u.thing IS NOT NULL
  GROUP BY d.day, u.user_id, u.kind, u.thing
),
shared AS (
  SELECT event_date, kind, thing FROM used WHERE kind <> 'address'
  GROUP BY event_date, kind, thing HAVING count(*) BETWEEN 2 AND {MOST_USERS}
),
sharing AS (
  SELECT DISTINCT event_date, user_id FROM used SEMI JOIN shared USING (event_date, kind, thing)
)
SELECT * FROM used SEMI JOIN sharing USING (event_date, user_id)
UNION ALL
SELECT s.event_date, s.user_id, 'target', concat(t.act, ':', t.target_id), count(*)
FROM sharing AS s
JOIN features.target_acts AS t
  ON t.user_id = s.user_id AND t.event_date BETWEEN s.event_date - {DAYS - 1} AND s.event_date
GROUP BY s.event_date, s.user_id, t.act, t.target_id
"""
"""What those who share anything used within four weeks of each day, and what they acted on."""

STATES: Final = """
SELECT
  user_id, event_date, registered_on, has_avatar, has_bio,
  min(changed_at) OVER (PARTITION BY user_id) AS registered_at
FROM silver.user_states
WHERE event_date <= $to_date
"""


def identity_components(tables: Tables, window: Window | None) -> pl.DataFrame:
    """Rows of ``features.identity_components``: each day of the window from its own four weeks."""
    assert window is not None
    states, found = tables.sql(STATES), tables.sql(USES)
    days = [
        _of_day(found.filter(event_date=day).drop("event_date"), day, _as_of(states, day))
        for day in window.days()
    ]
    return pl.concat(days)


def _of_day(found: pl.DataFrame, day: date, people: pl.DataFrame) -> pl.DataFrame:
    """Rows of one day, from what ``USES`` found in the four weeks that end with it."""
    is_target = pl.col("kind") == "target"
    used, targets = found.filter(~is_target), found.filter(is_target)
    tight = _tight(used)
    seen = used.select("user_id").unique()
    since = seen.join(people.select("user_id", "registered_at"), on="user_id", how="left")
    edges = tight.select(a="user_id", b=pl.concat_str("kind", pl.lit(":"), "thing"))
    members = companies(edges, since)
    members = members.with_columns(accounts=pl.len().over(COMPANY).cast(pl.Int64))
    members = members.filter(pl.col("accounts") > 1)
    used = used.join(members, on="user_id")
    things = _things(used, tight)
    shared = _shared(used, things)
    rows = (
        members.join(shared, on="user_id", how="left")
        .join(_by_component(things), on=COMPANY, how="left")
        .join(_of_people(members, people, day), on=COMPANY, how="left")
        .join(_common(members, targets), on=COMPANY, how="left")
        .with_columns(
            pl.lit(day).alias("event_date"),
            devices_per_account=pl.col("devices").cast(pl.Float64) / pl.col("accounts"),
        )
    )
    counts = pl.col("targets", "common_targets").fill_null(0)
    shares = pl.col("common_share", "shared_share", "component_shared_share").fill_null(0.0)
    return rows.with_columns(counts, shares).select(COLUMNS).sort("user_id")


COLUMNS: Final = (
    *("user_id", "event_date", COMPANY, "accounts", "shared_devices", "shared_cards"),
    *("shared_parcels", "shared_addresses", "largest_device", "devices_per_account"),
    *("shared_share", "component_shared_share", "new_share", "registration_span_days"),
    *("profile_share", "targets", "common_targets", "common_share"),
)


def _tight(used: pl.DataFrame) -> pl.DataFrame:
    """Uses of things that join people: what several, but few, have in their hands."""
    held = used.filter(pl.col("kind") != "address")
    few = pl.len().over("kind", "thing").is_between(2, MOST_USERS)
    return held.filter(few).select("user_id", "kind", "thing")


def _things(used: pl.DataFrame, tight: pl.DataFrame) -> pl.DataFrame:
    """Things of components, with how many of its people used each."""
    known = used.group_by(COMPANY, "kind", "thing").agg(users=pl.len().cast(pl.Int64))
    joining = tight.select("kind", "thing").unique().with_columns(joins=pl.lit(True))
    is_shared = pl.col("users") > 1
    return known.join(joining, on=["kind", "thing"], how="left").with_columns(
        joins=is_shared & (pl.col("joins").fill_null(False) | (pl.col("kind") == "address"))
    )


def _shared(used: pl.DataFrame, things: pl.DataFrame) -> pl.DataFrame:
    """The share of each person's acts on devices that others of the component used, too."""
    where = used.filter(pl.col("kind").is_in(["device", "address"]))
    with_joins = where.join(
        things.select(COMPANY, "kind", "thing", "joins"), on=[COMPANY, "kind", "thing"]
    )
    of_kind = with_joins.group_by("user_id", COMPANY, "kind").agg(
        shared=pl.col("acts").filter("joins").sum(), acts=pl.col("acts").sum()
    )
    share = pl.col("shared").cast(pl.Float64) / pl.col("acts")
    most = (
        of_kind.with_columns(share=share)
        .group_by("user_id", COMPANY)
        .agg(shared_share=pl.col("share").max())
    )
    mean = pl.col("shared_share").mean().over(COMPANY).alias("component_shared_share")
    return most.with_columns(mean).drop(COMPANY)


def _by_component(things: pl.DataFrame) -> pl.DataFrame:
    def joined(kind: str) -> pl.Expr:
        return ((pl.col("kind") == kind) & pl.col("joins")).sum().cast(pl.Int64)

    devices = pl.col("kind") == "device"
    return things.group_by(COMPANY).agg(
        shared_devices=joined("device"),
        shared_cards=joined("card"),
        shared_parcels=joined("parcel"),
        shared_addresses=joined("address"),
        largest_device=pl.col("users").filter(devices).max().fill_null(0),
        devices=devices.sum(),
    )


def _of_people(members: pl.DataFrame, people: pl.DataFrame, day: date) -> pl.DataFrame:
    """When the people of each component signed up, and how complete their profiles are."""
    known = members.join(people, on="user_id", how="left")
    since = pl.col("registered_on")
    is_new = (since > day - timedelta(days=DAYS)).fill_null(False)
    has_profile = pl.col("has_avatar").fill_null(False) | pl.col("has_bio").fill_null(False)
    return known.group_by(COMPANY).agg(
        new_share=is_new.mean(),
        registration_span_days=(since.max() - since.min()).dt.total_days(),
        profile_share=has_profile.mean(),
    )


def _common(members: pl.DataFrame, targets: pl.DataFrame) -> pl.DataFrame:
    """What the people of each component act on together."""
    acted = members.join(targets, on="user_id")
    things = acted.group_by(COMPANY, "thing").agg(
        users=pl.len(), accounts=pl.col("accounts").first()
    )
    is_common = (pl.col("users") >= 2) & (pl.col("users") * 2 >= pl.col("accounts"))
    return things.group_by(COMPANY).agg(
        targets=pl.len().cast(pl.Int64),
        common_targets=is_common.sum().cast(pl.Int64),
        common_share=pl.col("users").filter(is_common).sum().cast(pl.Float64)
        / pl.col("users").sum(),
    )


def _as_of(states: pl.DataFrame, day: date) -> pl.DataFrame:
    """The people as they were at the day's end."""
    until = states.filter(pl.col("event_date") <= day).sort("event_date")
    return until.unique("user_id", keep="last", maintain_order=True).drop("event_date")
