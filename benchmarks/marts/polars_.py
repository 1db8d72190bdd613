"""The marts in Polars: lazy frames, as its guide writes them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

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


def note_daily(inputs: Path, made: Path) -> None:
    keys = ["event_date", "note_id", "actor_id"]
    one = pl.lit(1, pl.Int64)
    reads = _scan(inputs, "note_reads")
    cards = _scan(inputs, "product_card_events").filter(pl.col("note_id").is_not_null())
    facts = pl.concat(
        [
            _scan(inputs, "note_impressions").select(*keys, act=pl.lit("impressions"), n=one),
            reads.select(*keys, act=pl.lit("reads"), n=one),
            _scan(inputs, "engagements").select(
                *keys, act=pl.col("kind").replace_strict(ENGAGEMENTS), n="net"
            ),
            cards.select(*keys, act=pl.col("act").replace_strict(CARD_ACTS), n=one),
        ]
    )
    judged = _judged(facts, inputs)
    days = judged.group_by("note_id", "event_date").agg(
        *_metrics(JUDGED_NOTE_METRICS, OTHER_NOTE_METRICS),
        _people("impressions").alias("reach"),
        _people("reads").alias("readers"),
    )
    dwell = reads.group_by("note_id", "event_date").agg(pl.sum("dwell_ms"))
    notes = _scan(inputs, "note_states").select(
        "note_id", "event_date", "creator_id", "brand_ids", "is_disclosed_ad"
    )
    marts = _as_of(days, notes, "note_id").join(dwell, on=["note_id", "event_date"], how="left")
    _write(
        marts.with_columns(
            pl.col("creator_id").fill_null("(unknown)"),
            pl.col("brand_ids").fill_null(pl.lit([], pl.List(pl.String))),
            pl.col("is_disclosed_ad").fill_null(False),
            pl.col("dwell_ms").fill_null(0),
        ),
        made,
    )


def product_funnel_daily(inputs: Path, made: Path) -> None:
    keys = ["event_date", "product_id", "brand_id"]
    orders = _scan(inputs, "orders").select(
        "order_id", "event_date", "actor_id", is_paid=pl.col("paid_at").is_not_null()
    )
    product_orders = (
        _scan(inputs, "order_lines")
        .join(orders, on=["order_id", "event_date"])
        .group_by(*keys, "order_id", "actor_id", "is_paid")
        .agg(pl.sum("quantity"), pl.sum("amount_minor"))
    )
    facts = pl.concat(
        [
            _scan(inputs, "product_views").select(*keys, "actor_id", act=pl.lit("product_views")),
            _scan(inputs, "cart_adds").select(*keys, "actor_id", act=pl.lit("cart_adds")),
            product_orders.select(
                *keys,
                "actor_id",
                act=pl.when("is_paid").then(pl.lit("payment")).otherwise(pl.lit("order")),
            ),
        ]
    ).with_columns(n=pl.lit(1, pl.Int64))
    people = (
        _judged(facts, inputs)
        .group_by(keys)
        .agg(
            *_metrics(("product_views", "cart_adds"), ()),
            _people("product_views").alias("viewers"),
            _people("cart_adds").alias("carters"),
            _people("order", "payment").alias("orderers"),
            _people("payment").alias("buyers"),
        )
    )
    standings = _scan(inputs, "order_standings").select("order_id", "event_date", "standing")
    paid = pl.col("is_paid")
    bought = (
        product_orders.join(standings, on=["order_id", "event_date"], how="left")
        .group_by(keys)
        .agg(
            pl.len().cast(pl.Int64).alias("orders_placed"),
            pl.col("quantity").filter(paid).sum().alias("units"),
            *_parts("orders", paid.cast(pl.Int64)),
            *_parts("gmv_minor", pl.when(paid).then("amount_minor").otherwise(0)),
        )
    )
    cards = (
        _scan(inputs, "product_card_events")
        .group_by("event_date", "product_id")
        .agg(
            card_impressions=(pl.col("act") == "impression").sum().cast(pl.Int64),
            card_clicks=(pl.col("act") == "click").sum().cast(pl.Int64),
        )
    )
    products = _scan(inputs, "product_states").select("product_id", "event_date", "brand_id")
    shown = _as_of(cards, products, "product_id").with_columns(
        pl.col("brand_id").fill_null("(unknown)")
    )
    mart = pl.concat([people, bought, shown], how="diagonal").group_by(keys).agg(pl.all().sum())
    _write(mart, made)


def last_touch(inputs: Path, made: Path) -> None:
    purchases = _purchases(inputs)
    touches = _touches(inputs, purchases)
    last = purchases.sort("placed_at").join_asof(
        touches.sort("occurred_at", "touch_id"),
        left_on="placed_at",
        right_on="occurred_at",
        by=["actor_id", "brand_id"],
        strategy="backward",
        coalesce=False,
        check_sortedness=False,
    )
    last = last.filter(
        pl.col("touch_id").is_not_null(),
        pl.col("touched_on") >= pl.col("event_date").dt.offset_by(f"-{LOOKBACK_DAYS}d"),
    )
    brands = _scan(inputs, "brand_states").select("brand_id", "event_date", "category")
    credits = _as_of(
        last.drop("event_date").rename({"touched_on": "event_date"}), brands, "brand_id"
    )
    whole_days = (
        pl.when(pl.col("category").is_in(CONSIDERED)).then(ROI_DAYS_CONSIDERED).otherwise(ROI_DAYS)
    )
    seconds = pl.col("placed_at").dt.truncate("1s") - pl.col("occurred_at").dt.truncate("1s")
    invalid = ["givt", "sivt"]
    _write(
        credits.with_columns(
            standing=pl.when(pl.col("touch_standing").is_in(invalid))
            .then("touch_standing")
            .when(pl.col("order_standing").is_in(invalid))
            .then("order_standing")
            .when(pl.any_horizontal(pl.col("touch_standing", "order_standing") == "pending"))
            .then(pl.lit("pending")),
            credited_orders=pl.lit(1.0),
            roi_revenue_minor=pl.when(seconds.dt.total_seconds() <= whole_days * 86_400)
            .then(pl.col("revenue_minor") - pl.col("refunded_minor"))
            .otherwise(0),
        )
        .group_by(CREDIT_KEYS)
        .agg(part for metric in CREDIT for part in _parts(metric, pl.col(metric))),
        made,
    )


def _purchases(inputs: Path) -> pl.LazyFrame:
    """Paid orders by brand, each with its part of what was owed and of what went back."""
    order = ["order_id", "event_date"]
    bought = (
        _scan(inputs, "order_lines")
        .group_by(*order, "brand_id")
        .agg(amount=pl.sum("amount_minor"))
        .sort("brand_id")
        .with_columns(
            until=pl.cum_sum("amount").over(order), all_brands=pl.sum("amount").over(order)
        )
    )
    refunded = _scan(inputs, "refunds").group_by(order).agg(refunded=pl.sum("amount_minor"))
    decided = _scan(inputs, "order_verdicts").select(*order, order_state="state", order_kind="kind")
    effective = pl.col("order_state") == "effective"

    def part(of: str) -> pl.Expr:
        """Shares are whole and sum to the whole: each is what is owed until it, less before it."""
        before = pl.col("until") - pl.col("amount")
        return (pl.col(of) * pl.col("until") // pl.col("all_brands")).fill_null(0) - (
            pl.col(of) * before // pl.col("all_brands")
        ).fill_null(0)

    return (
        _scan(inputs, "orders")
        .filter(pl.col("paid_at").is_not_null(), pl.col("actor_id").is_not_null())
        .join(bought.filter(pl.col("brand_id") != "(unknown)"), on=order)
        .join(refunded, on=order, how="left")
        .join(decided, on=order, how="left")
        .join(_scan(inputs, "user_verdicts"), on=["actor_id", "event_date"], how="left")
        .select(
            *order,
            "actor_id",
            "brand_id",
            "placed_at",
            "currency",
            revenue_minor=part("total_minor"),
            refunded_minor=part("refunded"),
            order_standing=pl.when(effective)
            .then("order_kind")
            .when(pl.col("state") == "effective")
            .then("kind")
            .when((pl.col("order_state") == "pending") | (pl.col("state") == "pending"))
            .then(pl.lit("pending")),
        )
    )


def _touches(inputs: Path, purchases: pl.LazyFrame) -> pl.LazyFrame:
    """Clicks on ads, readings, clicks on product cards and views of pages, of later buyers."""
    buyers = purchases.select("actor_id", "brand_id").unique()
    columns = ["actor_id", "brand_id", "occurred_at", "touch_id", "touched_on", "channel"]
    columns += ["campaign_id", "note_id", "touch_standing"]
    creatives = _scan(inputs, "creative_states").select("creative_id", "event_date", "note_id")
    clicks = _as_of(
        _scan(inputs, "ad_clicks")
        .join(buyers, on=["actor_id", "brand_id"], how="semi")
        .rename({"click_id": "touch_id"}),
        creatives,
        "creative_id",
    )
    verdicts = _scan(inputs, "click_verdicts").select(
        "event_date", "state", "kind", touch_id="click_id"
    )
    ads = clicks.join(verdicts, on=["touch_id", "event_date"], how="left").with_columns(
        touched_on="event_date",
        touch_standing=_standing(),
        channel=pl.when(pl.col("placement") == "search")
        .then(pl.lit("search_ad"))
        .otherwise(pl.lit("feed_ad")),
    )
    notes = _scan(inputs, "note_states").select("note_id", "event_date", "brand_ids")
    open_for = pl.duration(seconds=pl.col("dwell_ms") // 1000)
    readings = (
        _as_of(_scan(inputs, "note_reads"), notes, "note_id")
        .explode("brand_ids")
        .rename({"brand_ids": "brand_id", "read_id": "touch_id"})
        .join(buyers, on=["actor_id", "brand_id"], how="semi")
        .with_columns(pl.col("occurred_at") - open_for, channel=pl.lit("note"))
    )
    reads = readings.join(clicks, on=["actor_id", "brand_id", "request_id", "note_id"], how="anti")
    products = _scan(inputs, "product_states").select("product_id", "event_date", "brand_id")
    visit = ["actor_id", "brand_id", "session_id", "note_id"]
    card_clicks = _scan(inputs, "product_card_events").filter(pl.col("act") == "click")
    cards = (
        _as_of(card_clicks.rename({"event_id": "touch_id"}), products, "product_id")
        .join(buyers, on=["actor_id", "brand_id"], how="semi")
        .join(readings, on=visit, how="anti")
        .join(clicks, on=visit, how="anti")
        .with_columns(
            channel=pl.when(pl.col("note_id").is_not_null())
            .then(pl.lit("note"))
            .when(pl.col("surface") == "search")
            .then(pl.lit("search"))
            .otherwise(pl.lit("product_card"))
        )
    )
    pages = (
        _scan(inputs, "brand_page_views")
        .join(buyers, on=["actor_id", "brand_id"], how="semi")
        .with_columns(
            touch_id="event_id", channel=pl.lit("brand_page"), note_id=pl.lit(None, pl.String)
        )
    )
    people = ["actor_id", "brand_id", "event_date", "occurred_at", "touch_id", "channel"]
    acts = (
        _judged(pl.concat([f.select(*people, "note_id") for f in (reads, cards, pages)]), inputs)
        .rename({"standing": "touch_standing"})
        .with_columns(
            touched_on="event_date",
            campaign_id=pl.lit(None, pl.String),
        )
    )
    return pl.concat([ads.select(columns), acts.select(columns)])


def _scan(inputs: Path, table: str) -> pl.LazyFrame:
    return pl.scan_parquet(inputs / table, hive_partitioning=True)


def _judged(facts: pl.LazyFrame, inputs: Path) -> pl.LazyFrame:
    """Facts with the standing of their person's day."""
    verdicts = _scan(inputs, "user_verdicts").select("actor_id", "event_date", "state", "kind")
    return (
        facts.join(verdicts, on=["actor_id", "event_date"], how="left")
        .with_columns(standing=_standing())
        .drop("state", "kind")
    )


def _as_of(facts: pl.LazyFrame, states: pl.LazyFrame, key: str) -> pl.LazyFrame:
    """Facts with the state that stood at the end of their day."""
    return facts.sort("event_date").join_asof(
        states.sort("event_date"), on="event_date", by=key, check_sortedness=False
    )


def _standing() -> pl.Expr:
    state = pl.col("state")
    return (
        pl.when(state == "effective")
        .then("kind")
        .when(state == "pending")
        .then(pl.lit("pending"))
        .otherwise(pl.lit("valid"))
    )


def _metrics(judged: Sequence[str], other: Sequence[str]) -> Iterator[pl.Expr]:
    """A sum of ``n`` for each act, and its parts by standing where they are told apart."""
    for act in (*judged, *other):
        yield pl.col("n").filter(pl.col("act") == act).sum().alias(act)
    for act in judged:
        for standing in STANDINGS:
            stands = (pl.col("act") == act) & (pl.col("standing") == standing)
            yield pl.col("n").filter(stands).sum().alias(f"{act}_{standing}")


def _parts(metric: str, value: pl.Expr) -> Iterator[pl.Expr]:
    yield value.sum().alias(metric)
    for standing in STANDINGS:
        stands = pl.col("standing") == standing
        yield value.filter(stands).sum().alias(f"{metric}_{standing}")


def _people(*acts: str) -> pl.Expr:
    return (
        pl.col("actor_id").filter(pl.col("act").is_in(acts)).drop_nulls().n_unique().cast(pl.Int64)
    )


def _write(mart: pl.LazyFrame, made: Path) -> None:
    mart.collect().write_parquet(made, partition_by="event_date")
