"""The marts in PySpark: one local session of two cores, data frames, broadcast left to Spark."""

from collections.abc import Iterator, Sequence
from functools import cache, reduce
from pathlib import Path

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F

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
DAY_SECONDS = 86_400


def note_daily(inputs: Path, made: Path) -> None:
    keys = ["event_date", "note_id", "actor_id"]
    reads = _read(inputs, "note_reads")
    cards = _read(inputs, "product_card_events").where("note_id IS NOT NULL")
    facts = _union(
        _read(inputs, "note_impressions").select(*keys, _text("impressions", "act"), _one()),
        reads.select(*keys, _text("reads", "act"), _one()),
        _read(inputs, "engagements").select(
            *keys, _renamed("kind", ENGAGEMENTS).alias("act"), F.col("net").alias("n")
        ),
        cards.select(*keys, _renamed("act", CARD_ACTS).alias("act"), _one()),
    )
    days = (
        _judged(facts, inputs)
        .groupBy("note_id", "event_date")
        .agg(
            *_metrics(JUDGED_NOTE_METRICS, OTHER_NOTE_METRICS),
            _people("reach", "impressions"),
            _people("readers", "reads"),
        )
    )
    dwell = reads.groupBy("note_id", "event_date").agg(F.sum("dwell_ms").alias("dwell_ms"))
    notes = _read(inputs, "note_states").select(
        "note_id", "event_date", "creator_id", "brand_ids", "is_disclosed_ad"
    )
    mart = _as_of(days, notes, "note_id").join(dwell, ["note_id", "event_date"], "left")
    no_brands = F.array().cast("array<string>")
    _write(
        mart.withColumn("brand_ids", F.coalesce("brand_ids", no_brands)).fillna(
            {"creator_id": "(unknown)", "is_disclosed_ad": False, "dwell_ms": 0}
        ),
        made,
    )


def product_funnel_daily(inputs: Path, made: Path) -> None:
    keys = ["event_date", "product_id", "brand_id"]
    orders = _read(inputs, "orders").select(
        *ORDER, "actor_id", F.col("paid_at").isNotNull().alias("is_paid")
    )
    bought = (
        _read(inputs, "order_lines")
        .join(orders, ORDER)
        .groupBy(*keys, "order_id", "actor_id", "is_paid")
        .agg(F.sum("quantity").alias("quantity"), F.sum("amount_minor").alias("amount_minor"))
    )
    act = F.when(F.col("is_paid"), "payment").otherwise("order").alias("act")
    facts = _union(
        _read(inputs, "product_views").select(*keys, "actor_id", _text("product_views", "act")),
        _read(inputs, "cart_adds").select(*keys, "actor_id", _text("cart_adds", "act")),
        bought.select(*keys, "actor_id", act),
    ).withColumn("n", F.lit(1))
    people = (
        _judged(facts, inputs)
        .groupBy(*keys)
        .agg(
            *_metrics(("product_views", "cart_adds"), ()),
            _people("viewers", "product_views"),
            _people("carters", "cart_adds"),
            _people("orderers", "order", "payment"),
            _people("buyers", "payment"),
        )
    )
    standings = _read(inputs, "order_standings").select(*ORDER, "standing")
    paid = F.col("is_paid")
    sold = (
        bought.join(standings, ORDER, "left")
        .groupBy(*keys)
        .agg(
            F.count("*").alias("orders_placed"),
            F.sum(F.when(paid, F.col("quantity")).otherwise(0)).alias("units"),
            *_parts("orders", F.when(paid, 1).otherwise(0)),
            *_parts("gmv_minor", F.when(paid, F.col("amount_minor")).otherwise(0)),
        )
    )
    cards = (
        _read(inputs, "product_card_events")
        .groupBy("event_date", "product_id")
        .agg(
            F.count(F.when(F.col("act") == "impression", 1)).alias("card_impressions"),
            F.count(F.when(F.col("act") == "click", 1)).alias("card_clicks"),
        )
    )
    products = _read(inputs, "product_states").select("product_id", "event_date", "brand_id")
    shown = _as_of(cards, products, "product_id").fillna({"brand_id": "(unknown)"})
    shown = shown.groupBy(*keys).agg(
        F.sum("card_impressions").alias("card_impressions"),
        F.sum("card_clicks").alias("card_clicks"),
    )
    mart = people.join(sold, keys, "full").join(shown, keys, "full")
    _write(mart.fillna(0), made)


def last_touch(inputs: Path, made: Path) -> None:
    purchases = _purchases(inputs).cache()
    touches = _touches(inputs, purchases.select("actor_id", "brand_id").distinct())
    newest_first = Window.partitionBy(*ORDER, "brand_id").orderBy(
        F.desc("occurred_at"), F.desc("touch_id")
    )
    credits = (
        purchases.join(touches, ["actor_id", "brand_id"])
        .where(F.col("occurred_at") <= F.col("placed_at"))
        .where(F.col("touched_on") >= F.date_sub("event_date", LOOKBACK_DAYS))
        .withColumn("place", F.row_number().over(newest_first))
        .where("place = 1")
        .drop("event_date")
        .withColumnRenamed("touched_on", "event_date")
    )
    brands = _read(inputs, "brand_states").select("brand_id", "event_date", "category")
    credits = _as_of(credits, brands, "brand_id")
    touch, order = F.col("touch_standing"), F.col("order_standing")
    invalid = ["givt", "sivt"]
    days = F.when(F.col("category").isin(*CONSIDERED), ROI_DAYS_CONSIDERED).otherwise(ROI_DAYS)
    waited = F.unix_timestamp("placed_at") - F.unix_timestamp("occurred_at")
    kept = F.col("revenue_minor") - F.col("refunded_minor")
    mart = (
        credits.withColumn(
            "standing",
            F.when(touch.isin(invalid), touch)
            .when(order.isin(invalid), order)
            .when((touch == "pending") | (order == "pending"), "pending"),
        )
        .withColumn("credited_orders", F.lit(1.0))
        .withColumn("roi_revenue_minor", F.when(waited <= days * DAY_SECONDS, kept).otherwise(0))
        .groupBy(*CREDIT_KEYS)
        .agg(*(part for metric in CREDIT for part in _parts(metric, F.col(metric))))
    )
    _write(mart, made)
    purchases.unpersist()


def _purchases(inputs: Path) -> DataFrame:
    """Paid orders by brand, each with its part of what was owed and of what went back."""
    by_order = Window.partitionBy(*ORDER)
    until = by_order.orderBy("brand_id").rowsBetween(Window.unboundedPreceding, 0)
    bought = (
        _read(inputs, "order_lines")
        .groupBy(*ORDER, "brand_id")
        .agg(F.sum("amount_minor").alias("amount"))
        .withColumn("until", F.sum("amount").over(until))
        .withColumn("all_brands", F.sum("amount").over(by_order))
    )
    refunded = _read(inputs, "refunds").groupBy(*ORDER).agg(F.sum("amount_minor").alias("refunded"))
    decided = _read(inputs, "order_verdicts").select(
        *ORDER, F.col("state").alias("order_state"), F.col("kind").alias("order_kind")
    )

    def part(of: str) -> Column:
        share = "coalesce({of} * ({upto}) div nullif(all_brands, 0), 0)"
        return F.expr(
            f"{share.format(of=of, upto='until')} - {share.format(of=of, upto='until - amount')}"
        )

    return (
        _read(inputs, "orders")
        .where("paid_at IS NOT NULL AND actor_id IS NOT NULL")
        .join(bought.where("brand_id <> '(unknown)'"), ORDER)
        .join(refunded, ORDER, "left")
        .join(decided, ORDER, "left")
        .join(_verdicts_of_users(inputs), ["actor_id", "event_date"], "left")
        .select(
            *ORDER,
            "actor_id",
            "brand_id",
            "placed_at",
            "currency",
            part("total_minor").alias("revenue_minor"),
            part("refunded").alias("refunded_minor"),
            F.when(F.col("order_state") == "effective", F.col("order_kind"))
            .when(F.col("state") == "effective", F.col("kind"))
            .when((F.col("order_state") == "pending") | (F.col("state") == "pending"), "pending")
            .otherwise("valid")
            .alias("order_standing"),
        )
    )


def _touches(inputs: Path, buyers: DataFrame) -> DataFrame:
    """Clicks on ads, readings, clicks on product cards and views of pages, of later buyers."""
    bought = ["actor_id", "brand_id"]
    creatives = _read(inputs, "creative_states").select("creative_id", "event_date", "note_id")
    verdicts = _read(inputs, "click_verdicts").select("click_id", "event_date", "state", "kind")
    ads = _read(inputs, "ad_clicks").join(buyers, bought)
    clicks = (
        _as_of(ads, creatives, "creative_id")
        .join(verdicts, ["click_id", "event_date"], "left")
        .withColumn("touch_standing", _standing())
        .withColumn("touch_id", F.col("click_id"))
        .withColumn(
            "channel", F.when(F.col("placement") == "search", "search_ad").otherwise("feed_ad")
        )
    )
    notes = _read(inputs, "note_states").select("note_id", "event_date", "brand_ids")
    seconds = F.expr("make_dt_interval(0, 0, 0, dwell_ms div 1000)")
    readings = (
        _as_of(_read(inputs, "note_reads"), notes, "note_id")
        .withColumn("brand_id", F.explode("brand_ids"))
        .join(buyers, bought)
        .withColumn("occurred_at", F.col("occurred_at") - seconds)
        .withColumn("touch_id", F.col("read_id"))
        .withColumn("channel", F.lit("note"))
    )
    reads = readings.join(clicks, [*bought, "request_id", "note_id"], "left_anti")
    products = _read(inputs, "product_states").select("product_id", "event_date", "brand_id")
    visit = [*bought, "session_id", "note_id"]
    cards = (
        _as_of(_read(inputs, "product_card_events").where("act = 'click'"), products, "product_id")
        .join(buyers, bought)
        .join(readings, visit, "left_anti")
        .join(clicks, visit, "left_anti")
        .withColumn("touch_id", F.col("event_id"))
        .withColumn(
            "channel",
            F.when(F.col("note_id").isNotNull(), "note")
            .when(F.col("surface") == "search", "search")
            .otherwise("product_card"),
        )
    )
    pages = (
        _read(inputs, "brand_page_views")
        .join(buyers, bought)
        .withColumn("touch_id", F.col("event_id"))
        .withColumn("channel", F.lit("brand_page"))
        .withColumn("note_id", F.lit(None).cast("string"))
    )
    columns = [*bought, "event_date", "occurred_at", "touch_id", "channel", "note_id"]
    acts = _judged(_union(*(frame.select(*columns) for frame in (reads, cards, pages))), inputs)
    acts = acts.withColumnRenamed("standing", "touch_standing").withColumn(
        "campaign_id", F.lit(None).cast("string")
    )
    columns += ["campaign_id", "touch_standing"]
    touches = _union(clicks.select(*columns), acts.select(*columns))
    return touches.withColumnRenamed("event_date", "touched_on")


@cache
def _session() -> SparkSession:
    return (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.memory", "4g")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.timestampType", "TIMESTAMP_NTZ")
        .config("spark.sql.parquet.compression.codec", "zstd")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )


def _read(inputs: Path, table: str) -> DataFrame:
    return _session().read.parquet(str(inputs / table))


def _verdicts_of_users(inputs: Path) -> DataFrame:
    return _read(inputs, "user_verdicts").select("actor_id", "event_date", "state", "kind")


def _judged(facts: DataFrame, inputs: Path) -> DataFrame:
    """Facts with the standing of their person's day."""
    found = facts.join(_verdicts_of_users(inputs), ["actor_id", "event_date"], "left")
    return found.withColumn("standing", _standing()).drop("state", "kind")


def _standing() -> Column:
    state = F.col("state")
    return (
        F.when(state == "effective", F.col("kind"))
        .when(state == "pending", "pending")
        .otherwise("valid")
    )


def _as_of(facts: DataFrame, states: DataFrame, key: str) -> DataFrame:
    """Facts with the state that stood at the end of their day."""
    by_day = Window.partitionBy(key).orderBy("event_date")
    versions = states.select(
        F.col(key).alias("version_of"),
        F.col("event_date").alias("valid_from"),
        F.lead("event_date").over(by_day).alias("valid_until"),
        *(name for name in states.columns if name not in (key, "event_date")),
    )
    stood = (
        (F.col(key) == F.col("version_of"))
        & (F.col("event_date") >= F.col("valid_from"))
        & (F.col("valid_until").isNull() | (F.col("event_date") < F.col("valid_until")))
    )
    return facts.join(versions, stood, "left").drop("version_of", "valid_from", "valid_until")


def _metrics(judged: Sequence[str], other: Sequence[str]) -> Iterator[Column]:
    """A sum of ``n`` for each act, and its parts by standing where they are told apart."""
    for act in (*judged, *other):
        yield _sum_if(F.col("act") == act, F.col("n")).alias(act)
    for act in judged:
        for standing in STANDINGS:
            stands = (F.col("act") == act) & (F.col("standing") == standing)
            yield _sum_if(stands, F.col("n")).alias(f"{act}_{standing}")


def _parts(metric: str, value: Column) -> Iterator[Column]:
    yield F.sum(value).alias(metric)
    for standing in STANDINGS:
        yield _sum_if(F.col("standing") == standing, value).alias(f"{metric}_{standing}")


def _sum_if(condition: Column, value: Column) -> Column:
    return F.sum(F.when(condition, value).otherwise(0))


def _people(name: str, *acts: str) -> Column:
    return F.countDistinct(F.when(F.col("act").isin(*acts), F.col("actor_id"))).alias(name)


def _text(value: str, name: str) -> Column:
    return F.lit(value).alias(name)


def _one() -> Column:
    return F.lit(1).cast("bigint").alias("n")


def _renamed(column: str, names: dict[str, str]) -> Column:
    return F.create_map(*(F.lit(text) for pair in names.items() for text in pair))[F.col(column)]


def _union(*frames: DataFrame) -> DataFrame:
    return reduce(DataFrame.unionByName, frames)


def _write(mart: DataFrame, made: Path) -> None:
    mart.write.mode("overwrite").partitionBy("event_date").parquet(str(made))
