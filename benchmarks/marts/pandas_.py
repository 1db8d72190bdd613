"""The marts in pandas: frames that are merged, grouped and pivoted."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from marts import (
    CARD_ACTS,
    CONSIDERED,
    CREDIT,
    CREDIT_KEYS,
    ENGAGEMENTS,
    JUDGED_NOTE_METRICS,
    LOOKBACK_DAYS,
    OTHER_NOTE_METRICS,
    ROI_DAYS,
    ROI_DAYS_CONSIDERED,
    STANDINGS,
)

ORDER = ["order_id", "event_date"]


def note_daily(inputs: Path, made: Path) -> None:
    keys = ["note_id", "event_date"]
    columns = [*keys, "actor_id"]
    impressions = _read(inputs, "note_impressions", "note_id", "actor_id")
    reads = _read(inputs, "note_reads", "note_id", "actor_id", "dwell_ms")
    engagements = _read(inputs, "engagements", "note_id", "actor_id", "kind", "net")
    cards = _read(inputs, "product_card_events", "note_id", "actor_id", "act")
    facts = pd.concat(
        [
            impressions[columns].assign(act="impressions", n=1),
            reads[columns].assign(act="reads", n=1),
            engagements[columns].assign(
                act=engagements["kind"].map(ENGAGEMENTS), n=engagements["net"]
            ),
            cards[columns].assign(act=cards["act"].map(CARD_ACTS), n=1).dropna(subset="note_id"),
        ],
        ignore_index=True,
    )
    mart = _metrics(_judged(facts, inputs), keys, JUDGED_NOTE_METRICS, OTHER_NOTE_METRICS)
    mart["reach"] = impressions.groupby(keys)["actor_id"].nunique()
    mart["readers"] = reads.groupby(keys)["actor_id"].nunique()
    mart["dwell_ms"] = reads.groupby(keys)["dwell_ms"].sum()
    mart = mart.fillna(0).astype("int64").reset_index()
    notes = _read(inputs, "note_states", "note_id", "creator_id", "brand_ids", "is_disclosed_ad")
    mart = _as_of(mart, notes, "note_id")
    unknown = mart["brand_ids"].isna()
    mart.loc[unknown, "brand_ids"] = pd.Series([[]] * unknown.sum(), index=mart.index[unknown])
    mart["creator_id"] = mart["creator_id"].fillna("(unknown)")
    mart["is_disclosed_ad"] = mart["is_disclosed_ad"].fillna(False).astype(bool)
    _write(mart, made)


def product_funnel_daily(inputs: Path, made: Path) -> None:
    keys = ["product_id", "brand_id", "event_date"]
    orders = _read(inputs, "orders", "order_id", "actor_id", "paid_at")
    orders["is_paid"] = orders.pop("paid_at").notna()
    bought = (
        _read(
            inputs, "order_lines", "order_id", "product_id", "brand_id", "quantity", "amount_minor"
        )
        .merge(orders, on=ORDER)
        .groupby([*keys, "order_id", "actor_id", "is_paid"], dropna=False, as_index=False)
        .sum()
    )
    columns = [*keys, "actor_id"]
    views = _read(inputs, "product_views", "product_id", "brand_id", "actor_id")
    carts = _read(inputs, "cart_adds", "product_id", "brand_id", "actor_id")
    acts = pd.concat(
        [
            views[columns].assign(act="product_views", n=1),
            carts[columns].assign(act="cart_adds", n=1),
        ],
        ignore_index=True,
    )
    paid = bought[bought["is_paid"]]
    people = _metrics(_judged(acts, inputs), keys, ("product_views", "cart_adds"), ())
    people["viewers"] = views.groupby(keys)["actor_id"].nunique()
    people["carters"] = carts.groupby(keys)["actor_id"].nunique()

    standings = _read(inputs, "order_standings", "order_id", "standing")
    sold = paid.merge(standings, how="left", on=ORDER)
    of_orders = _metrics(sold.assign(act="orders", n=1), keys, ("orders",), ())
    of_money = _metrics(
        sold.assign(act="gmv_minor", n=sold["amount_minor"]), keys, ("gmv_minor",), ()
    )
    of_all = pd.DataFrame(
        {
            "orders_placed": bought.groupby(keys).size(),
            "orderers": bought.groupby(keys)["actor_id"].nunique(),
            "buyers": paid.groupby(keys)["actor_id"].nunique(),
            "units": paid.groupby(keys)["quantity"].sum(),
        }
    )
    cards = _read(inputs, "product_card_events", "product_id", "act")
    shown = cards.groupby(["product_id", "event_date", "act"]).size().unstack(fill_value=0)
    products = _read(inputs, "product_states", "product_id", "brand_id")
    shown = _as_of(shown.reset_index(), products, "product_id")
    shown["brand_id"] = shown["brand_id"].fillna("(unknown)")
    of_cards = shown.groupby(keys)[["impression", "click"]].sum()
    of_cards.columns = ["card_impressions", "card_clicks"]
    mart = pd.concat([people, of_all, of_orders, of_money, of_cards], axis="columns")
    _write(mart.fillna(0).astype("int64").rename_axis(keys).reset_index(), made)


def last_touch(inputs: Path, made: Path) -> None:
    purchases = _purchases(inputs)
    touches = _touches(inputs, purchases[["actor_id", "brand_id"]].drop_duplicates())
    credits = pd.merge_asof(
        purchases.sort_values("placed_at"),
        touches.sort_values(["occurred_at", "touch_id"]),
        left_on="placed_at",
        right_on="occurred_at",
        by=["actor_id", "brand_id"],
    ).dropna(subset="touch_id")
    oldest = credits["event_date"] - pd.Timedelta(days=LOOKBACK_DAYS)
    credits = credits[credits["touched_on"] >= oldest].drop(columns="event_date")
    credits = credits.rename(columns={"touched_on": "event_date"})
    brands = _read(inputs, "brand_states", "brand_id", "category")
    credits = _as_of(credits, brands, "brand_id")

    touch, order = credits["touch_standing"], credits["order_standing"]
    invalid = ["givt", "sivt"]
    credits["standing"] = np.select(
        [touch.isin(invalid), order.isin(invalid), (touch == "pending") | (order == "pending")],
        [touch, order, "pending"],
        "valid",
    )
    days = np.where(credits["category"].isin(CONSIDERED), ROI_DAYS_CONSIDERED, ROI_DAYS)
    waited = credits["placed_at"].dt.floor("s") - credits["occurred_at"].dt.floor("s")
    kept = credits["revenue_minor"] - credits["refunded_minor"]
    credits["roi_revenue_minor"] = kept.where(waited <= pd.to_timedelta(days, unit="D"), 0)
    credits["credited_orders"] = 1.0
    keys = list(CREDIT_KEYS)
    mart = credits.groupby(keys, dropna=False)[list(CREDIT)].sum()
    for standing in STANDINGS:
        part = credits[credits["standing"] == standing].groupby(keys, dropna=False)[list(CREDIT)]
        mart = mart.join(part.sum().add_suffix(f"_{standing}"))
    _write(mart.fillna(0).reset_index(), made)


def _purchases(inputs: Path) -> pd.DataFrame:
    """Paid orders by brand, each with its part of what was owed and of what went back."""
    lines = _read(inputs, "order_lines", "order_id", "brand_id", "amount_minor")
    bought = lines.groupby([*ORDER, "brand_id"], as_index=False)["amount_minor"].sum()
    by_order = bought.groupby(ORDER)["amount_minor"]
    bought["until"], bought["all_brands"] = by_order.cumsum(), by_order.transform("sum")
    refunds = _read(inputs, "refunds", "order_id", "amount_minor")
    refunded = refunds.groupby(ORDER, as_index=False)["amount_minor"].sum()
    verdicts = _read(inputs, "order_verdicts", "order_id", "state", "kind")
    orders = _read(
        inputs, "orders", "order_id", "actor_id", "placed_at", "paid_at", "total_minor", "currency"
    )
    found = (
        orders.dropna(subset=["paid_at", "actor_id"])
        .merge(bought[bought["brand_id"] != "(unknown)"], on=ORDER)
        .merge(refunded.rename(columns={"amount_minor": "refunded"}), how="left", on=ORDER)
        .merge(verdicts, how="left", on=ORDER)
        .merge(_verdicts_of_users(inputs), how="left", on=["actor_id", "event_date"])
    )
    before = found["until"] - found["amount_minor"]
    whole = found["all_brands"].replace(0, np.nan)
    for part, of in (("revenue_minor", "total_minor"), ("refunded_minor", "refunded")):
        until = (found[of] * found["until"] // whole).fillna(0)
        found[part] = (until - (found[of] * before // whole).fillna(0)).astype("int64")
    found["order_standing"] = np.select(
        [
            found["state"] == "effective",
            found["user_state"] == "effective",
            (found["state"] == "pending") | (found["user_state"] == "pending"),
        ],
        [found["kind"], found["user_kind"], "pending"],
        "valid",
    )
    columns = ["actor_id", "brand_id", "placed_at", "currency", "revenue_minor", "refunded_minor"]
    return found[[*ORDER, *columns, "order_standing"]]


def _touches(inputs: Path, buyers: pd.DataFrame) -> pd.DataFrame:
    """Clicks on ads, readings, clicks on product cards and views of pages, of later buyers."""
    people = ["actor_id", "brand_id"]
    clicks = _read(
        inputs,
        "ad_clicks",
        "click_id",
        "occurred_at",
        *people,
        "placement",
        "campaign_id",
        "creative_id",
        "session_id",
        "request_id",
    ).merge(buyers, on=people)
    creatives = _read(inputs, "creative_states", "creative_id", "note_id")
    clicks = _as_of(clicks, creatives, "creative_id")
    verdicts = _read(inputs, "click_verdicts", "click_id", "state", "kind")
    clicks = clicks.merge(verdicts, how="left", on=["click_id", "event_date"])
    clicks["touch_standing"] = _standing(clicks["state"], clicks["kind"])
    clicks["channel"] = np.where(clicks["placement"] == "search", "search_ad", "feed_ad")

    notes = _read(inputs, "note_states", "note_id", "brand_ids")
    readings = _read(
        inputs,
        "note_reads",
        "read_id",
        "occurred_at",
        "actor_id",
        "note_id",
        "session_id",
        "request_id",
        "dwell_ms",
    )
    open_for = pd.to_timedelta(readings["dwell_ms"] // 1000, unit="s")
    readings["occurred_at"] -= open_for.astype("timedelta64[us]")
    readings = _as_of(readings, notes, "note_id").explode("brand_ids")
    readings = readings.rename(columns={"brand_ids": "brand_id"}).merge(buyers, on=people)
    reads = _without(readings, clicks, [*people, "request_id", "note_id"]).assign(channel="note")

    products = _read(inputs, "product_states", "product_id", "brand_id")
    cards = _read(
        inputs,
        "product_card_events",
        "event_id",
        "occurred_at",
        "actor_id",
        "act",
        "product_id",
        "surface",
        "session_id",
        "note_id",
    )
    cards = _as_of(cards[cards["act"] == "click"], products, "product_id").merge(buyers, on=people)
    for earlier in (readings, clicks):
        cards = _without(cards, earlier, [*people, "session_id", "note_id"])
    cards["channel"] = np.select(
        [cards["note_id"].notna(), cards["surface"] == "search"], ["note", "search"], "product_card"
    )
    pages = _read(inputs, "brand_page_views", "event_id", "occurred_at", *people)
    pages = pages.merge(buyers, on=people).assign(channel="brand_page")
    ids = dict.fromkeys(["click_id", "read_id", "event_id"], "touch_id")
    acts = pd.concat([frame.rename(columns=ids) for frame in (reads, cards, pages)])
    acts = _judged(acts, inputs).rename(columns={"standing": "touch_standing"})
    touches = pd.concat([clicks.rename(columns=ids), acts])
    columns = ["occurred_at", "touch_id", "channel", "campaign_id", "note_id", "touch_standing"]
    return touches.rename(columns={"event_date": "touched_on"})[[*people, "touched_on", *columns]]


def _without(facts: pd.DataFrame, others: pd.DataFrame, on: list[str]) -> pd.DataFrame:
    """Facts that none of the others is like."""
    found = facts.merge(others[on].dropna().drop_duplicates(), how="left", on=on, indicator="like")
    return found[found["like"] == "left_only"].drop(columns="like")


def _read(inputs: Path, table: str, *columns: str) -> pd.DataFrame:
    frame = pd.read_parquet(inputs / table, columns=[*columns, "event_date"])
    days = frame["event_date"].cat
    frame["event_date"] = days.rename_categories(pd.to_datetime(days.categories)).astype(
        "datetime64[us]"
    )
    return frame


def _verdicts_of_users(inputs: Path) -> pd.DataFrame:
    verdicts = _read(inputs, "user_verdicts", "actor_id", "state", "kind")
    return verdicts.rename(columns={"state": "user_state", "kind": "user_kind"})


def _judged(facts: pd.DataFrame, inputs: Path) -> pd.DataFrame:
    """Facts with the standing of their person's day."""
    found = facts.merge(_verdicts_of_users(inputs), how="left", on=["actor_id", "event_date"])
    found["standing"] = _standing(found["user_state"], found["user_kind"])
    return found.drop(columns=["user_state", "user_kind"])


def _standing(state: pd.Series, kind: pd.Series) -> np.ndarray:
    return np.select([state == "effective", state == "pending"], [kind, "pending"], "valid")


def _metrics(
    facts: pd.DataFrame, keys: list[str], judged: Sequence[str], other: Sequence[str]
) -> pd.DataFrame:
    """A sum of ``n`` for each act, and its parts by standing where they are told apart."""
    totals = facts.pivot_table(index=keys, columns="act", values="n", aggfunc="sum", fill_value=0)
    mart = totals.reindex(columns=[*judged, *other], fill_value=0)
    for standing in STANDINGS:
        part = facts[(facts["standing"] == standing) & facts["act"].isin(judged)]
        sums = part.pivot_table(index=keys, columns="act", values="n", aggfunc="sum", fill_value=0)
        mart = mart.join(sums.reindex(columns=judged, fill_value=0).add_suffix(f"_{standing}"))
    return mart.fillna(0)


def _as_of(facts: pd.DataFrame, states: pd.DataFrame, key: str) -> pd.DataFrame:
    """Facts with the state that stood at the end of their day."""
    return pd.merge_asof(
        facts.sort_values("event_date"), states.sort_values("event_date"), on="event_date", by=key
    )


def _write(mart: pd.DataFrame, made: Path) -> None:
    days = mart["event_date"].dt.strftime("%Y-%m-%d")
    mart.assign(event_date=days).to_parquet(
        made, partition_cols=["event_date"], compression="zstd", index=False
    )
